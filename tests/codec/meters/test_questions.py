"""Whose question it is, told from its bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.codec.meters.crc import crc16
from irzhub.codec.meters.questions import UNKNOWN, Asked, recognise


def with_crc(text: str) -> bytes:
    frame = bytes.fromhex(text)
    return frame + crc16(frame).to_bytes(2, "little")


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (with_crc("07 03 00 00 00 0A"), Asked("modbus", "7", b"\x07", is_echoed=False)),
        (with_crc("F7 04 00 01 00 02"), Asked("modbus", "247", b"\xf7", is_echoed=False)),
        (with_crc("07 06 00 01 00 02"), Asked("modbus", "7", b"\x07", is_echoed=True)),
        (with_crc("07 10 00 01 00 01 02 12 34"), Asked("modbus", "7", b"\x07", is_echoed=False)),
        (with_crc("00 06 00 01 00 02"), Asked("modbus", "0", b"", is_echoed=True)),
        (bytes.fromhex("01 08 00 27 C0"), Asked("mercury", "1", b"\x01", is_echoed=False)),
        (with_crc("2A 01 01 01 01 01 01 01 01"), Asked("mercury", "42", b"\x2a", is_echoed=False)),
        (with_crc("00 00"), Asked("mercury", "", b"", is_echoed=False)),
        (with_crc("FE 08 05"), Asked("mercury", "", b"", is_echoed=False)),
        (with_crc("00 0A BC DE 27"), Asked("mercury", "703710", b"\x00\x0a\xbc\xde", is_echoed=False)),
        (b"/?!\r\n", Asked("iec62056", "", b"", is_echoed=False)),
        (b"/?12345678!\r\n", Asked("iec62056", "12345678", b"", is_echoed=False)),
        (bytes([0xAF, 0x3F, 0x21, 0x8D, 0x0A]), Asked("iec62056", "", b"", is_echoed=False)),  # seven bits, even parity
        (b"/?" + b"1" * 33 + b"!\r\n", UNKNOWN),
        (bytes.fromhex("01 08 00 27 C1"), UNKNOWN),
        (b"", UNKNOWN),
        (b"\x01", UNKNOWN),
        (b"read 7\r\n", UNKNOWN),
    ],
)
def test_tells_whom_a_question_is_for(question: bytes, asked: Asked) -> None:
    assert recognise(question) == asked


@given(st.binary(max_size=600))
def test_takes_any_bytes_and_makes_no_meter_of_noise(question: bytes) -> None:
    asked = recognise(question)
    assert len(asked.address) <= 32
    if asked.protocol in ("modbus", "mercury"):
        assert crc16(question) == 0


@given(st.integers(1, 253), st.binary(min_size=2, max_size=200))
def test_the_answer_of_a_meter_begins_with_its_address(address: int, rest: bytes) -> None:
    frame = bytes([address]) + rest
    asked = recognise(frame + crc16(frame).to_bytes(2, "little"))
    assert (asked.address, asked.begins) == (str(address), bytes([address]))
