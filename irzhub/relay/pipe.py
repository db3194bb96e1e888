"""One program, one modem, nobody else: bytes pass from socket to socket, and what they mean is settled later.

This is what nearly every line is doing nearly always, so it is the relay's hot path. A byte that passes costs one
entry in a log. Bytes are counted once a second; turns, latency, polls and the flight recorder take the whole log at
once: every few dozen entries, every five seconds, and before anybody looks at them. Whatever is not plain (a second
program, a keepalive, a large read, a slow reader) closes the pipe first and goes the long way; the next question
opens it again.
"""

import itertools
import operator
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from irzhub.relay.polls import take_turns
from irzhub.relay.sharing import Line

if TYPE_CHECKING:
    from irzhub.relay.context import ClientSide
    from irzhub.relay.link import ModemLink
    from irzhub.relay.program import Program

SMALL: Final = 2048
"""Reads up to this size go through a pipe; so its log holds 256 KiB at the most."""
# Programs that poll in step would let all logs be full at the same moment: so each has a limit of its own.
_LIMITS: Final = itertools.cycle(range(3 * 64, 3 * 128, 3))
_ANSWER: Final = 0
_QUESTION: Final = 1
_DIRECTIONS: Final = bytes.maketrans(bytes((_ANSWER, _QUESTION)), b"=>")


class MeterEnd(NamedTuple):
    """How bytes go to and from a modem while nothing but data passes.

    Attributes:
        read: returns the meter's bytes of one read, None when it is not plainly that.
        build: returns bytes as they go to the modem; None: as they are.
        write: puts them on the modem's socket.
    """

    read: Callable[[bytes], bytes | None]
    build: Callable[[bytes], bytes] | None
    write: Callable[[bytes], None]


class Pipe:
    """The plain way between one program and one session of its modem; good until either changes."""

    __slots__ = (
        "_build",
        "_counted",
        "_limit",
        "_line",
        "_log",
        "_modem",
        "_monotonic",
        "_read",
        "_side",
        "_to_meter",
        "_to_program",
        "link",
        "program",
    )

    def __init__(
        self,
        modem: str,
        line: "Line[Program]",
        side: "ClientSide",
        program: "Program",
        link: "ModemLink",
        end: MeterEnd,
    ) -> None:
        self.program = program
        self.link = link
        self._modem = modem
        self._line = line
        self._side = side
        self._limit = next(_LIMITS)
        self._monotonic = side.monotonic
        self._log: list[Any] = []  # moment, direction, bytes; and so on, flat, which costs no object for an entry
        self._counted = 0  # so much of the log is in the counters of program and link
        self._read, self._build, self._to_meter = end
        self._to_program = program.write

    def ask(self, data: bytes) -> None:
        """Pass bytes of the program on, at most `SMALL`."""
        log = self._log
        note = log.append
        note(self._monotonic())
        note(_QUESTION)
        note(data)
        self._to_meter(data if self._build is None else self._build(data))
        if len(log) > self._limit:
            self.settle()

    def answer(self, data: bytes) -> bool:
        """Pass a read of the modem on, at most `SMALL`; say whether it was plain data, else nothing was done."""
        if (payload := self._read(data)) is None:
            return False
        log = self._log
        note = log.append
        note(self._monotonic())
        note(_ANSWER)
        note(payload)
        self._to_program(payload)
        if len(log) > self._limit:
            self.settle()
        return True

    def open(self) -> None:
        """Let both ends use it."""
        self.program.pipe = self.link.pipe = self
        self._side.pipes[self._modem] = self
        self._side.rings.feeds[self._modem] = self.settle

    def close(self) -> None:
        """Both ends go the long way from now on; settles all."""
        self.program.pipe = self.link.pipe = None
        del self._side.pipes[self._modem]
        del self._side.rings.feeds[self._modem]
        self.settle()

    def count(self) -> None:
        """Bring the counters of program and modem up to date; it costs a fifth of `settle`."""
        log, start = self._log, self._counted
        if start == len(log):
            return
        self._counted = len(log)
        kinds, sizes = log[start + 1 :: 3], list(map(len, log[start + 2 :: 3]))
        tx_bytes = sum(itertools.compress(sizes, kinds))
        rx_bytes = sum(sizes) - tx_bytes
        self.program.tx_bytes += tx_bytes
        self.program.rx_bytes += rx_bytes
        self.link.passed(rx_bytes, tx_bytes, _last_answer(log[start::3], kinds) if rx_bytes else None)

    def settle(self) -> None:
        """Let everybody know what has passed since the last time."""
        log = self._log
        if not log:
            return
        self.count()
        stamps, kinds, pieces = log[0::3], log[1::3], log[2::3]
        log.clear()
        self._counted = 0
        self._side.latency.observe_all(list(_waits(self._line.asked_at, stamps, kinds)))
        self._line.catch_up(self.program, stamps, kinds)
        self._side.polls.of(self._modem).passed(self.program.peer_host, stamps, kinds, pieces)
        self._side.rings.extend(self._modem, stamps, bytes(kinds).translate(_DIRECTIONS), pieces)


def _waits(asked_at: float | None, stamps: list[float], kinds: list[int]) -> Iterable[float]:
    """Return how long each answer let the program wait; `asked_at`: of the question before, None if none is open."""
    if kinds[0] == _ANSWER:
        if asked_at is None:
            stamps, kinds = stamps[1:], kinds[1:]
        else:
            stamps, kinds = [asked_at, *stamps], [_QUESTION, *kinds]
    if take_turns(kinds):
        return map(operator.sub, stamps[1::2], stamps[0::2])
    return _waits_of_pieces(stamps, kinds)


def _waits_of_pieces(stamps: list[float], kinds: list[int]) -> Iterable[float]:
    asked_at = None
    for at, kind in zip(stamps, kinds, strict=True):
        if kind:
            asked_at = at
        elif asked_at is not None:
            yield at - asked_at
            asked_at = None


def _last_answer(stamps: list[float], kinds: list[int]) -> float | None:
    """Return when the modem spoke last, None when it did not."""
    for back in range(len(kinds) - 1, -1, -1):
        if kinds[back] == _ANSWER:
            return stamps[back]
    return None
