"""One question that shows whether a meter is there, and what its answer says (docs/protocol.md 8)."""

from dataclasses import dataclass
from typing import Final

from irzhub.codec.meters.crc import crc16
from irzhub.codec.meters.identity import read_identity
from irzhub.codec.meters.questions import recognise

_MERCURY_SERIAL: Final = b"\x08\x00"
_MERCURY_ANSWER: Final = 10
_SHORTEST_ERROR: Final = 4


@dataclass(frozen=True, slots=True)
class MeterAnswer:
    """What an answer says.

    Args:
        serial: serial number or name of the meter, None where the answer tells none.
        registers: values of a Modbus answer. error: what the meter complains of, in words.
    """

    serial: str | None = None
    registers: tuple[int, ...] | None = None
    error: str | None = None


def modbus_question(address: int, register: int, count: int) -> bytes:
    """Return the question for holding registers (function 3)."""
    return _closed(bytes((address, 3)) + register.to_bytes(2) + count.to_bytes(2))


def mercury_question(address: int) -> bytes:
    """Return the question of Mercury 230 for its serial number; its channel must be open for all, as delivered."""
    return _closed(bytes((address,)) + _MERCURY_SERIAL)


def iec_question(address: str) -> bytes:
    """Return the sign-on of IEC 62056-21 with 7 data bits sent as 8; an empty address asks whoever is there."""
    return f"/?{address}!\r\n".encode("ascii")


def is_whole(question: bytes, answer: bytes) -> bool:
    """Say whether an answer is complete: a right checksum, or the end of a line for IEC 62056-21."""
    if recognise(question).protocol == "iec62056":
        return answer.endswith(b"\r\n")
    return len(answer) >= _SHORTEST_ERROR and crc16(answer) == 0


def read_answer(question: bytes, answer: bytes) -> MeterAnswer:
    """Return what an answer to `question` says; nothing where its protocol is not known."""
    asked = recognise(question)
    if asked.protocol == "modbus":
        return _read_modbus(answer)
    if asked.protocol == "mercury" and len(answer) == _SHORTEST_ERROR and crc16(answer) == 0:
        return MeterAnswer(error=f"the meter answered with code {answer[1]}: is its channel open?")
    if asked.protocol in ("mercury", "iec62056"):
        serial = read_identity(asked, answer)
        return MeterAnswer(serial=serial, error=None if serial else "the answer cannot be read")
    return MeterAnswer()


def _read_modbus(answer: bytes) -> MeterAnswer:
    if len(answer) < _SHORTEST_ERROR or crc16(answer) != 0:
        return MeterAnswer(error="the answer has a wrong checksum")
    if answer[1] & 0x80:
        return MeterAnswer(error=f"the meter refused with exception {answer[2]}")
    data = answer[3:-2]
    if len(data) != answer[2] or len(data) % 2:
        return MeterAnswer(error="the answer has a wrong length")
    return MeterAnswer(registers=tuple(int.from_bytes(data[at : at + 2]) for at in range(0, len(data), 2)))


def _closed(body: bytes) -> bytes:
    return body + crc16(body).to_bytes(2, "little")
