"""The journal as the engine takes it: in order, from where it surely has done with all that follows from an event."""

from contextlib import ExitStack
from types import TracebackType
from typing import Final, Self

from irzhub.core.bus import Bus
from irzhub.core.events import Event
from irzhub.journal.journal import Journal
from irzhub.mqtt.feed import EventFeed
from irzhub.storage.local import LocalStore
from irzhub.storage.meta import get_meta, set_meta

CURSOR: Final = "automation"
_BEGUN: Final = "automation.begun"


class JournalFeed:
    """The events of this hub as they come; enter it before the fleet.

    Rules that are there for the first time begin with what happens from now on, not with the past.
    """

    def __init__(self, journal: Journal, store: LocalStore, bus: Bus) -> None:
        self._journal = journal
        self._store = store
        self._bus = bus
        self._feed = EventFeed(journal, 0.0, CURSOR)
        self._stack = ExitStack()

    async def __aenter__(self) -> Self:
        if await self._store.read(lambda connection: get_meta(connection, _BEGUN)) is None:
            last = self._journal.last_seq
            self._journal.cursor(CURSOR).advance(last)
            await self._store.write(lambda connection: set_meta(connection, _BEGUN, str(last)))
        self._stack.callback(self._bus.subscribe(Event, lambda _event: self._feed.wake()))
        await self._feed.rewind(None, has_all=True)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    async def take(self, limit: int) -> list[Event]:
        """Return the next events in order, none when all were handed out.

        Raises:
            LocalStoreFailed: the journal cannot be read.
        """
        return await self._feed.take(limit)

    async def wait(self) -> None:
        """Wait until there is something to hand out."""
        await self._feed.wait()

    def acknowledge(self, seq: int) -> None:
        """Note that all that follows from an event is kept."""
        self._feed.acknowledge(seq)
