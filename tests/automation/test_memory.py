"""What is waited for reaches the disk in batches, and who gave it is told after that."""

from pathlib import Path
from typing import Any

import pytest

from irzhub.automation import memory as module
from irzhub.automation.memory import Memory
from irzhub.automation.ports import Kept
from irzhub.storage.automation_memory import change_kept, load_kept
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.local import LocalStore
from tests.automation.rig import START


def kept(number: int, **data: Any) -> Kept:
    return Kept(key=f"hold/r/0/{number}", kind="hold", rule="r", due=START, data=data)


async def test_it_is_there_again_after_a_restart(tmp_path: Path) -> None:
    done = list[str]()
    async with LocalStore(tmp_path) as store:
        memory = Memory(store)
        memory.start()
        memory.keep(kept(1, a=1), lambda: done.append("first"))
        memory.keep(kept(1, a=2), lambda: done.append("second"))
        memory.keep(kept(2), lambda: done.append("third"))
        memory.drop(kept(2).key, lambda: done.append("fourth"))
        assert done == []
        await memory.stop()
        assert done == ["first", "second", "third", "fourth"]
    async with LocalStore(tmp_path) as store:
        assert await Memory(store).load() == [kept(1, a=2)]


async def test_a_disk_that_fails_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_AGAIN_S", 0.01)
    failures = [LocalStoreFailed("disk full"), LocalStoreFailed("disk full")]

    def fail_twice(*arguments: Any) -> None:
        if failures:
            raise failures.pop()
        change_kept(*arguments)

    monkeypatch.setattr(module, "change_kept", fail_twice)
    done = list[str]()
    async with LocalStore(tmp_path) as store:
        memory = Memory(store)
        memory.start()
        memory.keep(kept(1), lambda: done.append("kept"))
        await memory.stop()
        assert done == ["kept"]
        assert len(await store.read(load_kept)) == 1
