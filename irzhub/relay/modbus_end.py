"""Where an answer ends that has no end mark: Modbus RTU and Mercury, which share one checksum."""

from typing import Final

from irzhub.codec.meters.crc import crc16

_LONGEST: Final = 512  # a Modbus RTU frame has 256 bytes at most, an echo of the question before it doubles them
_SHORTEST: Final = 4  # address, one byte, checksum: the short answers of Mercury
_FIXED: Final = frozenset(range(1, 7))  # Modbus functions whose question has 8 bytes
_COUNTED: Final = frozenset(range(1, 5))  # Modbus functions whose answer counts its bytes
_ANY_ADDRESS: Final = frozenset((0x00, 0xFE))  # Mercury: whoever is on the line


class ModbusEnd:
    """Says when the bytes heard since a question are a whole answer to it, and not the line's own echo of it.

    The answer to a Modbus write of one register (functions 5 and 6) is a copy of the question, so the first copy
    might be the echo of a two-wire line: it is never taken for an answer, and silence ends that turn.
    """

    __slots__ = ("_heard", "_question")

    def __init__(self) -> None:
        self._question = bytearray()
        self._heard = bytearray()

    def forget(self) -> None:
        """A new question begins."""
        self._question.clear()
        self._heard.clear()

    def ask(self, data: bytes) -> None:
        """Take bytes of the question."""
        if len(self._question) <= _LONGEST:
            self._question += data[: _LONGEST + 1]

    def is_answered_by(self, data: bytes) -> bool:
        """Take bytes of the meter and say whether they complete the answer."""
        question, heard = bytes(self._question), self._heard
        if not _SHORTEST <= len(question) <= _LONGEST or len(heard) > 2 * _LONGEST:
            return False
        heard += data[: 2 * _LONGEST + 1]
        answer = bytes(heard[len(question) :] if heard.startswith(question) else heard)
        return _is_whole_answer(question, answer)


def _is_whole_answer(question: bytes, answer: bytes) -> bool:
    if not _SHORTEST <= len(answer) <= _LONGEST:
        return False
    if answer[0] != question[0] and question[0] not in _ANY_ADDRESS:
        return False
    if crc16(question) != 0 or crc16(answer) != 0:
        return False
    expected = _modbus_length(question, answer)
    return expected is None or expected == len(answer)


def _modbus_length(question: bytes, answer: bytes) -> int | None:
    """Return how long an answer of this shape is in Modbus, None when it is not one: then the checksum decides."""
    function = question[1]
    is_read_or_write = (function in _FIXED and len(question) == 8) or (function in (15, 16) and len(question) >= 9)
    if not is_read_or_write or answer[1] & 0x7F != function:
        return None
    if answer[1] & 0x80:
        return 5
    return 5 + answer[2] if function in _COUNTED else 8
