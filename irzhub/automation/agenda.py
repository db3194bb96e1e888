"""What is to be done later, in order of time; seconds of the monotonic clock come in."""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Final

_SPARE: Final = 64


@dataclass(slots=True)
class Entry:
    """One thing to do; `cancel` it and nothing happens."""

    due: float
    work: Callable[[], None] | None
    _owner: "Agenda" = field(repr=False)

    def cancel(self) -> None:
        """Do not do it."""
        if self.work is not None:
            self.work = None
            self._owner.note_cancelled()


@dataclass(slots=True)
class Agenda:
    """A heap of entries; the cancelled ones are swept out once they are the most of it.

    Args:
        sooner: called when something is planned before all that was planned so far.
    """

    sooner: Callable[[], None] = lambda: None

    _heap: list[tuple[float, int, Entry]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)
    _cancelled: int = 0

    def at(self, due: float, work: Callable[[], None]) -> Entry:
        """Have `work` done at monotonic time `due`; equal times keep their order."""
        entry = Entry(due, work, self)
        heapq.heappush(self._heap, (due, next(self._numbers), entry))
        if self._heap[0][2] is entry:
            self.sooner()
        return entry

    def next_due(self) -> float | None:
        """Return when the next thing is due; None while there is nothing."""
        while self._heap and self._heap[0][2].work is None:
            heapq.heappop(self._heap)
            self._cancelled -= 1
        return self._heap[0][0] if self._heap else None

    def run_until(self, now: float, limit: int = 1_000_000) -> int:
        """Do what is due at `now`, at most `limit` of it; return how much it was."""
        done = 0
        while done < limit and (due := self.next_due()) is not None and due <= now:
            entry = heapq.heappop(self._heap)[2]
            work, entry.work = entry.work, None
            assert work is not None
            work()
            done += 1
        return done

    def note_cancelled(self) -> None:
        """One entry more does nothing."""
        self._cancelled += 1
        if self._cancelled > _SPARE and self._cancelled > len(self._heap) // 2:
            self._heap = [each for each in self._heap if each[2].work is not None]
            heapq.heapify(self._heap)
            self._cancelled = 0

    def __len__(self) -> int:
        return len(self._heap) - self._cancelled
