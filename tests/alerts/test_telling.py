"""What those hear who are told of every incident, or of the hub itself."""

from dataclasses import replace
from datetime import timedelta

import pytest

from irzhub.alerts.telling import Telling
from irzhub.storage.incidents import IncidentRow
from tests.alerts.outbox_rig import NOW

LOST = IncidentRow(
    number=17,
    kind="link_lost",
    subject="868441036775234",
    modem="868441036775234",
    severity="alarm",
    opened_at=NOW,
    last_seen_at=NOW,
    is_told=True,
)
BROKER = replace(LOST, kind="hub_part", subject="hub/broker", modem=None)


def telling(tell: tuple[str, ...] = ("duty",), report_to: tuple[str, ...] = ("chief",)) -> Telling:
    return Telling(tell, report_to, lambda row: f"{row.subject}: беда", "ru")


def test_beginning_and_end_are_a_pair() -> None:
    began = telling().began(LOST)
    ended = telling().ended(replace(LOST, closed_at=NOW + timedelta(minutes=5), count=3))

    assert began is not None
    assert ended is not None
    assert (began.text, began.incident, began.closes, began.targets) == ("868441036775234: беда", 17, False, ("duty",))
    assert (ended.text, ended.closes) == ("Закончилось, длилось 5 мин (3): 868441036775234: беда", True)
    assert (began.rule, began.subject) == (ended.rule, ended.subject)
    assert began.event_id != ended.event_id
    assert telling().began(LOST) == began, "the same after a restart, so that it is told once"


@pytest.mark.parametrize(
    ("row", "tell", "report_to", "targets"),
    [
        (BROKER, ("duty",), ("chief", "duty"), ("duty", "chief")),
        (BROKER, (), ("chief",), ("chief",)),
        (LOST, (), ("chief",), None),
        (replace(LOST, parent=3), ("duty",), (), None),
        (replace(LOST, is_told=False), ("duty",), (), None),
    ],
)
def test_who_hears_of_what(
    row: IncidentRow, tell: tuple[str, ...], report_to: tuple[str, ...], targets: tuple[str, ...] | None
) -> None:
    message = telling(tell, report_to).began(row)

    assert (None if message is None else message.targets) == targets
