from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.codec.driver import Data, Hello, Keepalive, WireEvent
from irzhub.codec.errors import LocalProtocolError
from irzhub.codec.raw.connection import RawConnection
from irzhub.codec.raw.driver import RawDriver
from irzhub.codec.raw.pattern import parse_pattern
from tests.codec.ways import at, heard, silence_of, two_ways

BEAT = b"\x7e\x00\x7e"


@pytest.mark.parametrize(
    ("data", "events"),
    [
        (b"", []),
        (b"ab", [Data(b"ab")]),
        (BEAT, [Keepalive()]),
        (BEAT * 2, [Keepalive()] * 2),
        (b"ab" + BEAT + b"cd", [Data(b"ab"), Keepalive(), Data(b"cd")]),
        (b"\x7e\x00\x7e\x00\x7e", [Keepalive(), Data(b"\x00\x7e")]),
        (b"\x7e" + BEAT, [Data(b"\x7e"), Keepalive()]),
        (b"ab\x7e\x00", [Data(b"ab\x7e\x00")]),
    ],
)
def test_heartbeats_are_taken_out(data: bytes, events: list[WireEvent]) -> None:
    for cut in two_ways(data):
        assert heard(RawConnection(BEAT), cut) == events


@pytest.mark.parametrize("data", [b"", b"ab", BEAT, b"\xb5\xbc\xbd\xbe\xbf", b"AT$IMEI=868441036775234,\n"])
def test_without_a_heartbeat_all_bytes_are_data(data: bytes) -> None:
    for cut in two_ways(data):
        assert heard(RawConnection(), cut) == ([Data(data)] if data else [])


def test_bytes_of_the_meter_are_passed_on_uncopied() -> None:
    data = b"0123456789"
    for connection in (RawConnection(), RawConnection(BEAT)):
        (event,) = connection.receive_data(data)
        assert isinstance(event, Data) and event.payload is data


def test_beginning_of_a_heartbeat_is_held_for_a_moment() -> None:
    connection = RawConnection(BEAT)

    assert connection.receive_data(b"ab\x7e") == [Data(b"ab")]
    assert silence_of(connection) == 0.05
    assert connection.receive_silence() == [Data(b"\x7e")]
    assert silence_of(connection) is None
    assert connection.receive_silence() == []


@given(st.binary(max_size=60), st.binary(min_size=1, max_size=4), st.lists(st.integers(0, 60), max_size=6))
def test_any_heartbeat_in_any_cut(data: bytes, heartbeat: bytes, cuts: list[int]) -> None:
    events = heard(RawConnection(heartbeat), at(data, cuts))

    assert b"".join(event.payload for event in events if isinstance(event, Data)) == data.replace(heartbeat, b"")
    assert events.count(Keepalive()) == data.count(heartbeat)


def test_nothing_is_said_to_a_raw_modem() -> None:
    connection = RawDriver(parse_pattern("ID={id};")).connect(Hello(driver="raw", modem="a", imei="a"))

    assert connection.answer(datetime(2026, 1, 1, tzinfo=UTC)) == b""
    assert connection.send_data(b"\x01\x08") == b"\x01\x08"
    assert not connection.takes_commands
    with pytest.raises(LocalProtocolError, match="'signal': this modem takes no commands"):
        connection.send_command("signal", {})
    connection.cancel_command()


def test_only_a_modem_without_heartbeats_has_a_short_cut() -> None:
    plain = RawConnection().plain

    assert plain is not None
    assert plain.read(b"\xc0\x00data") == b"\xc0\x00data"
    assert plain.build is None
    assert RawConnection(b"beat").plain is None
