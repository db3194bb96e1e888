"""Phone numbers inside a PDU: half octets, digits swapped, or a name in the 7-bit alphabet (3GPP TS 23.040 9.1.2.5)."""

from typing import Final

from .gsm7 import decode_septets, unpack

_DIGITS: Final = "0123456789*#abc"
_FILL: Final = 0xF
_INTERNATIONAL: Final = 0x91
_UNKNOWN: Final = 0x81
_ALPHANUMERIC: Final = 0x50
_TYPE: Final = 0x70
_MOST_DIGITS: Final = 20


class BadAddress(ValueError):
    """A number that no PDU can carry, or octets that are no number."""


def encode_address(number: str) -> bytes:
    """Return a number as length, type and half octets.

    Raises:
        BadAddress: it is empty, too long, or holds something else than digits behind a `+`.
    """
    digits = number.removeprefix("+")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS):
        raise BadAddress(f"expected 1 to {_MOST_DIGITS} digits, with a + before them or without, got {number!r}")
    kind = _INTERNATIONAL if number.startswith("+") else _UNKNOWN
    padded = digits + "F" * (len(digits) % 2)
    swapped = "".join(padded[place + 1] + padded[place] for place in range(0, len(padded), 2))
    return bytes((len(digits), kind)) + bytes.fromhex(swapped)


def decode_address(half_octets: int, kind: int, octets: bytes) -> str:
    """Return the number or the name that an address field holds; an unknown half octet ends a number."""
    if kind & _TYPE == _ALPHANUMERIC:
        return decode_septets(unpack(octets, half_octets * 4 // 7)).strip()
    digits = ""
    for octet in octets:
        for half in (octet & 0xF, octet >> 4):
            if half == _FILL or len(digits) == half_octets:
                break
            digits += _DIGITS[half]
    return f"+{digits}" if kind & _TYPE == 0x10 and digits else digits
