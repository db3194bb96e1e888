"""Stores how jobs and their items stand; items that end meanwhile share the next transaction."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from irzhub.core.tasks import Tasks
from irzhub.fleet.job_run import JobRun
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.jobs import save_items, save_job
from irzhub.storage.local import Connection, LocalStore

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class JobSaver:
    """Writes what has changed of the living jobs `runs`."""

    store: LocalStore
    runs: Mapping[str, JobRun]
    tasks: Tasks
    _is_saving: bool = False

    async def save(self, run: JobRun) -> None:
        """Store a job and its changed items.

        Raises:
            LocalStoreFailed: the disk does not take it; the changes are kept for the next time.
        """
        row, items = run.row, run.take_changes()

        def write(connection: Connection) -> None:
            save_job(connection, row)
            save_items(connection, items)

        try:
            await self.store.write(write)
        except LocalStoreFailed:
            run.return_changes(items)
            raise

    def save_soon(self) -> None:
        """Store all changes, without waiting for it."""
        if not self._is_saving:
            self._is_saving = True
            _ = self.tasks.spawn(self._save_all(), "save")

    async def _save_all(self) -> None:
        try:
            while changed := [run for run in self.runs.values() if run.has_changes]:
                for run in changed:
                    await self.save(run)
        except LocalStoreFailed as error:
            _log.warning("how items of jobs ended is not on the disk yet: %s", error)
        finally:
            self._is_saving = False
