"""Thresholds with a margin, parts of the hub that are away for too long, modems that wait for approval."""

from dataclasses import replace
from datetime import datetime

import pytest

from irzhub.alerts.incident_book import IncidentBook
from irzhub.alerts.incident_levels import LevelSignals
from irzhub.core.health import PartHealth
from tests.alerts.incident_rig import MODEM, NOW, SETTINGS, later, online

WATCHED = replace(SETTINGS, weak_signal_dbm=-105, temperature_high_c=60, temperature_low_c=-30)


def never_muted(_modem: str | None, _now: datetime) -> str:
    return ""


def levels() -> LevelSignals:
    return LevelSignals(WATCHED, IncidentBook(60), never_muted)


def standing(signals: LevelSignals, kind: str, subject: str = MODEM) -> tuple[int, bool] | None:
    """How often it was bad and whether it is bad now; None when nothing is open."""
    row = signals.book.find(kind, subject)
    return None if row is None else (row.count, row.good_since is None)


def test_a_weak_signal_must_be_better_by_a_margin_to_be_good() -> None:
    signals, seen = levels(), []
    for minute, csq in enumerate((5, 4, 3, 5, 6, 2, 9)):  # 4 is -105 dBm, 6 is -101 dBm
        signals.measured(online(csq=csq), later(60 * minute))
        seen.append(standing(signals, "weak_signal"))

    assert seen == [None, (1, True), (1, True), (1, True), (1, False), (2, True), (2, False)]


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [
        ((60, 61, 59, 58), [None, (1, True), (1, True), (1, False)]),
        ((-30, -31, -29, -28), [None, (1, True), (1, True), (1, False)]),
        ((61, -31, 0), [(1, True), (1, True), (1, False)]),
    ],
)
def test_a_temperature_has_two_ends_and_a_margin_at_both(
    degrees: tuple[int, ...], expected: list[tuple[int, bool] | None]
) -> None:
    signals, seen = levels(), []
    for minute, each in enumerate(degrees):
        signals.measured(online(temperature_c=each), later(60 * minute))
        seen.append(standing(signals, "temperature"))

    assert seen == expected


def test_nothing_is_compared_where_nobody_set_a_limit() -> None:
    signals = LevelSignals(SETTINGS, IncidentBook(60), never_muted)
    signals.measured(online(csq=0, temperature_c=120), NOW)
    signals.measured(online(csq=None, temperature_c=None), NOW)

    assert len(signals.book) == 0


def test_a_part_gets_a_moment_to_recover() -> None:
    signals = levels()
    signals.part_changed(PartHealth("database", "down", "Can't connect"), NOW)
    signals.look(later(29))
    assert standing(signals, "hub_part", "hub/database") is None

    signals.look(later(30))
    row = signals.book.find("hub_part", "hub/database")
    assert row is not None and (row.opened_at, row.severity, row.facts["detail"]) == (NOW, "alarm", "Can't connect")
    signals.part_changed(PartHealth("database", "up"), later(40))
    assert standing(signals, "hub_part", "hub/database") == (1, False)


def test_a_part_that_is_back_in_time_was_never_away() -> None:
    signals = levels()
    signals.part_changed(PartHealth("mqtt", "down"), NOW)
    signals.part_changed(PartHealth("mqtt", "starting"), later(10))
    signals.look(later(99))

    assert len(signals.book) == 0


def test_a_part_that_works_by_half_is_a_warning() -> None:
    signals = levels()
    signals.part_changed(PartHealth("audit", "degraded", "rows wait"), NOW)
    signals.part_changed(PartHealth("audit", "down", "disk full"), later(10))
    signals.look(later(30))
    assert [row.severity for row in signals.book] == ["alarm"]

    signals.part_changed(PartHealth("audit", "degraded", "rows wait"), later(40))
    signals.look(later(70))
    assert [(row.severity, row.count) for row in signals.book] == [("warning", 1)]


def test_modems_that_wait_for_approval_are_one_incident() -> None:
    signals = levels()
    signals.waiting([], NOW)
    signals.waiting(["b", "a"], later(1))
    signals.waiting(["b", "a"], later(2))
    signals.waiting(["b", "a", "c"], later(3))
    row = signals.book.find("awaiting_approval", "hub/quarantine")
    assert row is not None and (row.count, row.facts) == (1, {"modems": 3, "first": ["a", "b", "c"]})

    signals.waiting([], later(4))
    assert standing(signals, "awaiting_approval", "hub/quarantine") == (1, False)
