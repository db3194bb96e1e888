"""Which meter of a line a question is for: told from its bytes, without speaking the meter's protocol.

Modbus RTU and Mercury are known by their checksum, IEC 62056-21 by its sign-on. A question that is none of
them belongs to the line as a whole. See docs/protocol.md 8.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

from irzhub.codec.meters.crc import crc16

_SHORTEST: Final = 4  # address, one byte, checksum
_LONGEST: Final = 256
_SIGN_ON: Final = re.compile(rb"/\?([\x20-\x7e]{0,32})!\r\n", re.ASCII)
_READS: Final = frozenset(range(1, 7))
_WRITES: Final = frozenset((15, 16))
_SERIAL_LENGTH: Final = 7  # Mercury 200: four bytes of serial number, a command, the checksum
_KEPT: Final = 4096
_SEVEN_BITS: Final = bytes(byte & 0x7F for byte in range(256))


class Asked(NamedTuple):
    """Whom a question is for.

    Attributes:
        protocol: `modbus`, `mercury`, `iec62056`, or empty when it is none of them.
        address: as people write it: a decimal number, the text of a sign-on; empty for whoever is on the line.
        begins: with what the answer of that meter begins; empty when anything may.
        is_echoed: whether a right answer can be the very bytes of the question.
    """

    protocol: str
    address: str
    begins: bytes
    is_echoed: bool


UNKNOWN: Final = Asked("", "", b"", True)


@lru_cache(_KEPT)  # programs ask the same questions over and over
def recognise(question: bytes) -> Asked:
    """Return whom `question` is for; `UNKNOWN` when it has none of the known shapes."""
    if question[:1] in (b"/", b"\xaf") and (sign_on := _SIGN_ON.fullmatch(question.translate(_SEVEN_BITS))):
        return Asked("iec62056", sign_on[1].decode("ascii"), b"", is_echoed=False)
    if _SHORTEST <= len(question) <= _LONGEST and crc16(question) == 0:
        return next(asked for shape in _SHAPES if (asked := shape(question)) is not None)
    return UNKNOWN


def _modbus(question: bytes) -> Asked | None:
    function, size = question[1], len(question)
    is_read_or_write = function in _READS and size == 8
    is_long_write = function in _WRITES and size >= 9 and size == 9 + question[6]
    if not (is_read_or_write or is_long_write):
        return None
    address = question[0]
    return Asked("modbus", str(address), question[:1] if address else b"", is_echoed=function in (5, 6))


def _mercury_by_serial(question: bytes) -> Asked | None:
    if question[0] != 0 or len(question) < _SERIAL_LENGTH or not any(question[1:4]):
        return None
    return Asked("mercury", str(int.from_bytes(question[:4])), question[:4], is_echoed=False)


def _mercury(question: bytes) -> Asked | None:
    address = question[0]
    is_anybody = address in (0x00, 0xFE)
    return Asked("mercury", "" if is_anybody else str(address), b"" if is_anybody else question[:1], is_echoed=False)


_SHAPES: Final[tuple[Callable[[bytes], Asked | None], ...]] = (_modbus, _mercury_by_serial, _mercury)
"""From the strictest to the one that takes whatever has the checksum."""
