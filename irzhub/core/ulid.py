"""Event ids: 26 characters that sort by time (ULID, Crockford base 32)."""

import secrets
from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH: Final = 26


def new_ulid(milliseconds: int) -> str:
    """Return a fresh ULID for a Unix time in milliseconds: 48 bits of time, 80 random bits."""
    number = (milliseconds & (1 << 48) - 1) << 80 | secrets.randbits(80)
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(5 * (_LENGTH - 1), -1, -5))


def ulid_behind(previous: str, milliseconds: int) -> str:
    """Return a fresh ULID that sorts behind `previous` (empty: behind nothing), also within one millisecond."""
    fresh = new_ulid(milliseconds)
    if fresh > previous:
        return fresh
    number = 0
    for char in previous:
        number = number << 5 | _ALPHABET.index(char)
    number += 1
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(5 * (_LENGTH - 1), -1, -5))
