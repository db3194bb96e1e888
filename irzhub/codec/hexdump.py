r"""Bytes that somebody wrote down in hex, in any of the usual ways.

Taken are plain digits, bytes apart (`C8 CA`, `C8:CA`, `C8,CA`), `0xC8`, `\xC8`, the listings of xxd, hexdump -C and
Wireshark with their offsets and text columns, and comments behind `#`.
"""

import re
from typing import Final

_OFFSET: Final = re.compile(r"([0-9A-Fa-f]{4,8})(?::\s|\s{2}|\t|$)", re.ASCII)
_COLUMNS: Final = re.compile(r"\s{2,}|\t")
_MARKS: Final = re.compile(r"0[xX]|\\x|[\s,;:\[\]{}()\"']", re.ASCII)
_GROUPS: Final = re.compile(r"[0-9A-Fa-f]+(?: [0-9A-Fa-f]+)*", re.ASCII)
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})*", re.ASCII)


def parse_hex(text: str) -> bytes:
    """Return the bytes of a hex dump.

    Raises:
        ValueError: a line holds something else, or half a byte; the text says which.
    """
    data = bytearray()
    for number, line in enumerate(text.splitlines(), 1):
        data += _parse_line(number, line.partition("#")[0].strip(), len(data))
    return bytes(data)


def _parse_line(number: int, line: str, size: int) -> bytes:
    # An offset is one only if it counts the bytes before it; else it is data that somebody spaced out.
    if (match := _OFFSET.match(line)) and int(match.group(1), 16) == size and (size or match.end() < len(line)):
        line = _without_text(line[match.end() :].strip())
    digits = _MARKS.sub("", line)
    if not _HEX.fullmatch(digits):
        raise ValueError(f"line {number}: expected pairs of hex digits, got {line[:60]!r}")
    return bytes.fromhex(digits)


def _without_text(line: str) -> str:
    """Cut off the text column of a listing: it stands behind `|`, or is the last of several columns."""
    line, bar, _ = line.partition("|")
    columns = _COLUMNS.split(line.strip())
    if not bar and len(columns) > 1:
        columns.pop()
    return " ".join(column for column in columns if _GROUPS.fullmatch(column))
