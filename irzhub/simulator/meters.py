"""Meters behind the modems, sans-IO: bytes and the time in, answers with their delays out.

A meter hears everything that comes down the line and knows nothing of who sent it, as on a real RS-485 bus.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol, TypeAlias

Answers: TypeAlias = list[tuple[float, bytes]]
"""What a meter says: (seconds from now, bytes), in order."""


class Meter(Protocol):
    """One device, or a whole bus, at the serial end of a modem."""

    def receive(self, data: bytes, now: float) -> Answers:
        """Take bytes from the line at monotonic second `now`; return what is said in turn."""


MeterFactory: TypeAlias = Callable[[str], Meter]
"""Makes the meter behind the modem with the given IMEI."""


class SilentMeter:
    """Never answers."""

    __slots__ = ()

    def receive(self, data: bytes, now: float) -> Answers:  # noqa: ARG002
        """Say nothing."""
        return []


WHO: Final = b"?WHO "
_WHO_LIMIT: Final = 8192


class EchoMeter:
    """Returns every byte as it came; the line `?WHO <text>` is answered with `!WHO <imei> <text>`.

    So a program can tell on which modem's line it is, and that its own question was answered.
    """

    __slots__ = ("_delay_s", "_held", "_imei")

    def __init__(self, imei: str, delay_s: float = 0.0) -> None:
        self._imei = imei.encode()
        self._delay_s = delay_s
        self._held = b""

    def receive(self, data: bytes, now: float) -> Answers:  # noqa: ARG002
        """Return the echo, or the name for each whole question."""
        held = self._held + data if self._held else data
        self._held = b""
        if not held.startswith(WHO[: len(held)]) or len(held) > _WHO_LIMIT:
            return [(self._delay_s, held)]
        answer = b""
        while held.startswith(WHO) and (end := held.find(b"\n")) >= 0:
            answer += b"!WHO " + self._imei + b" " + held[len(WHO) : end + 1]
            held = held[end + 1 :]
        self._held = held
        return [(self._delay_s, answer)] if answer else []


@dataclass(slots=True)
class SlowMeter:
    """Another meter's answers, later and in pieces, as they come over GPRS.

    Args:
        delay_s: added before the first piece. pieces: into how many parts each answer is cut.
        gap_s: between two pieces.
    """

    meter: Meter
    delay_s: float = 1.0
    pieces: int = 1
    gap_s: float = 0.1

    def receive(self, data: bytes, now: float) -> Answers:
        """Return the other meter's answers, delayed and cut."""
        answers: Answers = []
        for delay_s, answer in self.meter.receive(data, now):
            size = max(1, -(-len(answer) // self.pieces))
            for number, start in enumerate(range(0, len(answer), size)):
                piece = answer[start : start + size]
                answers.append((delay_s + self.delay_s + number * self.gap_s, piece))
        return answers


def crc16(data: bytes) -> bytes:
    """Return the CRC-16 of Modbus RTU and Mercury as the two bytes on the line, low byte first."""
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return struct.pack("<H", crc)


def with_crc(data: bytes) -> bytes:
    """Return `data` with its CRC-16 behind it."""
    return data + crc16(data)


def has_crc(frame: bytes) -> bool:
    """Say whether a frame ends with its own right CRC-16."""
    return len(frame) >= 4 and crc16(frame[:-2]) == frame[-2:]


LINE_GAP_S: Final = 0.5
"""A question that pauses longer than this in the middle is two; GPRS makes the 3.5 characters of Modbus useless."""


class _SerialQuestions:
    """Collects the bytes of one question; silence throws away a torn one, as the receiver of a meter does."""

    __slots__ = ("_buffer", "_last")

    def __init__(self) -> None:
        self._buffer = b""
        self._last = 0.0

    def receive(self, data: bytes, now: float) -> bytes | None:
        """Return the question once its CRC fits."""
        self._buffer = data if now - self._last > LINE_GAP_S else self._buffer + data
        self._last = now
        if has_crc(self._buffer):
            question, self._buffer = self._buffer, b""
            return question
        self._buffer = self._buffer[-512:]
        return None


@dataclass(slots=True)
class ModbusMeter:
    """Modbus RTU: reads holding and input registers (functions 3 and 4), all others are exception 1.

    The value of register `r` is `(base + r) & 0xFFFF`, so that a program can check every word.
    """

    address: int = 1
    base: int = 0
    delay_s: float = 0.0
    _questions: _SerialQuestions = field(default_factory=_SerialQuestions)

    def receive(self, data: bytes, now: float) -> Answers:
        """Answer a whole question to this address."""
        question = self._questions.receive(data, now)
        if question is None or question[0] != self.address:
            return []
        return [(self.delay_s, with_crc(self._answer(question)))]

    def _answer(self, question: bytes) -> bytes:
        function = question[1]
        if function not in (3, 4):
            return bytes((self.address, function | 0x80, 1))
        if len(question) != 8:
            return bytes((self.address, function | 0x80, 3))
        first, count = struct.unpack(">HH", question[2:6])
        if not 1 <= count <= 125 or first + count > 0x10000:
            return bytes((self.address, function | 0x80, 2))
        words = ((self.base + first + number) & 0xFFFF for number in range(count))
        return bytes((self.address, function, 2 * count)) + struct.pack(f">{count}H", *words)


PASSWORDS: Final = {1: b"111111", 2: b"222222"}
"""The factory passwords of the two access levels of `MercuryMeter`."""

OK: Final = 0x00
BAD_COMMAND: Final = 0x01
LEVEL_TOO_LOW: Final = 0x03
NOT_OPEN: Final = 0x05
_SESSION_S: Final = 240.0


@dataclass(slots=True)
class MercuryMeter:
    """A meter in the manner of Mercury 230: a password opens a session with an access level.

    There is one session for the whole meter. A second `open` replaces it and counts it up, a `close` ends
    it whoever says it, and 240 s of silence do too. So programs that interleave break each other's reading,
    and the answer of `read` shows it: it carries the level and the session's number.

    Questions (address, command, ..., CRC): `00` test; `01 level password[6]` open; `02` close;
    `03 ...` write (level 2); `08 parameter` read (level 1). Answers: address, status, CRC, but a read
    gives address, parameter, level, session (2 bytes), serial (8 digits), CRC.
    """

    address: int = 1
    serial: str = "00000000"
    delay_s: float = 0.0
    broken_sessions: int = 0
    _level: int = 0
    _session: int = 0
    _last: float = 0.0
    _questions: _SerialQuestions = field(default_factory=_SerialQuestions)

    def receive(self, data: bytes, now: float) -> Answers:
        """Answer a whole question to this address, or to the common address 0."""
        question = self._questions.receive(data, now)
        if question is None or question[0] not in (0, self.address):
            return []
        if now - self._last > _SESSION_S:
            self._level = 0
        self._last = now
        return [(self.delay_s, with_crc(bytes((question[0],)) + self._answer(question[1], question[2:-2])))]

    def _answer(self, command: int, body: bytes) -> bytes:
        if command == 0x01:
            return bytes((self._open(body),))
        if command == 0x02:
            self._level = 0
            return bytes((OK,))
        if command == 0x00:
            return bytes((OK if self._level else NOT_OPEN,))
        needed = {0x03: 2, 0x08: 1}.get(command)
        if needed is None or not body:
            return bytes((BAD_COMMAND,))
        if self._level < needed:
            return bytes((LEVEL_TOO_LOW if self._level else NOT_OPEN,))
        if command == 0x03:
            return bytes((OK,))
        return struct.pack(">BBH", body[0], self._level, self._session & 0xFFFF) + self.serial.encode()

    def _open(self, body: bytes) -> int:
        if len(body) != 7 or PASSWORDS.get(body[0]) != body[1:]:
            return LEVEL_TOO_LOW
        if self._level:
            self.broken_sessions += 1
        self._level = body[0]
        self._session += 1
        return OK


def meter_factory(kind: str, delay_s: float = 0.0) -> MeterFactory:
    """Return what makes meters of one kind: `echo`, `silent`, `modbus` or `mercury`.

    Raises:
        ValueError: no such kind.
    """
    makers: dict[str, MeterFactory] = {
        "echo": lambda imei: EchoMeter(imei, delay_s),
        "silent": lambda _imei: SilentMeter(),
        "modbus": lambda imei: ModbusMeter(base=int(imei) & 0xFFFF, delay_s=delay_s),
        "mercury": lambda imei: MercuryMeter(serial=imei[-8:], delay_s=delay_s),
    }
    if (maker := makers.get(kind)) is None:
        raise ValueError(f"expected a meter {', '.join(makers)}, got {kind!r}")
    return maker
