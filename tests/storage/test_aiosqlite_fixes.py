"""A history file that another program holds leaves nothing behind in the loop."""

import asyncio
import contextlib
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from irzhub.core.tasks import Tasks
from irzhub.storage.history import HistoryStore


def ask(connection: Connection) -> int | None:
    return connection.execute(text("SELECT 1")).scalar()


async def test_a_query_that_was_given_up_twice_leaves_no_task(tmp_path: Path) -> None:
    async with HistoryStore("sqlite:///history.db", tmp_path, "irzhub") as store:
        assert await store.run(ask) == 1
        before = asyncio.all_tasks()
        with contextlib.closing(sqlite3.connect(tmp_path / "history.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            asking = Tasks("test").spawn(store.run(ask, deadline_s=60), "ask")
            for _ in range(2):  # the query is given up at the first, the closing of its connection at the second
                await asyncio.sleep(0.2)
                asking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asking

        async with asyncio.timeout(10):
            while asyncio.all_tasks() - before:
                await asyncio.sleep(0.05)
        assert await store.run(ask) == 1
