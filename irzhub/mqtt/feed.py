"""Events for a reader such as the broker, in order of their number, from where it surely has them all."""

import asyncio
from datetime import datetime, timedelta
from typing import Final

from irzhub.core.events import Event
from irzhub.journal.journal import Journal
from irzhub.mqtt.open_numbers import OpenNumbers

CURSOR: Final = "mqtt"


class EventFeed:
    """Reads the journal behind a cursor, by default `mqtt`, which follows what the reader acknowledged without a gap.

    What is read is one batch, and nothing is kept here: however long the broker is away nothing piles up.
    """

    def __init__(self, journal: Journal, resend_s: float, cursor: str = CURSOR) -> None:
        self._journal = journal
        self._cursor = cursor
        self._resend = timedelta(seconds=resend_s)
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

    def wake(self) -> None:
        """Let `wait` look again: the journal has handed on an event."""
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
        if self.is_empty:
            return []
        last = self._journal.last_seq  # before it is read: what happens meanwhile is read in the next turn
        batch = await self._journal.read(self._position, limit)
        if not batch:  # numbers that nobody can read any more: pruned, or lost with a broken disk
            self._position = last
            return []
        self._position = batch[-1].seq
        self._open.begin(event.seq for event in batch)
        return batch

    def acknowledge(self, seq: int) -> None:
        """Note that the reader has an event; the cursor follows as soon as it has all before it too."""
        if newest := self._open.end(seq):
            self._journal.cursor(self._cursor).advance(newest)
