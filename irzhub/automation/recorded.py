"""Recorded events for a replay: the newest from the journal, older ones from the history database."""

from datetime import datetime
from functools import partial
from typing import Final, Protocol

from irzhub.core.events import Event
from irzhub.core.exceptions import IrzhubError
from irzhub.storage.event_search import EventSearch, find_events, history_seq_before
from irzhub.storage.history import HistoryStore

PAGE: Final = 2_000
MOST_EVENTS: Final = 1_000_000


class TooManyEvents(IrzhubError):
    """More events than a replay takes; says what to do."""


class PastEvents(Protocol):
    """The journal, as far as the past is asked for."""

    @property
    def first_seq(self) -> int:
        """The lowest number that can still be read; 0 while there is none."""

    async def seq_before(self, moment: datetime) -> int:
        """Return the number of the last event older than `moment`."""

    async def read(self, after_seq: int, limit: int) -> list[Event]:
        """Return at most `limit` events after `after_seq`, in order."""


class Recorded:
    """All events of one hub that can still be read."""

    def __init__(self, journal: PastEvents, history: HistoryStore | None, hub_id: str) -> None:
        self._journal = journal
        self._history = history
        self._hub_id = hub_id

    async def between(self, since: datetime, until: datetime) -> list[Event]:
        """Return the events of a period in order of their number.

        Raises:
            TooManyEvents: the period holds more than fits into memory.
            StorageError: a database cannot be read.
        """
        border = self._journal.first_seq or 2**62
        events = await self._older(since, until, border)
        after = max(await self._journal.seq_before(since), border - 1, events[-1].seq if events else 0)
        while page := await self._journal.read(after, PAGE):
            after = page[-1].seq
            events += [event for event in page if event.ts < until]
            self._check(events)
            if page[-1].ts >= until:
                break
        return events

    async def _older(self, since: datetime, until: datetime, border: int) -> list[Event]:
        history, hub = self._history, self._hub_id
        if history is None:
            return []
        after = await history.read(lambda connection: history_seq_before(connection, hub, since))
        events: list[Event] = []
        while after + 1 < border:
            search = EventSearch(after_seq=after, before_seq=border, limit=PAGE)
            found = await history.read(partial(find_events, search=search, hub=hub))
            events += [event for event in found.events if event.ts < until]
            self._check(events)
            if found.next_seq is None or (found.events and found.events[-1].ts >= until):
                break
            after = found.next_seq
        return events

    @staticmethod
    def _check(events: list[Event]) -> None:
        if len(events) > MOST_EVENTS:
            raise TooManyEvents(f"expected a period with at most {MOST_EVENTS} events: take a shorter one")
