"""A server that stands still in any phase of a transaction costs its caller the deadline, and the pool nothing."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.pool import Pool

from irzhub.storage.errors import DatabaseUnavailable
from irzhub.storage.history import HistoryStore
from tests.mariadb import MariaDb

MORE_THAN_THE_POOL = 6
IN_TIME = r"did not answer within 0\.3 s"


@contextmanager
def stopped_before(phase: str, server: MariaDb) -> Iterator[None]:
    """Stop the server when a transaction comes to `phase`: an event of SQLAlchemy's pool."""

    def stop(*_: Any) -> None:
        server.pause()

    event.listen(Pool, phase, stop)
    try:
        yield
    finally:
        event.remove(Pool, phase, stop)


def left_behind() -> list[str]:
    return [task.get_name() for task in asyncio.all_tasks() if task.get_name() == "history:transaction"]


def ask(connection: Connection) -> None:
    connection.execute(text("SELECT 1"))


@pytest.mark.parametrize("phase", ["checkout", "asking", "refusing", "committing", "reset"])
async def test_nothing_is_left_behind_while_the_server_still_stands(
    phase: str, own_mariadb: MariaDb, tmp_path: Path
) -> None:
    def job(connection: Connection) -> None:
        if phase == "asking":
            own_mariadb.pause()
        ask(connection)
        if phase in ("refusing", "committing"):
            own_mariadb.pause()
        if phase == "refusing":
            raise ValueError("not this")

    async with HistoryStore(own_mariadb.new_database(), tmp_path, "main") as history:
        await asyncio.gather(*(history.run(lambda conn: conn.execute(text("SELECT SLEEP(0.2)"))) for _ in range(4)))
        began = time.monotonic()
        pool_event = phase if phase in ("checkout", "reset") else "invalidate"
        with stopped_before(pool_event, own_mariadb), pytest.raises(DatabaseUnavailable, match=IN_TIME):
            await history.run(job, deadline_s=0.3)
        for _ in range(MORE_THAN_THE_POOL):
            with pytest.raises(DatabaseUnavailable, match=IN_TIME):
                await history.run(ask, deadline_s=0.3)
        assert time.monotonic() - began < 4
        async with asyncio.timeout(3):
            while left_behind():
                await asyncio.sleep(0.05)

        own_mariadb.resume()
        await asyncio.gather(*(history.run(ask) for _ in range(MORE_THAN_THE_POOL)))
