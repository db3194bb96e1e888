"""What incidents are about, as texts that people and programs can read."""

import pytest

from irzhub.alerts import incident_kinds as kinds
from irzhub.alerts.incident_words import PHRASES


@pytest.mark.parametrize(
    ("made", "written"),
    [
        (kinds.input_subject("868441036775234", 1), "868441036775234/gpi/1"),
        (kinds.output_subject("868441036775234", 4), "868441036775234/gpo/4"),
        (kinds.meter_subject("868441036775234", "17"), "868441036775234/meter/17"),
        (kinds.meter_subject("868441036775234", ""), "868441036775234/meter/"),
        (kinds.part_subject("database"), "hub/database"),
        (kinds.cause_subject("cell", "250-01-7712-3860"), "cause/cell/250-01-7712-3860"),
    ],
)
def test_a_subject_reads_like_a_path(made: str, written: str) -> None:
    assert made == written


def test_every_kind_has_its_words_in_both_languages() -> None:
    for table in PHRASES.values():
        spoken = {key.partition(".")[0] for key in table}
        assert spoken == set(kinds.KINDS)


def test_only_what_nobody_ends_is_over_by_itself() -> None:
    quiet = {kind for kind, each in kinds.KINDS.items() if each.quiet_s is not None}

    assert quiet == {kinds.IMEI_CONFLICT, kinds.REJECTED}
