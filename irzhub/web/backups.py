"""Backups that people ask for: made beside the running hub into a folder of its own, of which the newest few stay."""

import asyncio
import logging
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from aiohttp import web

from irzhub.config.settings import Settings
from irzhub.core.clock import Clock
from irzhub.core.exceptions import IrzhubError
from irzhub.core.tasks import Tasks
from irzhub.storage import dump

_log = logging.getLogger(__name__)

FOLDER: Final = "backups"
KEPT: Final = 3
_NAME: Final = re.compile(r"irzhub-([0-9]{8}-[0-9]{6})\.zip", re.ASCII)
_STAMP: Final = "%Y%m%d-%H%M%S"


class BackupRuns(Exception):
    """One is being made already."""


@dataclass(frozen=True, slots=True)
class BackupFile:
    """A backup that is whole."""

    name: str
    made_at: datetime
    size_bytes: int


@dataclass(slots=True)
class Backups:
    """The backups in `data_dir`.

    Attributes:
        running: the name of the one that is being made; None: none is. progress: how far it is.
        failed: why the last one could not be made.
    """

    settings: Settings
    clock: Clock
    tasks: Tasks
    running: str | None = None
    progress: dump.Progress | None = None
    failed: str | None = None
    _folder: Path = field(init=False)

    def __post_init__(self) -> None:
        self._folder = self.settings.hub.data_dir / FOLDER

    def begin(self) -> str:
        """Begin a backup and return the name that it will have.

        Raises:
            BackupRuns: one is being made already.
        """
        if self.running is not None:
            raise BackupRuns
        name = f"irzhub-{self.clock.now().astimezone(UTC).strftime(_STAMP)}.zip"
        self.running, self.progress, self.failed = name, None, None
        self.tasks.spawn(self._make(name), "backup")
        return name

    async def files(self) -> list[BackupFile]:
        """Return what is there, the newest first."""
        return await asyncio.to_thread(self._files)

    async def find(self, name: str) -> Path | None:
        """Return the file of that name; None: there is none, or it is no name of a backup."""
        return next((self._folder / each.name for each in await self.files() if each.name == name), None)

    async def delete(self, name: str) -> bool:
        """Remove one; return whether it was there."""
        if (file := await self.find(name)) is None:
            return False
        await asyncio.to_thread(file.unlink, missing_ok=True)
        return True

    async def _make(self, name: str) -> None:
        try:
            await asyncio.to_thread(self._prepare)
            report = await dump.backup(self.settings, self._folder / name, self._told)
            _log.info("a backup of %d bytes was made: %s", report.size_bytes, report.file)
            for old in (await self.files())[KEPT:]:
                await self.delete(old.name)
        except (IrzhubError, OSError) as error:
            self.failed = " ".join(str(error).split())
            _log.error("no backup: %s", self.failed)
        finally:
            self.running = self.progress = None

    def _prepare(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for broken in self._folder.glob("irzhub-*.zip.part"):  # the hub was killed while it was made
            broken.unlink(missing_ok=True)

    def _told(self, progress: dump.Progress) -> None:
        self.progress = progress

    def _files(self) -> list[BackupFile]:
        if not self._folder.is_dir():
            return []
        found = []
        for file in self._folder.iterdir():
            if (name := _NAME.fullmatch(file.name)) is not None and file.is_file():
                made_at = datetime.strptime(name[1], _STAMP).replace(tzinfo=UTC)
                found.append(BackupFile(file.name, made_at, file.stat().st_size))
        return sorted(found, key=lambda each: each.name, reverse=True)


BACKUPS: Final = web.AppKey("backups", Backups)
