"""Who asked which meter, and what came back: counted from the bytes that pass, a line at a time.

Sans-IO: bytes with their times go in, counts come out. A question is what a program sends until the meter
speaks; pieces that come close together are one. Whether the meter's protocol is known or not, each question
ends in one of the ways of `Poll`. Nothing here is called for each byte that passes a pipe: the pipe brings
what has passed whenever it settles.
"""

import operator
from collections.abc import Sequence
from itertools import repeat
from typing import Final, Literal, TypeAlias

import msgspec

from irzhub.codec.meters.identity import LONGEST, read_identity, tells_identity
from irzhub.codec.meters.questions import UNKNOWN, Asked, recognise

_JOIN_S: Final = 0.2
"""Pieces of one question come closer together than this; a program that asks again waits longer."""
_QUESTION_LIMIT: Final = 256
_SIGNED_ON_S: Final = 120.0
"""How long after a sign-on of IEC 62056-21 what follows is still for that meter: its own time-out."""
_METERS_LIMIT: Final = 300
"""No line has more meters: a bus has 247 addresses. What is beyond is counted for the line as a whole."""
_OTHERS: Final = frozenset(("modbus", "mercury"))
Refusal: TypeAlias = Literal["away", "busy", "refused"]
"""Why a question never went out: the modem was away, another program held the line, this one may not poll."""


class Poll(msgspec.Struct, kw_only=True):
    """How one program's questions to one meter ended; moments are Unix seconds, 0 when it never happened.

    Attributes:
        program: address of the program, without its port. protocol, address: of the meter, as in `Asked`.
        asked: questions, each of which is one of the following or still open:
        answered; silent: the meter said nothing in time, or another one spoke; lost: the modem went away
            meanwhile; away, busy, refused: it never went out (`Refusal`).
        wait_s, longest_s: how long the answered ones waited for the first byte, in all and at most.
        other: the address that answered instead, if it was another one. identity: what the meter said it is.
    """

    program: str
    protocol: str = ""
    address: str = ""
    asked: int = 0
    answered: int = 0
    silent: int = 0
    lost: int = 0
    away: int = 0
    busy: int = 0
    refused: int = 0
    wait_s: float = 0.0
    longest_s: float = 0.0
    first_asked: float = 0.0
    last_asked: float = 0.0
    last_answered: float = 0.0
    other: str = ""
    identity: str = ""


