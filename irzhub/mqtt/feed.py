"""Events for a reader such as the broker, in order of their number, from where it surely has them all."""

import asyncio
from collections import deque
from datetime import datetime, timedelta
from typing import Final

from irzhub.core.events import Event
from irzhub.journal.journal import Journal
from irzhub.mqtt.open_numbers import OpenNumbers

CURSOR: Final = "mqtt"
_RECENT: Final = 2000


class EventFeed:
    """Reads the journal behind a cursor, by default `mqtt`, which follows what the reader acknowledged without a gap.

    Events that have just been published on the bus come from memory; only what is older is read from disk,
    in batches, so however long the broker is away nothing piles up here.
    """

    def __init__(self, journal: Journal, resend_s: float, cursor: str = CURSOR) -> None:
        self._journal = journal
        self._cursor = cursor
        self._resend = timedelta(seconds=resend_s)
        self._recent: deque[Event] = deque(maxlen=_RECENT)
        self._open = OpenNumbers()
        self._position = 0
        self._arrival = asyncio.Event()

    @property
    def position(self) -> int:
        """Return the number of the last event that was handed out."""
        return self._position

    @property
    def is_empty(self) -> bool:
        """Say whether everything was handed out."""
        return self._position >= self._journal.last_seq

    def push(self, event: Event) -> None:
        """Keep an event from the bus for a while; older ones make room and are read from the journal again."""
        self._recent.append(event)
        self._arrival.set()

    async def wait(self) -> None:
        """Wait until there is something to hand out."""
        while self.is_empty:
            self._arrival.clear()
            await self._arrival.wait()

    async def rewind(self, lost_at: datetime | None, *, has_all: bool = False) -> None:
        """Go back before a new connection: a killed broker forgets what it acknowledged last (rule 3).

        Args:
            lost_at: when the connection before this one ended; None after a start, when the last event that
                was acknowledged tells how long ago the hub was alive.
            has_all: the broker has lived all the time and forgot nothing.

        Raises:
            LocalStoreFailed: the journal cannot be read.
        """
        cursor = self._journal.cursor(self._cursor)
        if lost_at is None and not has_all:
            last = await self._journal.read(cursor.position - 1, 1) if cursor.position else []
            lost_at = last[0].ts if last else None
        if lost_at is not None and not has_all:
            cursor.rewind(await self._journal.seq_before(lost_at - self._resend))
        self._position = cursor.position
        self._open.clear()

    async def take(self, limit: int) -> list[Event]:
        """Return the next events in order, none when all were handed out.

        Raises:
            LocalStoreFailed: the journal cannot be read.
        """
        while self._recent and self._recent[0].seq <= self._position:
            self._recent.popleft()
        if self.is_empty:
            return []
        if self._recent and self._recent[0].seq == self._position + 1:
            batch = [self._recent.popleft() for _ in range(min(limit, len(self._recent)))]
        else:
            batch = await self._journal.read(self._position, limit)
        if not batch:  # numbers that nobody can read any more: pruned, or lost with a broken disk
            self._position = self._recent[0].seq - 1 if self._recent else self._journal.last_seq
            return []
        self._position = batch[-1].seq
        self._open.begin(event.seq for event in batch)
        return batch

    def acknowledge(self, seq: int) -> None:
        """Note that the reader has an event; the cursor follows as soon as it has all before it too."""
        if newest := self._open.end(seq):
            self._journal.cursor(self._cursor).advance(newest)
