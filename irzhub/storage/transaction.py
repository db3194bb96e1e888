"""One transaction in the history database, which can be given up at any moment."""

from collections.abc import Callable
from typing import Any

import aiomysql
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine


class Transaction:
    """What runs one job, in a task of its own.

    SQLAlchemy cleans up to the end, whoever cancels it: a server that stands still is then waited for without end,
    and the connection is gone from the pool. What does not end after it was cancelled has to be `cut`.
    """

    def __init__(self, engine: AsyncEngine, job: Callable[[Connection], Any]) -> None:
        self._engine = engine
        self._job = job
        self._wire: aiomysql.Connection | None = None

    async def run(self) -> tuple[Any, Exception | None]:
        """Return what came of it: the job's result or the error, which is for who asked and not for the log."""
        try:
            async with self._engine.begin() as connection:
                return await connection.run_sync(self._work), None
        except Exception as error:  # noqa: BLE001 - handed to who asked
            return None, error
        finally:
            self._wire = None

    def cut(self) -> None:
        """Close the connection under a clean-up that waits; a transaction that has ended does not mind."""
        if self._wire is not None:
            self._wire.close()

    def _work(self, connection: Connection) -> Any:
        wire = connection.connection.driver_connection
        self._wire = wire if isinstance(wire, aiomysql.Connection) else None  # a file always answers
        return self._job(connection)
