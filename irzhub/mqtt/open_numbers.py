"""Which of the events that were handed out are not done with, so that a cursor never passes one of them."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(slots=True)
class OpenNumbers:
    """Numbers in the order in which they were handed out; they may be done in any order."""

    _open: deque[int] = field(default_factory=deque)
    _done: set[int] = field(default_factory=set)

    def begin(self, numbers: Iterable[int]) -> None:
        """These were handed out, in this order."""
        self._open.extend(numbers)

    def end(self, number: int) -> int:
        """One of them is done; return the newest one up to which all are, 0 where that did not change."""
        self._done.add(number)
        newest = 0
        while self._open and self._open[0] in self._done:
            newest = self._open.popleft()
            self._done.discard(newest)
        return newest

    def clear(self) -> None:
        """They will be handed out again."""
        self._open.clear()
        self._done.clear()
