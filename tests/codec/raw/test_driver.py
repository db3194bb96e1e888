from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.codec.driver import Hello, Match
from irzhub.codec.errors import LocalProtocolError, RemoteProtocolError
from irzhub.codec.raw.driver import RawDriver
from irzhub.codec.raw.pattern import parse_pattern
from tests.codec.ways import error_of, said_hello, silence_of, two_ways, whole

DRIVER = RawDriver(parse_pattern("ID={id};"))
OPEN = RawDriver(parse_pattern("ID={id}"))
BARE = RawDriver(parse_pattern("{id}\r\n"))
HEX = RawDriver(parse_pattern("7E01{id}0D"))


def read(driver: RawDriver, cut: Any) -> tuple[Hello | None, bytes]:
    return said_hello(driver.read_hello(), cut)


@pytest.mark.parametrize(
    ("driver", "data", "modem", "leftover"),
    [
        (DRIVER, b"ID=meter-1;", "meter-1", b""),
        (DRIVER, b"ID=meter-1;\x01\x08", "meter-1", b"\x01\x08"),
        (DRIVER, b"ID=A;ID=B;", "A", b"ID=B;"),
        (DRIVER, b"ID=1234567890123;", "1234567890123", b""),
        (DRIVER, b"ID=123456789012345678;", "123456789012345678", b""),
        (DRIVER, b"ID=12345678901234-;", "12345678901234-", b""),
        (HEX, b"\x7e\x01Z9\r\n", "Z9", b"\n"),
        (BARE, b"abc\r\n\x00", "abc", b"\x00"),
        (OPEN, b"ID=abc", "abc", b""),
        (OPEN, b"ID=abc\x01", "abc", b"\x01"),
        (OPEN, b"ID=" + b"x" * 40, "x" * 32, b"x" * 8),
    ],
)
def test_registration(driver: RawDriver, data: bytes, modem: str, leftover: bytes) -> None:
    for cut in two_ways(data):
        assert read(driver, cut) == (Hello(driver="raw", modem=modem, imei=modem), leftover)


BAD = {
    "IMEI of 14 digits": b"ID=86844103677523;",
    "IMEI of 15 digits": b"ID=868441036775234;",
    "IMEI of 17 digits": b"ID=86844103677523412;",
    "no id": b"ID=;",
    "a long id": b"ID=" + b"a" * 33 + b";",
    "underscore": b"ID=868441036775234_2;",
    "slash": b"ID=a/b;",
    "wildcard": b"ID=+;",
    "path": b"ID=../x;",
    "NUL": b"ID=a\x00;",
    "arabic digits": "ID=٨٦;".encode(),
    "line end": b"ID=a\n;",
    "other text": b"HELLO;",
    "endless": b"ID=" + b"a" * 65536,
    "iRZ": b"AT$IMEI=868441036775234,\n",
}


@pytest.mark.parametrize("data", BAD.values(), ids=BAD)
def test_no_registration(data: bytes) -> None:
    error_of(lambda cut: read(DRIVER, cut), data, RemoteProtocolError)


def test_an_open_id_of_digits_is_refused_after_the_silence() -> None:
    reader = OPEN.read_hello()
    assert reader.receive_data(b"ID=868441036775234") is None

    with pytest.raises(RemoteProtocolError, match="an id that is no IMEI"):
        reader.receive_silence()


def test_silence_ends_only_what_nothing_else_ends() -> None:
    reader = OPEN.read_hello()
    assert (reader.receive_data(b"ID="), silence_of(reader), reader.receive_silence()) == (None, None, None)
    assert (reader.receive_data(b"a"), silence_of(reader)) == (None, 0.7)

    hello = reader.receive_silence()

    assert hello is not None and hello.modem == "a"
    assert silence_of(reader) is None
    assert reader.receive_silence() == hello
    assert read(DRIVER, whole(b"ID=abc")) == (None, b"")


def test_bytes_after_the_end_are_our_fault() -> None:
    reader = DRIVER.read_hello()
    reader.receive_data(b"ID=a;")

    with pytest.raises(LocalProtocolError, match="give what follows it to the connection"):
        reader.receive_data(b"x")


@pytest.mark.parametrize(
    ("driver", "data", "match"),
    [
        (DRIVER, b"", Match.MAYBE),
        (DRIVER, b"I", Match.MAYBE),
        (DRIVER, b"ID=", Match.YES),
        (DRIVER, b"ID=a", Match.YES),
        (DRIVER, b"ID=a;rest", Match.YES),
        (DRIVER, b"ID=a b", Match.NO),
        (DRIVER, b"AT$", Match.NO),
        (BARE, b"AT", Match.MAYBE),
        (BARE, b"AT$", Match.NO),
        (BARE, b"abc", Match.MAYBE),
        (BARE, b"abc\r", Match.MAYBE),
        (BARE, b"abc\r\n", Match.YES),
        (BARE, b"GET ", Match.NO),
        (BARE, b"SSH-2.0", Match.NO),
        (BARE, b"\x16\x03", Match.NO),
        (BARE, b"\x10", Match.NO),
        (HEX, b"\x7e", Match.MAYBE),
        (HEX, b"\x7e\x02", Match.NO),
    ],
)
def test_detect(driver: RawDriver, data: bytes, match: Match) -> None:
    assert driver.detect(data) is match


@given(st.binary(max_size=80))
def test_any_bytes(data: bytes) -> None:
    for driver in (DRIVER, OPEN, BARE, HEX):
        if driver.detect(data) is Match.NO:
            with pytest.raises(RemoteProtocolError):
                read(driver, whole(data))


def test_a_raw_modem_has_no_timeout_of_its_own() -> None:
    assert DRIVER.default_keepalive_timeout_s is None
    assert DRIVER.name == "raw"
