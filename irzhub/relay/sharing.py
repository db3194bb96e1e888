"""Whose turn it is on one meter line (`docs/contract.md 4.2`). No I/O and no clock: time comes in as an argument.

The rules
---------
1.  Nothing but `TABLE` says which phase follows which. What time alone changes is in `Line.settle`.
2.  One program connected and no answer owed to another: its bytes pass, all of the meter's bytes are for it,
    no time ever ends this. (Observers do not count: they only read.)
3.  Several connected: a turn begins with the first byte of a program while the line is FREE, and it ends when the
    program leaves, or when neither side has spoken for `idle_s` and no answer is owed. After `turn_limit_s` a pause
    of 1 s is enough when others wait. Those who may not speak wait, in the order in which they began to.
4.  An answer is owed (ASKED) from the last byte to the meter until the next byte from it (ANSWERED). While it is owed
    neither `idle_s` nor the pause runs. After `answer_timeout_s` the turn is over if others wait. Questions repeated
    in vain put this off, but not beyond `turn_limit_s`: a dead meter must not starve the others.
5.  An owner that goes while an answer is owed leaves the line LATE: what the meter says is for nobody, and nobody may
    speak, until it was silent for `late_guard_s`, at most `late_guard_max_s`. So does one that goes in the midst of
    an answer: less than `late_guard_s` after its last byte, if the answer came in pieces so far, or the question
    had been repeated (the second answer may follow), or the program did not close of its own will.
6.  `grant: question` ends the turn with each answer: after `answer_gap_s` of silence, or where `frame_end: modbus`
    sees it whole. What the owner says behind an answer is its next question and waits behind the others.
7.  Several connected and the line FREE: what the meter says is for nobody.
8.  `broadcast`: everybody may speak at any time and hears everything; there are no turns and nothing is late.
9.  While the modem is AWAY everybody waits.
10. While the modem is not read because its listener does not keep up, its silence says nothing: no time runs.

Timers are needed only while somebody waits (`Line.deadline`): all else is settled when the next byte comes.
"""

import math
from collections.abc import Sequence
from typing import Final, Generic, TypeVar

from irzhub.relay.line_phases import TABLE, Phase, Signal
from irzhub.relay.modbus_end import ModbusEnd
from irzhub.relay.settings import SharingSettings

P = TypeVar("P")
"""A program, whatever the caller takes for one; told apart by identity."""

TURN_PAUSE_S: Final = 1.0
LONG_AGO: Final = -math.inf  # one object for all lines: each minus makes a new one
PIECE_GAP_S: Final = 0.25  # a longer pause inside an answer means that it comes in pieces


# Names looked up once: reading a member through its class costs more than the table itself.
_AWAY, _FREE, _ASKED, _ANSWERED, _LATE = Phase
_QUESTION, _ANSWER = Signal.QUESTION, Signal.ANSWER


