"""The newest events in memory: those who follow the journal closely read no file."""

from collections import deque
from itertools import islice
from typing import Final

from irzhub.core.events import Event

KEPT: Final = 2000


class RecentEvents:
    """The last `KEPT` events that were handed on, in order and without a gap in their numbers."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque(maxlen=KEPT)

    def add(self, event: Event) -> None:
        """Keep the next event; the oldest makes room."""
        self._events.append(event)

    def clear(self) -> None:
        """Forget all, as the numbers that follow are no longer those that are stored."""
        self._events.clear()

    def read(self, after_seq: int, limit: int) -> list[Event] | None:
        """Return at most `limit` events after `after_seq`; None when the first of them are no longer here."""
        if not self._events or self._events[0].seq > after_seq + 1:
            return None
        skipped = after_seq + 1 - self._events[0].seq
        return list(islice(self._events, skipped, skipped + limit))
