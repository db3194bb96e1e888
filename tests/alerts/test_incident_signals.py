"""What each event means for incidents, read as a transcript: events in, how the incident stands out."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from irzhub.alerts.incident_book import IncidentBook
from irzhub.alerts.incident_signals import EventSignals
from irzhub.core.events import (
    CommandFinished,
    Event,
    GpiChanged,
    GpoChanged,
    ImeiConflict,
    MeterAnswering,
    MeterSilent,
    MissedSchedule,
    ModemConnected,
    ModemDeleted,
    ModemRejected,
    OutputStuck,
    SimChanged,
)
from tests.alerts.incident_rig import MODEM, NOW, OTHER, door, later

METER: dict[str, Any] = {"address": "17", "protocol": "modbus", "program": "АСКУЭ"}
SILENT = MeterSilent(ts=NOW, modem=MODEM, in_vain=6, last_answered=NOW, meter="Цех 2", serial="123", **METER)
ANSWERS = MeterAnswering(ts=later(9), modem=MODEM, silent_s=60.0, **METER)
STUCK = OutputStuck(ts=NOW, modem=MODEM, output=4, commanded="ON", seen="OFF")
FED_BACK = replace(STUCK, feedback=2)
CONNECTED = ModemConnected(ts=later(9), modem=MODEM, session="s", peer="p")
MISSED = MissedSchedule(ts=NOW, modem=MODEM, since=NOW, until=later(600))
REJECTED = ModemRejected(ts=NOW, modem=MODEM, reason="wrong password", peer="10.0.0.7:1", count=4)
DONE = CommandFinished(
    ts=later(9), modem=MODEM, command="set_output", status="ok", origin="rest:anna", result={"output": 4, "on": True}
)


def gpo(level: str) -> GpoChanged:
    previous = "OFF" if level == "ON" else "ON"
    return GpoChanged(ts=later(9), modem=MODEM, pin=4, level=level, previous=previous, source="query")  # type: ignore[arg-type]


def gpi(pin: int, level: str) -> GpiChanged:
    previous = "OFF" if level == "ON" else "ON"
    return GpiChanged(ts=later(9), modem=MODEM, pin=pin, level=level, previous=previous, source="report")  # type: ignore[arg-type]


def signals(why: str = "") -> EventSignals:
    def why_muted(_modem: str | None, _now: datetime) -> str:
        return why

    return EventSignals(IncidentBook(60), why_muted)


CASES: list[tuple[str, list[Event], list[str]]] = [
    ("door opens", [door()], ["gpi_alarm 1 bad"]),
    ("door opens and closes", [door(), door("OFF", at=later(1))], ["gpi_alarm 1 good"]),
    ("an input without a normal level", [replace(door(), alarm=None)], []),
    ("two doors", [door(), door(modem=OTHER)], ["gpi_alarm 1 bad", "gpi_alarm 1 bad"]),
    ("meter silent", [SILENT], ["meter_silent 1 bad"]),
    ("meter answers again", [SILENT, ANSWERS], ["meter_silent 1 good"]),
    ("another meter answers", [SILENT, replace(ANSWERS, address="18")], ["meter_silent 1 bad"]),
    ("window missed", [MISSED], ["missed_schedule 1 bad"]),
    ("window missed, then it dials in", [MISSED, CONNECTED], ["missed_schedule 1 good"]),
    ("two modems, one IMEI", [ImeiConflict(ts=NOW, modem=MODEM, peers=("a", "b"))], ["imei_conflict 1 bad"]),
    ("turned away four times", [REJECTED], ["rejected 4 bad"]),
    ("turned away, then let in", [REJECTED, CONNECTED], ["rejected 4 good"]),
    ("a stranger is turned away", [replace(REJECTED, modem=None)], []),
    ("output stuck", [STUCK], ["output_stuck 1 bad"]),
    ("output stuck, then it moves", [STUCK, gpo("ON")], ["output_stuck 1 good"]),
    ("output stuck, another level", [STUCK, gpo("OFF")], ["output_stuck 1 bad"]),
    ("output stuck, told again", [STUCK, DONE], ["output_stuck 1 good"]),
    ("output stuck, told in vain", [STUCK, replace(DONE, status="error")], ["output_stuck 1 bad"]),
    ("output stuck, another command", [STUCK, replace(DONE, command="signal")], ["output_stuck 1 bad"]),
    ("feedback moves", [FED_BACK, gpi(2, "ON")], ["output_stuck 1 good"]),
    ("feedback stays", [FED_BACK, gpi(2, "OFF")], ["output_stuck 1 bad"]),
    ("another input moves", [FED_BACK, gpi(3, "ON")], ["output_stuck 1 bad"]),
    ("the output itself does not count then", [FED_BACK, gpo("ON")], ["output_stuck 1 bad"]),
    (
        "deleted",
        [door(), ModemDeleted(ts=later(5), modem=MODEM, port=1, keeps_port=False, is_blocked=False, by="a")],
        [],
    ),
    ("nothing of interest", [SimChanged(ts=NOW, modem=MODEM, iccid="1", previous="2")], []),
]


@pytest.mark.parametrize(("events", "stands"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_events_make_incidents(events: list[Event], stands: list[str]) -> None:
    made = signals()
    for event in events:
        made.take(event)

    found = [f"{row.kind} {row.count} {'bad' if row.good_since is None else 'good'}" for row in made.book]
    assert found == stands


def test_what_was_seen_stands_in_the_facts() -> None:
    made = signals()
    for event in (door(), SILENT, STUCK, REJECTED):
        made.take(event)

    facts = {row.kind: row.facts for row in made.book}
    assert facts["gpi_alarm"] == {"pin": 1, "level": "ON", "name": "дверь", "source": "report"}
    assert facts["meter_silent"]["in_vain"] == 6 and facts["meter_silent"]["last_answered"] == NOW.isoformat()
    assert facts["output_stuck"]["commanded"] == "ON" and facts["rejected"]["peer"] == "10.0.0.7:1"


def test_in_maintenance_it_is_noted_and_not_told() -> None:
    made = signals("maintenance")
    made.take(door())
    made.take(REJECTED)

    assert [row.muted for row in made.book] == ["maintenance", "maintenance"] and made.book.take().notices == []


def test_an_incident_of_a_deleted_modem_says_who_deleted_it() -> None:
    made = signals()
    made.take(door())
    made.take(ModemDeleted(ts=later(5), modem=MODEM, port=1, keeps_port=False, is_blocked=False, by="анна"))

    assert [(each.kind, each.by, each.note) for each in made.book.take().notices] == [
        ("opened", "", ""),
        ("closed", "анна", "deleted"),
    ]