class Line(Generic[P]):
    """The turns of one meter line. The caller moves the bytes, this says where they may go.

    After whatever may have ended a turn (`leave`, `attach`, `hear`, `deadline` reached) the caller asks
    `next_turn` until it says None, and sends the kept bytes of each program that it names.

    Attributes:
        owner: whose turn it is.
        owed_since: while ASKED, when the last byte went to the meter.
        last_traffic: when the last byte went either way; minus infinity when there was none.
        loss: why the bytes of the last `hear` were for no program: `late`, `unasked`, or empty when they were.
    """

    __slots__ = (
        "_end",
        "_is_deaf",
        "_last_heard",
        "_late_began",
        "_may_go_on",
        "_observers",
        "_settings",
        "_speakers",
        "_turn_began",
        "_unanswered_since",
        "_waiting",
        "last_traffic",
        "loss",
        "owed_since",
        "owner",
        "phase",
    )

    def __init__(self, settings: SharingSettings) -> None:
        self.phase = Phase.AWAY
        self.owner: P | None = None
        self.owed_since = LONG_AGO
        self.last_traffic = LONG_AGO
        self.loss = ""
        self._settings = settings
        self._end = _frame_end(settings)
        self._speakers: tuple[P, ...] = ()
        self._observers: tuple[P, ...] = ()
        self._waiting: dict[P, None] = {}
        self._unanswered_since = LONG_AGO
        self._last_heard = LONG_AGO
        self._turn_began = LONG_AGO
        self._late_began = LONG_AGO
        self._may_go_on = False
        self._is_deaf = False

    @property
    def settings(self) -> SharingSettings:
        """How the line is shared; a change takes effect at once, and a turn goes on under the new rules."""
        return self._settings

    @settings.setter
    def settings(self, settings: SharingSettings) -> None:
        if self._settings == settings:
            return
        self._settings = settings
        self._end = _frame_end(settings)
        if self.phase in (_ASKED, _ANSWERED) and (self.owner is None or settings.mode == "broadcast"):
            self._release(Signal.TURN_OVER)

    @property
    def speakers(self) -> tuple[P, ...]:
        """The connected programs that may speak, in order of coming."""
        return self._speakers

    @property
    def has_waiting(self) -> bool:
        """Whether somebody waits for a turn."""
        return bool(self._waiting)

    def join(self, program: P, *, reads_only: bool = False) -> None:
        """A program has connected."""
        if reads_only:
            self._observers += (program,)
        else:
            self._speakers += (program,)

    def leave(self, program: P, now: float, *, of_its_own_will: bool = True) -> None:
        """A program is gone; `of_its_own_will` is False when it was reset or cut."""
        self.settle(now)
        self._speakers = tuple(each for each in self._speakers if each is not program)
        self._observers = tuple(each for each in self._observers if each is not program)
        self._waiting.pop(program, None)
        if program is not self.owner:
            return
        unsure = self._may_go_on or not of_its_own_will
        if self.phase is _ANSWERED and unsure and now - self._last_heard < self._settings.late_guard_s:
            self._release(Signal.OWNER_LEFT_MIDWAY, now)
        else:
            self._release(Signal.OWNER_LEFT, now)

    def attach(self) -> None:
        """The modem is there; nothing of an earlier session is owed any more."""
        if self.phase is _AWAY:
            self._move(Signal.ATTACHED)

    def detach(self) -> None:
        """The modem is gone: no turn, everybody waits."""
        self._is_deaf = False
        if self.phase is not _AWAY:
            self._release(Signal.DETACHED)

    def stop_listening(self) -> None:
        """The modem is not read from now on, by our own will."""
        self._is_deaf = True

    def listen_again(self, now: float) -> None:
        """The modem is read again; nobody knows whether it would have spoken meanwhile."""
        if self._is_deaf:
            self._is_deaf = False
            self.last_traffic = self._last_heard = now

    def speak(self, program: P, data: bytes, now: float) -> bool:
        """Say whether `data` may go to the meter now; if not, the program waits and the caller keeps them."""
        if not (self._is_plain or self._may_speak(program, now)):
            self._waiting.setdefault(program)
            return False
        self._begin_or_go_on(program, data, now)
        return True

    def hear(self, data: bytes, now: float) -> tuple[P, ...]:
        """Return who gets these bytes of the meter; `loss` says why when no program but observers does."""
        if not self._is_plain:
            self.settle(now)
        phase = self.phase
        audience = self._audience()
        self._move(_ANSWER)
        if phase is _ANSWERED and now - self._last_heard >= PIECE_GAP_S:
            self._may_go_on = True
        self.last_traffic = self._last_heard = now
        if self._end is not None and self.phase is _ANSWERED and self._end.is_answered_by(data) and not self._is_lone:
            self._release(Signal.TURN_OVER)
        return audience

    @property
    def asked_at(self) -> float | None:
        """When the question was put whose answer is still owed; None when none is."""
        return self.owed_since if self.phase is _ASKED else None

    def is_pipe_of(self, program: P) -> bool:
        """Say whether all bytes of this program and of the meter are for each other, whatever time it is."""
        is_alone = self._is_plain and self.owner is program and not self._observers
        return is_alone and self._end is None and not self._is_deaf and not self._is_broadcast

    def catch_up(self, program: P, stamps: Sequence[float], are_questions: Sequence[int]) -> None:
        """Take in what passed through a pipe meanwhile, old to new: questions and answers with their times.

        Where no pause can have ended a turn, only the last exchange says how the line stands.
        """
        start = 0
        pause_s = min(self._settings.idle_s, self._settings.answer_gap_s)
        if self.owner is program and stamps[-1] - self.last_traffic < pause_s:
            start = len(stamps) - 1
            while start > 0 and not (are_questions[start] and not are_questions[start - 1]):
                start -= 1
            if start > 0:
                start -= 1  # with the answer before, which is what a question begins behind
                self.last_traffic = self._last_heard = stamps[start]
        for at, is_question in zip(stamps[start:], are_questions[start:], strict=True):
            if is_question:
                self.speak(program, b"", at)
            else:
                self.hear(b"", at)

    def settle(self, now: float) -> None:
        """Do what time alone has brought about."""
        phase = self.phase
        if self._is_deaf:
            return
        if phase is _LATE:
            if now >= self._late_ends():
                self._move(Signal.SILENCE)
        elif self._is_lone or self._is_broadcast:
            return
        elif phase is _ASKED and self._waiting:
            if now >= self._patience_ends():
                self._release(Signal.TIMED_OUT, now)
        elif phase is _ANSWERED and now >= self._turn_ends():
            self._release(Signal.TURN_OVER)

    def next_turn(self, now: float) -> P | None:
        """Return the program whose kept bytes, all of them, are to be sent now; None when nobody's are."""
        self.settle(now)
        if not self._waiting or not (self.phase is _FREE or self._is_plain or self._is_open_to_all):
            return None
        program = next(iter(self._waiting))
        del self._waiting[program]
        return program

    def send_kept(self, program: P, data: bytes, now: float) -> None:
        """The turn that `next_turn` gave begins: these are its kept bytes, on their way to the meter."""
        self._begin_or_go_on(program, data, now)

    def forget_waiting(self, program: P) -> None:
        """Nothing is kept of this program any more."""
        self._waiting.pop(program, None)

    @property
    def deadline(self) -> float | None:
        """When to ask `next_turn` again though nothing happens; None while nobody waits."""
        if not self._waiting or self._is_deaf:
            return None
        if self.phase is _LATE:
            return self._late_ends()
        if self.phase is _ASKED:
            return self._patience_ends()
        return self._turn_ends() if self.phase is _ANSWERED else None

    def is_busy(self, now: float) -> bool:
        """Say whether a program holds the line or an answer is owed; a lone one holds it as long as one of several."""
        if self.phase is _ASKED:
            return now < self.owed_since + self._settings.answer_timeout_s
        if self.phase is _ANSWERED:
            return now < self._turn_ends()
        return self.phase is _LATE and now < self._late_ends()

    @property
    def _is_lone(self) -> bool:
        return len(self._speakers) == 1

    @property
    def _is_plain(self) -> bool:
        # A lone program whose own bytes wait (its question was kept while another was there) is served first.
        return len(self._speakers) == 1 and not self._waiting and _FREE <= self.phase <= _ANSWERED

    @property
    def _is_broadcast(self) -> bool:
        return self._settings.mode == "broadcast"

    @property
    def _is_open_to_all(self) -> bool:
        return self.phase is not _AWAY and (self._is_broadcast or (self._is_lone and self.phase is not _LATE))

    def _may_speak(self, program: P, now: float) -> bool:
        self.settle(now)
        if self.phase in (_AWAY, _LATE):
            return False
        if self._is_broadcast:
            return True
        if self.phase is _FREE:
            return not self._waiting
        is_next_question = self._settings.grant == "question" and self.phase is _ANSWERED and self.has_waiting
        return program is self.owner and not is_next_question

    def _begin_or_go_on(self, program: P, data: bytes, now: float) -> None:
        if self.owner is not program:
            self._turn_began = now
            self.owner = None if self._is_broadcast else program
        elif self.phase is _ANSWERED and now >= self._turn_ends():
            self._turn_began = now  # a lone program's pause ends its turn too, though nobody is there to notice
        if self.phase is _ASKED:
            if now - self.last_traffic >= TURN_PAUSE_S:
                self._may_go_on = True
        else:
            self._unanswered_since = now
            self._may_go_on = False
            if self._end is not None:
                self._end.forget()
        self._move(_QUESTION)
        self.owed_since = self.last_traffic = now
        if self._end is not None:
            self._end.ask(data)

    def _audience(self) -> tuple[P, ...]:
        self.loss = ""
        if self._is_broadcast or (self._is_lone and self.phase is not _LATE):
            if not self._speakers:
                self.loss = "unasked"
            return self._speakers + self._observers if self._observers else self._speakers
        if self.owner is not None:
            return (self.owner, *self._observers)
        self.loss = "late" if self.phase is _LATE else "unasked"
        return self._observers

    def _late_ends(self) -> float:
        silent_since = max(self._late_began, self._last_heard)
        return min(silent_since + self._settings.late_guard_s, self._late_began + self._settings.late_guard_max_s)

    def _patience_ends(self) -> float:
        settings = self._settings
        in_vain = max(self._turn_began + settings.turn_limit_s, self._unanswered_since + settings.answer_timeout_s)
        return min(self.owed_since + settings.answer_timeout_s, in_vain)

    def _turn_ends(self) -> float:
        settings = self._settings
        if settings.grant == "question":
            return self.last_traffic + settings.answer_gap_s
        ends = self.last_traffic + settings.idle_s
        if self._waiting:
            ends = min(ends, max(self._turn_began + settings.turn_limit_s, self.last_traffic + TURN_PAUSE_S))
        return ends

    def _release(self, signal: Signal, now: float = 0.0) -> None:
        self._move(signal)
        self.owner = None
        if self.phase is _LATE:
            self._late_began = now

    def _move(self, signal: Signal) -> None:
        self.phase = TABLE[self.phase][signal]


def _frame_end(settings: SharingSettings) -> ModbusEnd | None:
    return ModbusEnd() if settings.grant == "question" and settings.frame_end == "modbus" else None
