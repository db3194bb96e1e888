"""What a polling program asks a meter and how it knows a right answer, sans-IO.

A reading is a generator: it yields questions, is sent each whole answer, and returns who answered.
"""

import struct
import zlib
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final, TypeAlias

from irzhub.simulator.meters import OK, PASSWORDS, WHO, has_crc, with_crc


class WrongAnswer(Exception):
    """The answer is not one to this question; the text says what was expected and what came."""


@dataclass(frozen=True, slots=True)
class Question:
    """Bytes for the meter, and what tells the size of the whole answer from its beginning; None: not yet."""

    data: bytes
    answer_size: Callable[[bytes], int | None]


Reading: TypeAlias = Generator[Question, bytes, str]
"""One reading of one meter; returns the meter's identity."""

ReadingFactory: TypeAlias = Callable[[str], Reading]
"""Makes a reading; the text is unlike that of any other reading of this run."""


@dataclass(frozen=True, slots=True)
class ReadingKind:
    """A way to read: what makes a reading, and the identity that the meter behind a given IMEI must show."""

    make: ReadingFactory
    identity_of: Callable[[str], str]


def _line_size(received: bytes) -> int | None:
    return received.find(b"\n") + 1 or None


def read_echo(nonce: str, size: int = 64) -> Reading:
    """Ask an `EchoMeter` who it is, with a nonce that must come back; the question has `size` bytes."""
    text = nonce.encode()
    text += b" " + b"." * (size - len(WHO) - len(text) - 2)
    answer = yield Question(WHO + text + b"\n", _line_size)
    words = answer.split(b" ", 2)
    if len(words) != 3 or words[0] != b"!WHO" or words[2] != text + b"\n":
        raise WrongAnswer(f"expected '!WHO <imei> {nonce} ...', got {answer[:80]!r}")
    return words[1].decode("ascii", "replace")


MODBUS_REGISTERS: Final = 10


def read_modbus(nonce: str, address: int = 1) -> Reading:
    """Read ten registers from a place that the nonce picks; every word must fit to the meter's base."""
    first = zlib.crc32(nonce.encode()) % 60000
    asked = with_crc(struct.pack(">BBHH", address, 3, first, MODBUS_REGISTERS))
    answer = yield Question(asked, _modbus_size)
    head = bytes((address, 3, 2 * MODBUS_REGISTERS))
    if not has_crc(answer) or not answer.startswith(head) or len(answer) != 5 + 2 * MODBUS_REGISTERS:
        raise WrongAnswer(f"expected {MODBUS_REGISTERS} registers of meter {address}, got {answer.hex(' ')}")
    words = struct.unpack(f">{MODBUS_REGISTERS}H", answer[3:-2])
    base = (words[0] - first) & 0xFFFF
    if any(word != (base + first + number) & 0xFFFF for number, word in enumerate(words)):
        raise WrongAnswer(f"expected neighbouring values from register {first}, got {words}")
    return str(base)


def _modbus_size(received: bytes) -> int | None:
    if len(received) < 3:
        return None
    return 5 if received[1] & 0x80 else 5 + received[2]


def read_mercury(nonce: str, address: int = 1, level: int = 1, reads: int = 5) -> Reading:  # noqa: ARG001
    """Open a session, read `reads` parameters in it, close it; all must show one session at one level."""
    yield from _mercury_status(bytes((address, 0x01, level)) + PASSWORDS[level], "open")
    session: tuple[int, int] | None = None
    serial = ""
    for parameter in range(reads):
        answer = yield Question(with_crc(bytes((address, 0x08, parameter))), _mercury_read_size)
        if not has_crc(answer) or len(answer) != 15 or answer[1] != parameter:
            raise WrongAnswer(f"expected parameter {parameter}, got {answer.hex(' ')}")
        _, _, seen_level, number = struct.unpack(">BBBH", answer[:5])
        serial = answer[5:13].decode("ascii", "replace")
        if seen_level != level or (session is not None and session != (seen_level, number)):
            raise WrongAnswer(f"expected to read at level {level} in session {session}, got {(seen_level, number)}")
        session = (seen_level, number)
    yield from _mercury_status(bytes((address, 0x02)), "close")
    return serial


def _mercury_status(command: bytes, name: str) -> Generator[Question, bytes, None]:
    answer = yield Question(with_crc(command), lambda received: 4 if len(received) >= 4 else None)
    if not has_crc(answer) or answer[1] != OK:
        raise WrongAnswer(f"expected status 00 for {name}, got {answer.hex(' ')}")


def _mercury_read_size(received: bytes) -> int | None:
    # An error is four bytes with a CRC of its own, a value fifteen.
    if len(received) == 4 and has_crc(received):
        return 4
    return 15 if len(received) >= 15 else None


def reading_kind(meter: str, size: int = 64) -> ReadingKind:
    """Return how to read meters of a kind that `meter_factory` makes.

    Raises:
        ValueError: meters of that kind never answer.
    """
    kinds = {
        "echo": ReadingKind(lambda nonce: read_echo(nonce, size), lambda imei: imei),
        "modbus": ReadingKind(read_modbus, lambda imei: str(int(imei) & 0xFFFF)),
        "mercury": ReadingKind(read_mercury, lambda imei: imei[-8:]),
    }
    if (kind := kinds.get(meter)) is None:
        raise ValueError(f"expected a meter {', '.join(kinds)} to poll, got {meter!r}")
    return kind
