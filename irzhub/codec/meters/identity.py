"""The serial number or name that a meter tells a program by the way (docs/protocol.md 8)."""

import re
from typing import Final

from irzhub.codec.meters.crc import crc16
from irzhub.codec.meters.questions import Asked

_MERCURY_SERIAL: Final = b"\x08\x00"  # reads serial number and date of make
_MERCURY_ANSWER: Final = 10  # address, four bytes of number, three of date, checksum
_NAME: Final = re.compile(rb"/([A-Za-z]{3}[0-9A-Za-z][\x20-\x7e]{0,32})\r\n", re.ASCII)
_SEVEN_BITS: Final = bytes(byte & 0x7F for byte in range(256))
LONGEST: Final = 64
"""No answer that tells an identity is longer, in bytes."""


def tells_identity(asked: Asked, question: bytes) -> bool:
    """Say whether the answer to a recognised question tells who the meter is."""
    return asked.protocol == "iec62056" or (asked.protocol == "mercury" and question[1:-2] == _MERCURY_SERIAL)


def read_identity(asked: Asked, answer: bytes) -> str | None:
    """Return what a whole answer tells: a serial number, or the name of IEC 62056-21; None when it does not."""
    if asked.protocol == "iec62056":
        name = _NAME.match(answer.translate(_SEVEN_BITS))
        return None if name is None else name[1].decode("ascii").rstrip()
    if len(answer) != _MERCURY_ANSWER or crc16(answer) != 0:
        return None
    parts = answer[1:5]
    return "".join(f"{part:02d}" for part in parts) if max(parts) < 100 else None
