"""The polls of all lines of a relay, told to the hub from time to time."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from irzhub.relay.polls import LinePolls, Poll, Refusal

_ANSWER_WITHIN_S: Final = 60.0
"""Nobody waits longer for a meter: the longest time-out that programs over GPRS are set to."""
_LINES_AT_ONCE: Final = 250


class AllPolls:
    """Keeps `LinePolls` for the lines that were polled of late, and for no other."""

    __slots__ = ("_lines", "_monotonic")

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._lines: dict[str, LinePolls] = {}

    def of(self, modem: str) -> LinePolls:
        """Return the polls of one line."""
        line = self._lines.get(modem)
        if line is None:
            line = self._lines[modem] = LinePolls()
        return line

    def refuse(self, modem: str, program: str, why: Refusal) -> None:
        """Count a program that was turned away before it had asked anything."""
        self.of(modem).turn_away(program, b"", self._monotonic(), why)

    def turn_away(self, modem: str, program: str, questions: Iterable[bytes], why: Refusal) -> int:
        """Count questions that never went out; return their size in bytes."""
        size_bytes = 0
        for question in questions:
            size_bytes += len(question)
            self.of(modem).turn_away(program, question, self._monotonic(), why)
        return size_bytes

    def lose(self, modem: str) -> None:
        """A modem has gone."""
        if (line := self._lines.get(modem)) is not None:
            line.lose()

    def forget(self, modem: str) -> None:
        """A modem was deleted."""
        self._lines.pop(modem, None)

    def take(self, unix_now: float) -> Iterator[dict[str, list[Poll]]]:
        """Return what was counted since the last time, by modem, some lines at once; `unix_now` is the present."""
        now = self._monotonic()
        portion: dict[str, list[Poll]] = {}
        for modem, line in list(self._lines.items()):
            line.give_up(now - _ANSWER_WITHIN_S, now)
            if polls := line.take(unix_now - now):
                portion[modem] = polls
                if len(portion) >= _LINES_AT_ONCE:
                    yield portion
                    portion = {}
            elif line.is_idle:
                self._lines.pop(modem, None)
        if portion:
            yield portion

    def __len__(self) -> int:
        return len(self._lines)
