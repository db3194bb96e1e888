"""What changes reaches the disk in order, or later, or at the end; the newest picture wins."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from irzhub.alerts import outbox_saver
from irzhub.alerts.outbox_book import Changes
from irzhub.alerts.outbox_rows import row_of
from irzhub.alerts.outbox_saver import OutboxSaver
from irzhub.core.bus import Bus
from irzhub.core.health import Health
from irzhub.core.tasks import Tasks
from irzhub.storage.local import LocalStore
from irzhub.storage.outbox import OutboxRow, get_row, known_keys
from tests.alerts.outbox_rig import DUTY, NOW, message


def row(state: str) -> OutboxRow:
    made = row_of(message(), DUTY, "01K00000000000000000000000", NOW, 3600)
    made.state = state
    return made


async def test_changes_are_on_the_disk_when_it_says_so(tmp_path: Path) -> None:
    health, tasks = Health(Bus()), Tasks("test")
    async with LocalStore(tmp_path) as store:
        saver = OutboxSaver(store, health, tasks)
        assert await saver.save(Changes())
        first = tasks.spawn(saver.save(Changes([row("waiting")], [("k" * 32, NOW)])), "save")
        await asyncio.sleep(0)
        assert list(saver.unsaved) == [row("").id]

        assert await saver.save(Changes()), "what was given before is waited for, too"
        assert (await first, saver.unsaved) == (True, {})
        assert await store.read(lambda connection: known_keys(connection, ["k" * 32])) == {"k" * 32}
    await tasks.close()


async def test_what_the_disk_refuses_comes_later_as_it_is_by_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_saver, "_RETRY_S", 0.01)
    health, tasks = Health(Bus()), Tasks("test")
    async with LocalStore(tmp_path) as store:
        saver = OutboxSaver(store, health, tasks)
        whole = store._commit

        def fails(_connection: Any) -> None:
            raise OSError("disk full")

        store._commit = fails  # type: ignore[assignment]
        for state in ("waiting", "sending", "sent"):
            assert not await saver.save(Changes([row(state)]))
        part = health.get("outbox")
        assert part is not None
        assert part.state == "degraded"

        store._commit = whole  # type: ignore[method-assign]
        async with asyncio.timeout(5):
            while saver.unsaved:
                await asyncio.sleep(0.01)
        found = await store.read(lambda connection: get_row(connection, row("").id))
        assert found is not None
        assert found.state == "sent"
        assert health.get("outbox").state == "up"  # type: ignore[union-attr]
        await saver.close()
    await tasks.close()
