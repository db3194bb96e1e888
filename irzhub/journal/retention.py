"""How long the journal keeps events that everybody has read, and how many at the most."""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from irzhub.core.clock import Clock
from irzhub.storage.events import event_bounds, prune_events, seq_before
from irzhub.storage.local import LocalStore

_log = logging.getLogger(__name__)
KEEP: Final = timedelta(days=14)
MAX_EVENTS: Final = 2_000_000
_BATCH: Final = 1000


class Retention:
    """Removes old events in small transactions, so that no commit waits long behind it.

    Args:
        lowest_cursor: position of the reader furthest behind; None when nobody reads.
    """

    def __init__(self, store: LocalStore, clock: Clock, lowest_cursor: Callable[[], int | None]) -> None:
        self._store = store
        self._clock = clock
        self._lowest_cursor = lowest_cursor

    async def prune(self) -> int:
        """Remove what is due and return how many events went.

        Raises:
            LocalStoreFailed: the disk does not take it; nothing is lost, try again later.
        """
        old_enough = self._clock.now() - KEEP
        old = await self._store.read(lambda connection: seq_before(connection, old_enough))
        read_by_all = self._lowest_cursor()
        before = 1 + (old if read_by_all is None else min(old, read_by_all))
        first, last = await self._store.read(event_bounds)
        if (overdue := last - MAX_EVENTS + 1) > max(before, first):
            _log.error(
                "the journal holds %d events, more than %d: the oldest go although a reader (at %s) has not had them",
                last - first + 1,
                MAX_EVENTS,
                read_by_all,
            )
            before = overdue
        removed = 0
        while count := await self._store.write(lambda connection: prune_events(connection, before, _BATCH)):
            removed += count
        return removed
