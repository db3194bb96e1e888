"""Copies of incidents into the history database, and how long they are kept here."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from irzhub.core.clock import Clock
from irzhub.storage.errors import DatabaseRefused, DatabaseUnavailable, LocalStoreFailed
from irzhub.storage.history import HistoryStore
from irzhub.storage.history_incidents import last_copied, upsert_incidents
from irzhub.storage.incidents import changed_incidents, purge_incidents
from irzhub.storage.local import LocalStore
from irzhub.storage.shift_log import purge_entries

_log = logging.getLogger(__name__)
_BATCH: Final = 500
_COPY_EVERY_S: Final = 5.0
_PURGE_EVERY_S: Final = 3600.0


class IncidentCopies:
    """Follows the revisions: whatever changed goes to the history database, at once or when that is back.

    Args:
        go_on_behind: is told of the highest number and revision that the history has.
    """

    def __init__(
        self,
        keep_days: int,
        store: LocalStore,
        history: HistoryStore,
        clock: Clock,
        go_on_behind: Callable[[int, int], None],
    ) -> None:
        self._go_on_behind = go_on_behind
        self._keep = timedelta(days=keep_days)
        self._store = store
        self._history = history
        self._clock = clock
        self._copied: int | None = None

    async def copy(self) -> bool:
        """Copy one batch; say whether more waits.

        Raises:
            DatabaseUnavailable, DatabaseRefused, LocalStoreFailed: not now.
        """
        hub = self._history.hub
        copied = await self._begin(hub) if self._copied is None else self._copied
        rows = await self._store.read(lambda connection: changed_incidents(connection, copied, _BATCH))
        if rows:
            await self._history.run(lambda connection: upsert_incidents(connection, hub, rows))
            self._copied = rows[-1].revision
        return len(rows) == _BATCH

    async def _begin(self, hub: str) -> int:
        """Ask the history how far it is; return the highest revision that it has."""
        number, copied = await self._history.run(lambda connection: last_copied(connection, hub))
        self._go_on_behind(number, copied)
        self._copied = copied
        return copied

    async def purge(self) -> int:
        """Remove what is older than the setting allows and copied; return how many incidents went.

        Raises:
            LocalStoreFailed: not now.
        """
        before, copied = self._clock.now() - self._keep, self._copied or 0
        await self._store.write(lambda connection: purge_entries(connection, before))
        return await self._store.write(lambda connection: purge_incidents(connection, before, copied, _BATCH))

    async def keep_copying(self) -> None:
        """Copy for ever."""
        while True:
            try:
                while await self.copy():
                    pass
            except (DatabaseUnavailable, DatabaseRefused, LocalStoreFailed) as error:
                # The recorder says aloud that the database is away; the rows wait here.
                _log.debug("incidents are copied later: %s", error)
                self._copied = None
            await asyncio.sleep(_COPY_EVERY_S)

    async def keep_purging(self) -> None:
        """Purge for ever."""
        while True:
            await asyncio.sleep(_PURGE_EVERY_S)
            try:
                while await self.purge() == _BATCH:
                    pass
            except LocalStoreFailed as error:
                _log.warning("old incidents stay for now: %s", error)
