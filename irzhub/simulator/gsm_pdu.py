"""SMS as a GSM module hands them out and takes them in, read and built with eyes of its own (3GPP TS 23.040).

Nothing of the hub's codec is used: what one side gets wrong the other has to notice.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

_CENTRE: Final = "0791971901000010"
_ALPHABET: Final = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_SECOND: Final = dict(zip((0x14, 0x28, 0x29, 0x2F, 0x3C, 0x3D, 0x3E, 0x40, 0x65), "^{}\\[~]|€", strict=True))
_HEADER: Final = 0x40
_ROOM: Final = 70
_ROOM_OF_PART: Final = 67
_EPOCH: Final = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a program handed over for sending: one SMS, or the part `number` of `total` that share a `reference`."""

    to: str
    text: str = field(repr=False)
    wants_report: bool
    reference: int = 0
    total: int = 1
    number: int = 1


def build_deliver(
    number: str, text: str, part: tuple[int, int, int] | None = None, when: datetime = _EPOCH
) -> tuple[str, int]:
    """Return an SMS-DELIVER in UCS-2 as hex, and its length without the service centre.

    Args:
        number: of the sender, digits with a `+` before them or without, or a name.
        text: up to 70 UTF-16 units, 67 in a part.
        part: reference, total and number of a part, None for an SMS that stands alone.
        when: the service centre's time.
    """
    header = b"" if part is None else bytes((5, 0, 3, *part))
    data = header + text.encode("utf-16-be", "surrogatepass")
    first = 0x04 | (_HEADER if header else 0)
    body = bytes((first,)) + _address(number) + bytes((0, 8)) + _time(when) + bytes((len(data),)) + data
    return _CENTRE + body.hex().upper(), len(body)


def build_delivers(number: str, text: str, reference: int = 1) -> list[tuple[str, int]]:
    """Return the parts of a text in order, as a phone would cut it: a surrogate pair may be cut in two."""
    units = text.encode("utf-16-be", "surrogatepass")
    if len(units) <= 2 * _ROOM:
        return [build_deliver(number, text)]
    step = 2 * _ROOM_OF_PART
    cut = [units[place : place + step].decode("utf-16-be", "surrogatepass") for place in range(0, len(units), step)]
    return [build_deliver(number, each, (reference, len(cut), place)) for place, each in enumerate(cut, 1)]


def build_report(reference: int, number: str, status: int = 0, when: datetime = _EPOCH) -> tuple[str, int]:
    """Return an SMS-STATUS-REPORT as hex, and its length without the service centre."""
    body = bytes((0x06, reference)) + _address(number) + _time(when) * 2 + bytes((status,))
    return _CENTRE + body.hex().upper(), len(body)


def read_submit(pdu: str) -> Submitted:
    """Return what an SMS-SUBMIT says.

    Raises:
        ValueError: a GSM module would not take it.
    """
    octets = bytes.fromhex(pdu)
    body = octets[octets[0] + 1 :]
    first, digits = body[0], body[2]
    if first & 0x03 != 0x01:
        raise ValueError(f"expected an SMS-SUBMIT, got the first octet {first:#04x}")
    end = 4 + (digits + 1) // 2
    swapped = "".join(f"{octet & 0xF:x}{octet >> 4:x}" for octet in body[4:end])
    number = ("+" if body[3] == 0x91 else "") + swapped[:digits]
    validity = {0x00: 0, 0x10: 1, 0x08: 7, 0x18: 7}[first & 0x18]
    coding, length, data = body[end + 1], body[end + 2 + validity], body[end + 3 + validity :]
    header = data[: data[0] + 1] if first & _HEADER else b""
    if coding == 0x08:
        if len(data) != length:
            raise ValueError(f"expected {length} octets of text, got {len(data)}")
        text = data[len(header) :].decode("utf-16-be")
    elif coding == 0x00:
        if len(data) != (length * 7 + 7) // 8:
            raise ValueError(f"expected {length} septets of text, got {len(data)} octets")
        text = _text_of(data, length, (len(header) * 8 + 6) // 7)
    else:
        raise ValueError(f"expected GSM 7-bit or UCS-2, got the coding {coding:#04x}")
    part = (header[3], header[4], header[5]) if header else (0, 1, 1)
    return Submitted(number, text, bool(first & 0x20), *part)


def _text_of(data: bytes, length: int, skip: int) -> str:
    bits = "".join(f"{octet:08b}"[::-1] for octet in data)
    codes = [int(bits[place * 7 : place * 7 + 7][::-1], 2) for place in range(skip, length)]
    text, is_second = "", False
    for code in codes:
        if is_second:
            text += _SECOND.get(code, "?")
        elif code != 0x1B:
            text += _ALPHABET[code]
        is_second = code == 0x1B and not is_second
    return text


def _address(number: str) -> bytes:
    digits = number.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        bits = "".join(f"{_ALPHABET.index(sign):07b}"[::-1] for sign in number)
        bits += "0" * (-len(bits) % 8)
        octets = bytes(int(bits[place : place + 8][::-1], 2) for place in range(0, len(bits), 8))
        return bytes(((len(number) * 7 + 3) // 4, 0xD0)) + octets
    padded = digits + "f" * (len(digits) % 2)
    octets = bytes(int(padded[place + 1] + padded[place], 16) for place in range(0, len(padded), 2))
    return bytes((len(digits), 0x91 if number.startswith("+") else 0x81)) + octets


def _time(when: datetime) -> bytes:
    digits = when.astimezone(UTC).strftime("%y%m%d%H%M%S") + "00"
    return bytes(int(digits[place + 1] + digits[place], 16) for place in range(0, len(digits), 2))
