"""What an iRZ modem answers, from the bytes of the payload to values (`docs/protocol.md` 1.7).

A value that the modem does not know, or says in a form that is not known here, is None; the raw payload
always travels with the answer.
"""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final

from irzhub.codec.driver import Pin
from irzhub.codec.irz import commands
from irzhub.codec.irz.cells import parse_cells

#: A report may hold fewer pins than today's models have, never more.
PINS_LIMIT: Final = 5

_PIN_MARK = 0x80
_PIN_IS_OUTPUT = 0x40
_PIN_IS_HIGH = 0x02

_ICCID: Final = re.compile(rb"([0-9]{18,20})[Ff]?")
_UCS2_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{4})+", re.ASCII)
#: Latin, Cyrillic, punctuation and currency: the pages a network's answer is written in.
_TEXT_PAGES: Final = frozenset({0x00, 0x04, 0x20, 0x21, 0x22})


def decode_pins(data: bytes) -> tuple[Pin, ...] | None:
    """Return the pins of a report, numbered from 1; None when the bytes cannot be pins.

    Bit 0x80 is always set, 0x40 says output, 0x02 is the level; other bits are unknown and masked.
    """
    if not 1 <= len(data) <= PINS_LIMIT or not all(byte & _PIN_MARK for byte in data):
        return None
    return tuple(
        Pin(number, is_output=bool(byte & _PIN_IS_OUTPUT), is_high=bool(byte & _PIN_IS_HIGH))
        for number, byte in enumerate(data, 1)
    )


def decode_signal(data: bytes) -> dict[str, Any]:
    """Return `csq` and `rssi_dbm`; a special code (51-57, 99) is `csq_code` and leaves both None."""
    if len(data) != 1:
        return {"csq": None, "rssi_dbm": None}
    if data[0] > 31:
        return {"csq": None, "rssi_dbm": None, "csq_code": data[0]}
    return {"csq": data[0], "rssi_dbm": -113 + 2 * data[0]}


def decode_temperature(data: bytes) -> dict[str, Any]:
    """Return `temperature_c` of the GSM module: one byte, 100 more than the degrees."""
    return {"temperature_c": data[0] - 100 if len(data) == 1 else None}


def decode_iccid(data: bytes) -> dict[str, Any]:
    """Return `iccid`: its digits, without the filler `F` at the end."""
    match = _ICCID.fullmatch(data.strip(b" \r\n\0"))
    return {"iccid": match.group(1).decode("ascii") if match else None}


def decode_cell(data: bytes) -> dict[str, Any]:
    """Return `cell`, see `parse_cells`."""
    return {"cell": parse_cells(_printable(data))}


def decode_answer_pins(data: bytes) -> dict[str, Any]:
    """Return `pins` as a list that can travel as JSON; None when the bytes cannot be pins."""
    if (pins := decode_pins(data)) is None:
        return {"pins": None}
    return {"pins": [{"pin": pin.number, "is_output": pin.is_output, "is_high": pin.is_high} for pin in pins]}


def decode_text(payload: bytes) -> dict[str, Any]:
    """Return `text` of the answer to a text command, and `is_refused` when it says that it is an error.

    Its layout is not known; the first byte is taken off when it cannot be text, and UCS2 in hex is decoded.
    """
    text = _printable(payload[1:] if payload[:1] < b" " else payload).strip()
    return {"text": decode_ucs2(text), "is_refused": text.upper().startswith("ERR")}


def decode_raw(payload: bytes) -> dict[str, Any]:
    """Return the payload as `hex`, and as `text` where it is one."""
    body = payload[1:] if payload[:1] < b" " else payload
    is_text = body.strip(b"\r\n").isascii() and body.strip(b"\r\n").decode("ascii").isprintable()
    return {"hex": payload.hex().upper(), "text": _printable(body).strip() if body and is_text else None}


def decode_ucs2(text: str) -> str:
    """Return a text that may be UCS2 big-endian in hex, decoded if it is.

    Digits alone could be either; they count as UCS2 only if every character is of a page that answers use.
    """
    if not _UCS2_HEX.fullmatch(text):
        return text
    raw = bytes.fromhex(text)
    if not set(raw[::2]) <= _TEXT_PAGES:
        return text
    decoded = raw.decode("utf-16-be")
    return decoded if all(char.isprintable() or char in "\r\n" for char in decoded) else text


def _printable(data: bytes) -> str:
    """Return bytes as text in which what cannot be shown is escaped."""
    text = data.decode("ascii", "backslashreplace")
    return "".join(char if char.isprintable() or char in "\r\n" else f"\\x{ord(char):02x}" for char in text)


#: Decoders by the question's code; they get what follows the code.
DECODERS: Final[Mapping[int, Callable[[bytes], dict[str, Any]]]] = MappingProxyType(
    {
        commands.CSQ: decode_signal,
        commands.PINS: decode_answer_pins,
        commands.CELL: decode_cell,
        commands.TEMPERATURE: decode_temperature,
        commands.ICCID: decode_iccid,
    }
)
