"""Which incidents an event may belong to."""

from typing import Any

import pytest

from irzhub.alerts.incident_subjects import subject_of
from irzhub.core.events import (
    Event,
    ImeiConflict,
    MeterAnswering,
    MeterSilent,
    MissedSchedule,
    ModemConnected,
    ModemDisconnected,
    ModemRejected,
    OutputStuck,
    SimChanged,
)
from tests.alerts.incident_rig import MODEM, NOW, door

_METER: dict[str, Any] = {"address": "17", "protocol": "modbus", "program": "АСКУЭ"}


@pytest.mark.parametrize(
    ("event", "found"),
    [
        (door(), [("gpi_alarm", f"{MODEM}/gpi/1")]),
        (
            MeterSilent(ts=NOW, modem=MODEM, in_vain=6, last_answered=None, **_METER),
            [("meter_silent", f"{MODEM}/meter/17")],
        ),
        (MeterAnswering(ts=NOW, modem=MODEM, silent_s=60.0, **_METER), [("meter_silent", f"{MODEM}/meter/17")]),
        (OutputStuck(ts=NOW, modem=MODEM, output=4, commanded="ON", seen="OFF"), [("output_stuck", f"{MODEM}/gpo/4")]),
        (ModemDisconnected(ts=NOW, modem=MODEM, reason="closed"), [("link_lost", MODEM)]),
        (
            ModemConnected(ts=NOW, modem=MODEM, session="s", peer="p"),
            [("link_lost", MODEM), ("missed_schedule", MODEM)],
        ),
        (
            MissedSchedule(ts=NOW, modem=MODEM, since=NOW, until=NOW),
            [("missed_schedule", MODEM), ("link_lost", MODEM)],
        ),
        (ImeiConflict(ts=NOW, modem=MODEM, peers=("a", "b")), [("imei_conflict", MODEM)]),
        (ModemRejected(ts=NOW, modem=MODEM, reason="password", peer="p"), [("rejected", MODEM)]),
        (ModemRejected(ts=NOW, reason="unknown", peer="p"), []),
        (SimChanged(ts=NOW, modem=MODEM, iccid="1", previous="2"), []),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Event) else "",
)
def test_an_event_names_kind_and_subject(event: Event, found: list[tuple[str, str]]) -> None:
    assert list(subject_of(event)) == found
