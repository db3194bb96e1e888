"""The audit as one part of the hub: the chain, its copies, and how long it is kept."""

import asyncio
import logging
import socket
from contextlib import AsyncExitStack
from datetime import timedelta
from types import TracebackType
from typing import Final, Self

from irzhub.audit.syslog import SyslogCopies
from irzhub.audit.trail import AuditTrail
from irzhub.audit.watch import watch
from irzhub.config.settings import AuditSettings
from irzhub.core.bus import Bus
from irzhub.core.clock import Clock
from irzhub.core.health import Health
from irzhub.core.tasks import Tasks
from irzhub.storage.audit import purge_audit, read_audit
from irzhub.storage.errors import DatabaseRefused, DatabaseUnavailable, LocalStoreFailed
from irzhub.storage.history import HistoryStore
from irzhub.storage.history_audit import insert_audit, last_audit, purge_audit_copies
from irzhub.storage.local import LocalStore

_log = logging.getLogger(__name__)

_BATCH: Final = 500
_COPY_EVERY_S: Final = 5.0
_PURGE_EVERY_S: Final = 3600.0


class Audit:
    """Watches the bus, copies rows to syslog and into the history database, and removes what is too old.

    A row leaves the chain by age only once the history database has its copy.
    """

    def __init__(
        self,
        settings: AuditSettings,
        trail: AuditTrail,
        store: LocalStore,
        history: HistoryStore,
        bus: Bus,
        clock: Clock,
        health: Health,
    ) -> None:
        self._settings = settings
        self.trail = trail
        self._store = store
        self._history = history
        self._bus = bus
        self._clock = clock
        self._health = health
        self._tasks = Tasks("audit")
        self._copied: int | None = None
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        self._stack.push_async_callback(self._tasks.close)
        self._stack.callback(watch(self._bus, self.trail))
        if self._settings.syslog is not None:
            copies = SyslogCopies(self._settings.syslog, socket.gethostname(), self._health)
            self.trail.listeners.append(copies.add)
            self._tasks.spawn(copies.keep_sending(), "syslog")
        self._tasks.spawn(self._keep_copying(), "copy")
        self._tasks.spawn(self._keep_purging(), "purge")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def copy(self) -> bool:
        """Copy one batch into the history database; say whether more waits.

        Raises:
            DatabaseUnavailable, DatabaseRefused, LocalStoreFailed: not now.
        """
        hub = self._history.hub
        if self._copied is None:
            self._copied = await self._history.run(lambda connection: last_audit(connection, hub))
        copied = self._copied
        rows = await self._store.read(lambda connection: read_audit(connection, copied, _BATCH))
        if rows:
            await self._history.run(lambda connection: insert_audit(connection, hub, rows))
            self._copied = rows[-1].seq
        return len(rows) == _BATCH

    async def purge(self) -> int:
        """Remove what is older than the setting allows, here and in the copies; return how many rows went here.

        Raises:
            DatabaseUnavailable, DatabaseRefused, LocalStoreFailed: not now.
        """
        before, copied = self._clock.now() - timedelta(days=self._settings.days), self._copied or 0
        gone = await self._store.write(lambda connection: purge_audit(connection, before, copied, _BATCH))
        hub = self._history.hub
        await self._history.run(lambda connection: purge_audit_copies(connection, hub, before, _BATCH))
        return gone

    async def _keep_copying(self) -> None:
        while True:
            try:
                while await self.copy():
                    pass
            except (DatabaseUnavailable, DatabaseRefused, LocalStoreFailed) as error:
                # The recorder says aloud that the database is away; the rows wait in the chain.
                _log.debug("the audit is copied later: %s", error)
                self._copied = None
            await asyncio.sleep(_COPY_EVERY_S)

    async def _keep_purging(self) -> None:
        while True:
            await asyncio.sleep(_PURGE_EVERY_S)
            try:
                while await self.purge() == _BATCH:
                    pass
            except (DatabaseUnavailable, DatabaseRefused, LocalStoreFailed) as error:
                _log.warning("old rows of the audit stay for now: %s", error)
