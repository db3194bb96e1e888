"""What the outbox changes goes to the disk before anything leaves; where the disk does not work, alarms go on."""

import asyncio
import logging
from typing import Final

from irzhub.alerts.outbox_book import Changes
from irzhub.core.health import Health
from irzhub.core.tasks import Tasks
from irzhub.storage.errors import StorageError
from irzhub.storage.local import LocalStore
from irzhub.storage.outbox import OutboxRow, save_outbox

_log = logging.getLogger(__name__)

PART: Final = "outbox"
PATIENCE_S: Final = 2.0
_RETRY_S: Final = 1.0
_LIMIT: Final = 100_000


class OutboxSaver:
    """Writes changes in their order; what the disk refuses is kept, at most `_LIMIT` rows, and written later."""

    def __init__(self, store: LocalStore, health: Health, tasks: Tasks) -> None:
        self._store = store
        self._health = health
        self._tasks = tasks
        self._behind: dict[str, None] = {}
        self._behind_rest = Changes()
        self._is_retrying = False
        self._writing: set[asyncio.Future[None]] = set()
        self.unsaved: dict[str, OutboxRow] = {}
        """The newest picture of each row that is not on the disk as it is."""

    async def save(self, changes: Changes) -> bool:
        """Commit changes; say whether these and all before are on the disk. Waits `PATIENCE_S` at the most."""
        if changes:
            self._write(changes)
        if not (writing := set(self._writing)):
            return True
        # What was given before may still be on its way; the disk takes all in their order.
        done, late = await asyncio.wait(writing, timeout=PATIENCE_S)
        if not late and all(each.exception() is None for each in done):
            return True
        self._health.set(PART, "degraded", "the disk does not take messages: they leave from memory")
        return False

    async def close(self) -> None:
        """Wait until all has been tried once more."""
        if self._behind or self._behind_rest:
            self._write(self._take_behind())
        if self._writing:
            await asyncio.wait(set(self._writing), timeout=PATIENCE_S)

    def _write(self, changes: Changes) -> asyncio.Future[None]:
        self.unsaved.update({row.id: row for row in changes.rows})
        writing = self._store.write(
            lambda connection: save_outbox(
                connection, changes.rows, changes.told, changes.damping, changes.ended_damping
            )
        )
        self._writing.add(writing)
        writing.add_done_callback(lambda done: self._written(changes, done))
        return writing

    def _written(self, changes: Changes, done: asyncio.Future[None]) -> None:
        self._writing.discard(done)
        if done.cancelled():
            return
        error = done.exception()
        if error is None:
            for row in changes.rows:
                if self.unsaved.get(row.id) is row:
                    del self.unsaved[row.id]
                    self._behind.pop(row.id, None)
            if not self._behind and not self._behind_rest:
                self._health.set(PART, "up")
            return
        _log.log(
            logging.WARNING if isinstance(error, StorageError) else logging.ERROR, "messages were not stored: %s", error
        )
        for row in changes.rows:
            if len(self._behind) < _LIMIT or row.id in self._behind:
                self._behind[row.id] = None
            elif self.unsaved.get(row.id) is row:
                del self.unsaved[row.id]
        self._behind_rest.told += changes.told
        self._behind_rest.damping += changes.damping
        self._behind_rest.ended_damping += changes.ended_damping
        if not self._is_retrying:
            self._is_retrying = True
            self._tasks.spawn(self._retry(), "store again")

    async def _retry(self) -> None:
        try:
            while self._behind or self._behind_rest:
                await asyncio.sleep(_RETRY_S)
                await asyncio.wait({self._write(self._take_behind())})
        finally:
            self._is_retrying = False

    def _take_behind(self) -> Changes:
        """Return what is behind, rows as they are by now; a damping window that came twice counts as it was last."""
        rest, rows = self._behind_rest, [self.unsaved[id_] for id_ in self._behind if id_ in self.unsaved]
        self._behind, self._behind_rest = {}, Changes()
        windows = {each.key: each for each in rest.damping}
        return Changes(rows, rest.told, list(windows.values()), rest.ended_damping)
