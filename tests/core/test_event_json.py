"""Events as JSON: their types and data are the public contract (docs/contract.md 2)."""

import dataclasses
from datetime import UTC, datetime
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from irzhub.core.event_json import EVENT_TYPES, build_event, event_data, event_type
from irzhub.core.events import (
    AlertChanged,
    AlertClosed,
    AlertOpened,
    CallReceived,
    ClientConnected,
    ClientDisconnected,
    CommandFinished,
    CommissioningEnded,
    CommissioningStarted,
    Event,
    FirmwareFinished,
    GpiChanged,
    GpoChanged,
    ImeiConflict,
    JobChanged,
    JobFinished,
    MeterAnswering,
    MeterChanged,
    MeterSilent,
    MissedSchedule,
    ModemConnected,
    ModemDeleted,
    ModemDisconnected,
    ModemRegistered,
    ModemRejected,
    ModemReplaced,
    OutputStuck,
    SettingsFinished,
    SimChanged,
    SmsReceived,
    UnknownEvent,
    WakeFailed,
    WakeStarted,
    WakeSucceeded,
)

TS = datetime(2026, 11, 21, 18, 57, 3, 120_000, tzinfo=UTC)
IMEI = "868441036775234"

EVENTS: list[Event] = [
    ModemRegistered(ts=TS, modem=IMEI, port=20000, model="ATM31", peer="10.0.0.1:1025"),
    ModemConnected(ts=TS, modem=IMEI, session="7", peer="10.0.0.1:1025", sim=1, csq=21, encapsulated=True),
    ModemDisconnected(ts=TS, modem=IMEI, reason="keepalive_lost", session="7", lasted_s=61.5, rx_bytes=4, tx_bytes=9),
    ModemRejected(ts=TS, modem=None, reason="wrong password", peer="10.0.0.2:4096", count=3),
    ImeiConflict(ts=TS, modem=IMEI, peers=("10.0.0.1:1025", "10.0.0.2:4096")),
    GpiChanged(
        ts=TS, modem=IMEI, pin=2, level="ON", previous="OFF", source="inferred", not_before=TS, name="Door", alarm=True
    ),
    GpoChanged(ts=TS, modem=IMEI, pin=4, level="OFF", previous="ON", source="query"),
    ClientConnected(ts=TS, modem=IMEI, client="c1", peer="10.0.0.9:50000"),
    ClientDisconnected(
        ts=TS, modem=IMEI, client="c1", peer="10.0.0.9:50000", reason="stalled", lasted_s=60.0, rx_bytes=1, tx_bytes=2
    ),
    CommandFinished(ts=TS, modem=IMEI, command="signal", status="ok", origin="rest:anna", result={"csq": 21}),
    OutputStuck(ts=TS, modem=IMEI, output=4, commanded="ON", seen="OFF", feedback=1, name="Pump"),
    JobChanged(ts=TS, job="01K", kind="command", status="running", step=1, steps=3, total=200, counts={"pending": 200}),
    JobFinished(ts=TS, job="01K", kind="command", status="done", total=200, counts={"done": 199, "failed": 1}),
    ModemDeleted(ts=TS, modem=IMEI, port=20000, keeps_port=True, is_blocked=False, by="anna"),
    ModemReplaced(ts=TS, modem=IMEI, former="868441036775235", port=20000, by="anna"),
    SimChanged(ts=TS, modem=IMEI, iccid="8970101972419598301", previous="8970199972419598302", sim=2),
    CommissioningStarted(ts=TS, group="North", by="anna"),
    CommissioningEnded(ts=TS, group="North", by="anna"),
    MeterSilent(
        ts=TS,
        modem=IMEI,
        address="7",
        protocol="modbus",
        in_vain=4,
        last_answered=TS,
        program="10.0.0.9",
        meter="Mercury 230",
        serial="41190273",
        other="12",
    ),
    MeterAnswering(ts=TS, modem=IMEI, address="7", protocol="modbus", silent_s=3600.0, program="10.0.0.9"),
    MeterChanged(ts=TS, modem=IMEI, address="7", protocol="mercury", previous="41190273", identity="41190311"),
    MissedSchedule(ts=TS, modem=IMEI, since=TS, until=TS),
    SettingsFinished(
        ts=TS, modem=IMEI, status="ok", via="gprs", job="01K", origin="rest:anna", settings=["SIM_MAIN"], acknowledged=2
    ),
    FirmwareFinished(
        ts=TS, modem=IMEI, status="error", job="01K", origin="rest:anna", image="atm", sha256="ab", reason="timed_out"
    ),
    WakeStarted(ts=TS, modem=IMEI, reason="client", steps=("call", "sms")),
    WakeSucceeded(ts=TS, modem=IMEI, reason="client", by="call", took_s=31.5),
    WakeFailed(ts=TS, modem=IMEI, reason="rest:anna", error="the network does not know the number"),
    SmsReceived(ts=TS, number="+79211234567", text="OK 17", by="duty"),
    CallReceived(ts=TS, modem=IMEI, number="+79211234568"),
    AlertOpened(ts=TS, modem=IMEI, alert=17, kind="link_lost", subject=IMEI, severity="warning", text="no link"),
    AlertChanged(ts=TS, modem=IMEI, alert=17, kind="link_lost", subject=IMEI, change="acknowledged", by="anna"),
    AlertClosed(
        ts=TS, modem=IMEI, alert=17, kind="link_lost", subject=IMEI, severity="warning", lasted_s=61.5, count=3
    ),
]


def test_every_class_has_its_example_here() -> None:
    assert {type(event) for event in EVENTS} == set(EVENT_TYPES.values())


def test_types_and_data_are_the_contract(snapshot: SnapshotAssertion) -> None:
    assert {event_type(event): event_data(event) for event in EVENTS} == snapshot


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.type)
def test_what_is_stored_is_read_back_the_same(event: Event) -> None:
    stored = dataclasses.replace(event, seq=7, id="01J")

    assert build_event(event_type(event), TS, event.modem, event_data(event), 7, "01J") == stored


def test_key_of_a_newer_version_is_left_out() -> None:
    data = {"client": "c1", "peer": "p", "colour": "red"}

    assert build_event("client_connected", TS, IMEI, data, 1, "x") == ClientConnected(
        ts=TS, modem=IMEI, client="c1", peer="p", seq=1, id="x"
    )


def test_missing_key_takes_its_default() -> None:
    event = build_event("registered", TS, IMEI, {"port": 20000}, 1, "x")

    assert event == ModemRegistered(ts=TS, modem=IMEI, port=20000, seq=1, id="x")


@pytest.mark.parametrize(
    ("type_", "data"),
    [("registered", {"model": "ATM31"}), ("moon_landed", {"crew": 3})],
    ids=["a needed key is missing", "unknown type"],
)
def test_what_cannot_be_read_stays_as_it_was(type_: str, data: dict[str, Any]) -> None:
    event = build_event(type_, TS, IMEI, data, 3, "x")

    assert event == UnknownEvent(ts=TS, modem=IMEI, seq=3, id="x", original_type=type_, original=data)
    assert (event_type(event), event_data(event)) == (type_, data)


def test_events_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        EVENTS[0].seq = 5  # type: ignore[misc]


def test_fresh_event_has_no_number_and_is_durable_until_the_journal_says_otherwise() -> None:
    event = ClientConnected(ts=TS, client="c1", peer="p")

    assert (event.seq, event.id, event.durable, event.modem) == (0, "", True, None)