class LinePolls:
    """The open question of one line, and what has been counted since the last time; moments are monotonic."""

    __slots__ = (
        "_again",
        "_asked",
        "_at",
        "_heard",
        "_poll",
        "_polls",
        "_program",
        "_question",
        "_signed_on",
        "_signed_on_at",
    )

    def __init__(self) -> None:
        self._polls: dict[tuple[str, str, str], Poll] = {}
        self._poll: Poll | None = None  # of the question that is not answered yet
        self._again: Poll | None = None  # where the last question counts, were it put once more
        self._program = ""
        self._question = b""
        self._asked: Asked = UNKNOWN
        self._at = 0.0
        self._heard = b""  # of an answer that tells an identity
        self._signed_on: Asked | None = None
        self._signed_on_at = 0.0

    @property
    def is_open(self) -> bool:
        """Whether a question waits for its answer."""
        return self._poll is not None

    @property
    def is_idle(self) -> bool:
        """Whether there is nothing to tell, to wait for or to remember."""
        return not self._polls and self._poll is None and self._signed_on is None

    def passed(
        self, program: str, stamps: Sequence[float], are_questions: Sequence[int], pieces: Sequence[bytes]
    ) -> None:
        """Take in what went over the line between one program and the meter, old to new."""
        first = 2 if are_questions[0] else 3  # until the first question of these is answered
        self._pass_each(program, stamps[:first], are_questions[:first], pieces[:first])
        if len(pieces) <= first:
            return
        stamps, are_questions, pieces = stamps[first:], are_questions[first:], pieces[first:]
        if not (take_turns(are_questions) and self._repeat(stamps, pieces)):
            self._pass_each(program, stamps, are_questions, pieces)

    def _pass_each(
        self, program: str, stamps: Sequence[float], are_questions: Sequence[int], pieces: Sequence[bytes]
    ) -> None:
        for at, is_question, piece in zip(stamps, are_questions, pieces, strict=True):
            if is_question:
                self.ask(program, piece, at)
            else:
                self.hear(piece, at)

    def _repeat(self, stamps: Sequence[float], pieces: Sequence[bytes]) -> bool:
        """Take in a program's last question put again and again, each time answered; False if it is not that."""
        poll, asked, question = self._again, self._asked, self._question
        questions, answers = pieces[0::2], pieces[1::2]
        if poll is None or self._poll is not None or questions.count(question) != len(questions):
            return False
        if asked.begins and not all(map(bytes.startswith, answers, repeat(asked.begins))):
            return False
        if not (asked.is_echoed or question not in answers):
            return False
        asked_at, answered_at = stamps[0::2], stamps[1::2]
        poll.asked += len(questions)
        poll.last_asked = self._at = asked_at[-1]
        if answers:
            waits = list(map(operator.sub, answered_at, asked_at))
            poll.answered += len(answers)
            poll.wait_s += sum(waits)
            poll.longest_s = max(poll.longest_s, *waits)
            poll.last_answered = answered_at[-1]
        self._poll = poll if len(questions) > len(answers) else None
        return True

    def ask(self, program: str, data: bytes, at: float) -> None:
        """A program's bytes went to the meter."""
        poll = self._poll
        if poll is None:
            # Most programs put one question again and again: then nothing has to be looked up.
            again = self._again
            if again is not None and data == self._question and program == self._program:
                again.asked += 1
                again.last_asked = self._at = at
                self._poll = again
                return
        else:
            if at - self._at < _JOIN_S and program == self._program and len(self._question) < _QUESTION_LIMIT:
                poll.asked -= 1
                data = self._question + data
            else:
                poll.silent += 1
        self._begin(program, data, at)

    def hear(self, data: bytes, at: float) -> None:
        """The meter's bytes came."""
        poll, asked = self._poll, self._asked
        if poll is None:
            if self._heard:
                self._learn(data)
            return
        if not asked.is_echoed and data == self._question:
            return  # a two-wire line repeats what it was told
        if not data.startswith(asked.begins):
            if asked.protocol in _OTHERS and data:
                poll.other = str(data[0])
            return
        waited_s = max(at - self._at, 0.0)
        poll.answered += 1
        poll.wait_s += waited_s
        poll.longest_s = max(poll.longest_s, waited_s)
        poll.last_answered = at
        self._poll = None
        if tells_identity(asked, self._question):
            self._learn(data)

    def turn_away(self, program: str, data: bytes, at: float, why: Refusal) -> None:
        """A program's question never went out; `data` is empty where none was put."""
        poll = self._count(program, recognise(data[:_QUESTION_LIMIT]), at)
        if why == "away":
            poll.away += 1
        elif why == "busy":
            poll.busy += 1
        else:
            poll.refused += 1

    def lose(self) -> None:
        """The modem has gone: what was open will not be answered."""
        if self._poll is not None:
            self._poll.lost += 1
            self._poll = None
        self._signed_on = None

    def give_up(self, before: float, now: float) -> None:
        """Whoever asked before that moment waits in vain; a sign-on that nobody used lately is over."""
        if self._poll is not None and self._at < before:
            self._poll.silent += 1
            self._poll = None
        if self._signed_on is not None and now - self._signed_on_at >= _SIGNED_ON_S:
            self._signed_on = None

    def take(self, unix_offset_s: float) -> list[Poll]:
        """Return what was counted since the last time; an open question is told of once it has ended.

        Args:
            unix_offset_s: what makes a Unix time of a monotonic one.
        """
        polls, self._polls = self._polls, {}
        self._again = None
        if (waiting := self._poll) is not None:
            waiting.asked -= 1
            key = (waiting.program, waiting.protocol, waiting.address)
            self._poll = self._polls[key] = Poll(program=key[0], protocol=key[1], address=key[2], asked=1)
            self._poll.first_asked = self._poll.last_asked = self._at
        told = [poll for poll in polls.values() if poll.asked or poll.identity]
        for poll in told:
            poll.first_asked = _moved(poll.first_asked, unix_offset_s)
            poll.last_asked = _moved(poll.last_asked, unix_offset_s)
            poll.last_answered = _moved(poll.last_answered, unix_offset_s)
        return told

    def _begin(self, program: str, data: bytes, at: float) -> None:
        asked = recognise(data) if len(data) <= _QUESTION_LIMIT else UNKNOWN
        if asked.protocol == "iec62056":
            self._signed_on, self._signed_on_at = asked, at
        elif asked is UNKNOWN and self._signed_on is not None:
            if at - self._signed_on_at < _SIGNED_ON_S:
                asked = Asked("iec62056", self._signed_on.address, b"", is_echoed=True)
                self._signed_on_at = at
            else:
                self._signed_on = None
        self._program, self._question, self._asked, self._at = program, data, asked, at
        self._heard = b""
        self._poll = self._count(program, asked, at)
        # A sign-on, and what tells an identity, goes the long way each time.
        self._again = None if self._signed_on is not None or tells_identity(asked, data) else self._poll

    def _count(self, program: str, asked: Asked, at: float) -> Poll:
        key = (program, asked.protocol, asked.address)
        poll = self._polls.get(key)
        if poll is None:
            if len(self._polls) >= _METERS_LIMIT:
                key = (program, "", "")
            poll = self._polls.setdefault(key, Poll(program=program, protocol=key[1], address=key[2]))
        poll.asked += 1
        if not poll.first_asked:
            poll.first_asked = at
        poll.last_asked = at
        return poll

    def _learn(self, data: bytes) -> None:
        """Collect an answer that tells who the meter is, which may come in pieces."""
        asked = self._asked
        heard = (self._heard + data)[: LONGEST + 1]
        self._heard = b"" if len(heard) > LONGEST else heard
        if (identity := read_identity(asked, heard)) is not None:
            self._heard = b""
            key = (self._program, asked.protocol, asked.address)
            poll = self._polls.setdefault(key, Poll(program=self._program, protocol=key[1], address=key[2]))
            poll.identity = identity


def take_turns(are_questions: Sequence[int]) -> bool:
    """Say whether a question comes first and then an answer and a question in turn."""
    return all(are_questions[0::2]) and not any(are_questions[1::2])


def _moved(moment: float, offset_s: float) -> float:
    return moment and round(moment + offset_s, 3)
