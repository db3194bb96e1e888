"""The notes beside a modem's state, as its events come."""

from datetime import UTC, datetime

from irzhub.core.bus import Bus
from irzhub.core.events import (
    ClientConnected,
    ClientDisconnected,
    MeterAnswering,
    MeterSilent,
    ModemConnected,
    ModemDisconnected,
)
from irzhub.core.state import ModemForgotten, ModemState
from irzhub.web.fleet_notes import Cause, FleetNotes

WHEN = datetime(2026, 11, 22, 7, 0, tzinfo=UTC)
M = "868441036775234"


def following() -> tuple[Bus, FleetNotes]:
    bus = Bus()
    notes = FleetNotes(bus)
    notes.follow()
    return bus, notes


def test_a_lost_link_has_its_cause_until_the_modem_is_back() -> None:
    bus, notes = following()

    bus.publish(ModemDisconnected(ts=WHEN, modem=M, reason="keepalive_lost", detail="127 s"))
    assert notes.cause(M) == Cause("keepalive_lost", WHEN, "127 s")

    bus.publish(ModemConnected(ts=WHEN, modem=M, session="s", peer="10.0.0.1:1"))
    assert notes.cause(M) is None


def test_the_line_tells_its_programs_in_order_and_forgets_them_with_the_link() -> None:
    bus, notes = following()

    bus.publish(ClientConnected(ts=WHEN, modem=M, client="1", peer="10.0.0.7:4001"))
    bus.publish(ClientConnected(ts=WHEN, modem=M, client="2", peer="10.0.0.8:4002"))
    assert notes.line(M) == [("1", "10.0.0.7", WHEN), ("2", "10.0.0.8", WHEN)]

    left = ClientDisconnected(
        ts=WHEN, modem=M, client="1", peer="10.0.0.7:4001", reason="closed", lasted_s=1, rx_bytes=0, tx_bytes=0
    )
    bus.publish(left)
    assert [client for client, _, _ in notes.line(M)] == ["2"]

    bus.publish(ModemDisconnected(ts=WHEN, modem=M, reason="closed"))
    assert notes.line(M) == []


def test_a_silent_meter_is_told_while_the_link_is_there() -> None:
    bus, notes = following()
    silent = MeterSilent(
        ts=WHEN,
        modem=M,
        address="17",
        protocol="mercury",
        in_vain=6,
        last_answered=None,
        program="10.0.0.7",
        serial="12345",
    )

    bus.publish(silent)
    assert notes.cause(M) == Cause("meter_silent", WHEN, "12345")

    bus.publish(MeterAnswering(ts=WHEN, modem=M, address="17", protocol="mercury", silent_s=60, program="10.0.0.7"))
    assert notes.cause(M) is None


def test_a_deleted_modem_leaves_nothing() -> None:
    bus, notes = following()
    bus.publish(ModemDisconnected(ts=WHEN, modem=M, reason="closed"))

    bus.publish(ModemForgotten(ModemState(modem=M, imei=M)))

    assert notes.cause(M) is None
