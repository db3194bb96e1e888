"""What the engine must not lose over a restart, written in batches; who gave it is told once the disk has it."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from irzhub.automation.ports import Kept
from irzhub.core.tasks import Tasks
from irzhub.storage.automation_memory import KeptRow, change_kept, load_kept
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.local import Connection, LocalStore

_log = logging.getLogger(__name__)
_AGAIN_S: Final = 1.0
_END_S: Final = 2.0

Done = Callable[[], None]


class Memory:
    """Waits and runs by key; of what changes often in a moment only the last state is written.

    While the disk fails nothing is told to be kept, and all of it is tried again: then the events behind it are
    taken once more after a restart.
    """

    def __init__(self, store: LocalStore) -> None:
        self._store = store
        self._tasks = Tasks("automation-memory")
        self._changes: dict[str, KeptRow | None] = {}
        self._waiting: list[Done] = []
        self._has_some = asyncio.Event()
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    async def load(self) -> list[Kept]:
        """Return what was kept before this start."""
        rows = await self._store.read(load_kept)
        return [
            Kept(key=row.key, kind="run" if row.kind == "run" else "hold", rule=row.rule, due=row.due, data=row.data)
            for row in rows
        ]

    def start(self) -> None:
        """Write from now on."""
        self._tasks.spawn(self._keep_writing(), "write")

    async def stop(self) -> None:
        """Write what is left, for a moment, and end."""
        try:
            async with asyncio.timeout(_END_S):
                await self._is_idle.wait()
        except TimeoutError:
            _log.warning("not all that automations wait for was written: their last events are taken again")
        await self._tasks.close()

    def keep(self, kept: Kept, done: Done) -> None:
        """Remember something, in place of what has the same key."""
        row = KeptRow(key=kept.key[:400], kind=kept.kind, rule=kept.rule, due=kept.due, data=kept.data)
        self._change(row.key, row, done)

    def drop(self, key: str, done: Done) -> None:
        """Forget what has a key."""
        self._change(key[:400], None, done)

    def _change(self, key: str, row: KeptRow | None, done: Done) -> None:
        self._changes[key] = row
        self._waiting.append(done)
        self._has_some.set()
        self._is_idle.clear()

    async def _keep_writing(self) -> None:
        while True:
            await self._has_some.wait()
            self._has_some.clear()
            changes, self._changes = self._changes, {}
            waiting, self._waiting = self._waiting, []
            if changes:
                await self._write(changes)
            for done in waiting:
                done()
            if not self._changes:
                self._is_idle.set()

    async def _write(self, changes: dict[str, KeptRow | None]) -> None:
        saved = [row for row in changes.values() if row is not None]
        dropped = [key for key, row in changes.items() if row is None]

        def write(connection: Connection) -> None:
            change_kept(connection, saved, dropped)

        is_told = False
        while True:
            try:
                await self._store.write(write)
                return
            except LocalStoreFailed as error:
                if not is_told:
                    _log.warning("what automations wait for cannot be written, trying again: %s", error)
                is_told = True
                await asyncio.sleep(_AGAIN_S)
