from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.codec.driver import Pin
from irzhub.codec.irz.answers import (
    DECODERS,
    decode_answer_pins,
    decode_cell,
    decode_iccid,
    decode_pins,
    decode_raw,
    decode_signal,
    decode_temperature,
    decode_text,
    decode_ucs2,
)

LOW_IN, HIGH_IN, LOW_OUT, HIGH_OUT = 0x80, 0x82, 0xC0, 0xC2

PINS: dict[str, tuple[bytes, str]] = {
    "four inputs": (bytes([LOW_IN] * 4), "1il 2il 3il 4il"),
    "one output": (bytes([LOW_IN, LOW_IN, LOW_IN, LOW_OUT]), "1il 2il 3il 4ol"),
    "all four kinds": (bytes([LOW_IN, HIGH_IN, LOW_OUT, HIGH_OUT]), "1il 2ih 3ol 4oh"),
    "five": (bytes([LOW_IN, LOW_IN, LOW_IN, LOW_IN, HIGH_IN]), "1il 2il 3il 4il 5ih"),
    "unknown bits are masked": (bytes([0xBD, 0xFF, 0xFD, 0x81]), "1il 2oh 3ol 4il"),
    "an older modem with one": (bytes([HIGH_IN]), "1ih"),
}


def short(pins: tuple[Pin, ...] | None) -> str | None:
    if pins is None:
        return None
    return " ".join(f"{pin.number}{'o' if pin.is_output else 'i'}{'h' if pin.is_high else 'l'}" for pin in pins)


@pytest.mark.parametrize(("data", "pins"), PINS.values(), ids=PINS)
def test_pins(data: bytes, pins: str) -> None:
    assert short(decode_pins(data)) == pins


@pytest.mark.parametrize("data", [b"", bytes(4), b"\x80\x80\x02\x80", b"\x80" * 6, b"OK\r\n", b"\x80" * 4 + b"\x02"])
def test_what_cannot_be_pins(data: bytes) -> None:
    assert decode_pins(data) is None
    assert decode_answer_pins(data) == {"pins": None}


def test_pins_as_values() -> None:
    assert decode_answer_pins(bytes([LOW_IN, HIGH_OUT])) == {
        "pins": [{"pin": 1, "is_output": False, "is_high": False}, {"pin": 2, "is_output": True, "is_high": True}]
    }


@pytest.mark.parametrize(
    ("data", "values"),
    [
        (b"\x15", {"csq": 21, "rssi_dbm": -71}),
        (b"\x00", {"csq": 0, "rssi_dbm": -113}),
        (b"\x1f", {"csq": 31, "rssi_dbm": -51}),
        (b"\x20", {"csq": None, "rssi_dbm": None, "csq_code": 32}),
        (b"\x33", {"csq": None, "rssi_dbm": None, "csq_code": 51}),
        (b"\x63", {"csq": None, "rssi_dbm": None, "csq_code": 99}),
        (b"\xff", {"csq": None, "rssi_dbm": None, "csq_code": 255}),
        (b"", {"csq": None, "rssi_dbm": None}),
        (b"21", {"csq": None, "rssi_dbm": None}),
    ],
)
def test_signal(data: bytes, values: dict[str, Any]) -> None:
    assert decode_signal(data) == values


@pytest.mark.parametrize(
    ("data", "celsius"),
    [(b"\x7d", 25), (b"\x64", 0), (b"\x00", -100), (b"\xff", 155), (b"", None), (b"\x7d\x00", None)],
)
def test_temperature(data: bytes, celsius: int | None) -> None:
    assert decode_temperature(data) == {"temperature_c": celsius}


@pytest.mark.parametrize(
    ("data", "iccid"),
    [
        (b"897019932724195983F", "897019932724195983"),
        (b"897019932724195983f", "897019932724195983"),
        (b"89701993272419598312", "89701993272419598312"),
        (b"8970199327241959831\r\n", "8970199327241959831"),
        (b"8970199327241959831\x00", "8970199327241959831"),
        (b"", None),
        (b"ERROR", None),
        (b"89701993272419598", None),
        (b"897019932724195983121", None),
        (b"897019932724195983FF", None),
        (b"89701993272 4195983", None),
        ("٨٩٧٠١٩٩٣٢٧٢٤١٩٥٩٨٣".encode(), None),
    ],
)
def test_iccid(data: bytes, iccid: str | None) -> None:
    assert decode_iccid(data) == {"iccid": iccid}


def test_cell() -> None:
    assert decode_cell(b'0,"250,01,00dd,3860,29,21";')["cell"]["cid"] == 0x3860
    assert decode_cell(b"\xff\x00")["cell"] == {"raw": "\\xff\\x00"}


@pytest.mark.parametrize(
    ("payload", "text", "is_refused"),
    [
        (b"\x01OK\r\n", "OK", False),
        (b"\x01$gp4=1\r", "$gp4=1", False),
        (b"OK", "OK", False),
        (b"\x01ERROR\r\n", "ERROR", True),
        (b"\x00err 5", "err 5", True),
        (b"\x01", "", False),
        (b"", "", False),
        (b"\x01Balance: 12.50 r", "Balance: 12.50 r", False),
        (b"\x01" + "Баланс 12р".encode("utf-16-be").hex().encode(), "Баланс 12р", False),
        (b"\x01" + "Баланс".encode("utf-16-be").hex().upper().encode() + b"\r\n", "Баланс", False),
        (b"\x01\x1b[31m", "\\x1b[31m", False),
        (b"\x01\xcf\xf0", "\\xcf\\xf0", False),
    ],
)
def test_text(payload: bytes, text: str, is_refused: bool) -> None:
    assert decode_text(payload) == {"text": text, "is_refused": is_refused}


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("0411", "Б"),
        ("04110430043B", "Бал"),
        ("0031 0032", "0031 0032"),
        ("1234", "1234"),
        ("12345", "12345"),
        ("0000", "0000"),
        ("0007", "0007"),
        ("0041000A0042", "A\nB"),
        ("D83DDE00", "D83DDE00"),
        ("0411043", "0411043"),
        ("٠٤١١", "٠٤١١"),
        ("20AC", "€"),
        ("", ""),
    ],
)
def test_ucs2_in_hex(text: str, decoded: str) -> None:
    assert decode_ucs2(text) == decoded


@pytest.mark.parametrize(
    ("payload", "values"),
    [
        (b"\x01@\x03?", {"hex": "0140033F", "text": None}),
        (b"\x01OK\r\n", {"hex": "014F4B0D0A", "text": "OK"}),
        (b"OK", {"hex": "4F4B", "text": "OK"}),
        (b"\x01", {"hex": "01", "text": None}),
        (b"", {"hex": "", "text": None}),
        (b"\x01\xff", {"hex": "01FF", "text": None}),
    ],
)
def test_raw(payload: bytes, values: dict[str, Any]) -> None:
    assert decode_raw(payload) == values


@given(st.binary(max_size=400))
def test_any_bytes_decode(data: bytes) -> None:
    for decode in DECODERS.values():
        assert isinstance(decode(data), dict)
    assert decode_raw(data)["hex"] == data.hex().upper()
    # Nothing that a modem says can move a cursor or begin a new line on a terminal.
    assert all(char.isprintable() or char in "\r\n" for char in decode_text(data)["text"])
