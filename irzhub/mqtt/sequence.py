"""Puts events that come over topics and in answers back into one order: no gap, no repeat. Pure: it asks, others send.

A hub numbers its events without a gap. What is missing is asked for by number; what came too early waits for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from irzhub.core.events import Event

MOST_WAITING: Final = 20_000
BEYOND_ALL: Final = (1 << 62) - 1
"""Asking for what is behind this number answers nothing, but says where the hub is."""


@dataclass(slots=True)
class EventSequence:
    """The events of one hub, each handed out once and in order.

    Args:
        position: the number of the last one that was handed out; None: begin with what happens from now on.
    """

    position: int | None = None
    repeats: int = 0
    lost: int = 0
    _waiting: dict[int, Event] = field(default_factory=dict)
    _known: int = 0

    def take(self, event: Event) -> list[Event]:
        """Take in an event that came just now; return those that are next in order."""
        self._known = max(self._known, event.seq)
        if self.position is not None and event.seq <= self.position:
            self.repeats += 1
            return []
        if len(self._waiting) < MOST_WAITING:  # beyond that it is asked for again
            self._waiting[event.seq] = event
        return self._next()

    def answered(self, events: Iterable[Event], first_seq: int, last_seq: int) -> list[Event]:
        """Take in what the hub answered to `wanted`: what it still has behind that number, and from where to where.

        Returns:
            those that are next in order. What the hub has no more is counted in `lost`.
        """
        found = sorted(events, key=lambda event: event.seq)
        if self.position is None or last_seq < self.position:  # a new follower, or a hub whose numbers went back
            self.position = last_seq if self.position is None else min(self.position, last_seq)
            self._known = max([self.position, *self._waiting])
            return self._next()
        ready: list[Event] = []
        if found and found[0].seq > self.position + 1:
            self.lost += max(0, min(found[0].seq, first_seq) - self.position - 1)
        for event in found:
            if event.seq > self.position:
                self.position = event.seq
                ready.append(event)
        if not found:
            self.position = max(self.position, last_seq)  # nothing is kept between here and there
        self._known = max(self._known, last_seq)
        return ready + self._next()

    def skip(self) -> list[Event]:
        """Give up what is missing before the first one that waits; return what is next then."""
        if self.position is None:
            self.position = min(self._waiting, default=1) - 1
        elif self._waiting:
            self.lost += min(self._waiting) - self.position - 1
            self.position = min(self._waiting) - 1
        self._known = max([self.position, *self._waiting])
        return self._next()

    @property
    def wanted(self) -> int | None:
        """Behind which number events must be asked for now; None when nothing is missing."""
        if self.position is None:
            return BEYOND_ALL
        return self.position if self._known > self.position else None

    @property
    def is_stuck(self) -> bool:
        """Whether events have come that wait for others."""
        return bool(self._waiting)

    def _next(self) -> list[Event]:
        if self.position is None:
            return []
        ready: list[Event] = []
        for stale in [seq for seq in self._waiting if seq <= self.position]:
            del self._waiting[stale]
        while (event := self._waiting.pop(self.position + 1, None)) is not None:
            self.position = event.seq
            ready.append(event)
        return ready
