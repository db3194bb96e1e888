"""The four bytes in front of each line of a settings or firmware dialogue (`docs/protocol.md` 1.9).

Nobody outside the vendor knows what they must say: the emulator took `0001` and `1%%%` alike. So their form
is a setting, to be tried on a real modem.
"""

import re
from typing import Final

PREFIX_SIZE: Final = 4
ZERO_PADDED: Final = "%04d"
NUMBER_AND_PERCENT: Final = "%d%%%"
LARGEST_NUMBER: Final = 9999

_NUMBER: Final = re.compile(r"%(?:0([1-4]))?d", re.ASCII)
_LIKE_A_NUMBER: Final = re.compile(r"%[0-9]*d", re.ASCII)
_PATTERN: Final = re.compile(r"[ -~]{1,12}", re.ASCII)


def check_prefix(pattern: str) -> str:
    """Return `pattern` when prefixes can be made from it.

    `%d` and `%01d` to `%04d` stand for the number of the line, everything else for itself, `%` included:
    `%04d` gives `0001`, `%d%%%` gives `1%%%`.

    Raises:
        ValueError: it does not give four bytes, or the number has no room in them.
    """
    numbers = _LIKE_A_NUMBER.findall(pattern)
    if not _PATTERN.fullmatch(pattern) or len(numbers) > 1 or len(numbers) != len(_NUMBER.findall(pattern)):
        raise ValueError(f"expected printable ASCII with at most one %d or %01d to %04d, got {pattern[:40]!r}")
    if len(_filled(pattern, 1)) != PREFIX_SIZE:
        raise ValueError(f"expected a prefix of {PREFIX_SIZE} bytes for line 1, got {_filled(pattern, 1)!r}")
    return pattern


def build_prefix(pattern: str, number: int) -> bytes:
    """Return the prefix of line `number`, counted from 1; what a longer number pushes beyond four bytes falls off.

    Raises:
        ValueError: the number itself would be cut.
    """
    found = _NUMBER.search(pattern)
    if found is not None and found.start() + len(_digits(found, number)) > PREFIX_SIZE:
        raise ValueError(f"line {number} has no room in the prefix {pattern!r}")
    return _filled(pattern, number)[:PREFIX_SIZE].encode("ascii")


def room_for(pattern: str) -> int:
    """Return the largest number that the pattern has room for."""
    if (found := _NUMBER.search(pattern)) is None:
        return LARGEST_NUMBER
    return min(int("9" * (PREFIX_SIZE - found.start())), LARGEST_NUMBER)


def _filled(pattern: str, number: int) -> str:
    return _NUMBER.sub(lambda found: _digits(found, number), pattern)


def _digits(found: "re.Match[str]", number: int) -> str:
    return str(number).zfill(int(found[1] or 1))
