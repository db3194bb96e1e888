"""The folder of backups: its newest files, and what becomes of a backup that cannot be made."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from irzhub.config.load import load_settings
from irzhub.core.tasks import Tasks
from irzhub.storage.history import HistoryStore
from irzhub.storage.history_series import upsert_slots
from irzhub.storage.local import LocalStore
from irzhub.web.backups import FOLDER, KEPT, BackupRuns, Backups

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


class Later:
    """A clock that is a minute on at each look."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        self.at += timedelta(minutes=1)
        return self.at

    def monotonic(self) -> float:
        return 0.0


@pytest.fixture
def backups(tmp_path: Path) -> Backups:
    settings = load_settings(tmp_path, {}, {"hub.data_dir": str(tmp_path / "data")})
    return Backups(settings, Later(), Tasks("test"))


async def made(backups: Backups) -> str:
    """Make one and wait for its end."""
    name = backups.begin()
    with pytest.raises(BackupRuns):
        backups.begin()
    while backups.running is not None:
        for task in list(backups.tasks._tasks):
            await task
    return name


async def test_the_newest_stay(backups: Backups) -> None:
    settings = backups.settings
    where = settings.hub.data_dir
    async with LocalStore(where), HistoryStore(settings.database.url, where, "main") as history:
        await history.run(lambda connection: upsert_slots(connection, []))  # its tables are made when it is first asked
    left = where / FOLDER / "irzhub-20260101-000000.zip.part"
    left.parent.mkdir()
    left.write_bytes(b"half")
    names = [await made(backups) for _ in range(KEPT + 1)]

    assert backups.failed is None
    assert [each.name for each in await backups.files()] == names[:0:-1]
    assert (await backups.files())[-1].made_at == NOW + timedelta(minutes=2)
    assert await backups.find(names[0]) is None
    assert not left.exists()


async def test_what_cannot_be_made_says_why(backups: Backups) -> None:
    await made(backups)
    assert backups.failed is not None and "nothing to back up" in backups.failed
    assert await backups.files() == []
