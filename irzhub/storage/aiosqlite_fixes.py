"""What aiosqlite 0.22 does not do: a connection that is stopped while it closes must not wait for ever.

SQLAlchemy closes a connection whose query was cancelled in a task of its own, and stops it when that task
is cancelled as well. The library's `close` then stops a second time, and waits for the answer of a thread
that ended at the first: a task and a connection stay for each such query, and the task keeps the loop at
its end, because its cancellation changes nothing.
"""

import asyncio
import sqlite3
from functools import partial
from typing import Any, Final

import aiosqlite
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

_ROWS_AT_ONCE: Final = 64


class StoppedOnce(aiosqlite.Connection):
    """A connection whose second `stop` has nothing to wait for."""

    _is_stopped = False

    def stop(self) -> "asyncio.Future[Any] | None":
        """Stop the thread after what it has to do already; None when that was asked for before."""
        if self._is_stopped:
            return None
        self._is_stopped = True
        return super().stop()


def connect_stopped_once(engine: AsyncEngine) -> None:
    """Let `engine` open its file by such connections."""

    def connecting(_dialect: Any, _record: Any, _arguments: Any, options: dict[str, Any]) -> None:
        options["async_creator_fn"] = _open

    event.listen(engine.sync_engine, "do_connect", connecting)


def _open(database: str, **options: Any) -> StoppedOnce:
    connection = StoppedOnce(partial(sqlite3.connect, database, **options), _ROWS_AT_ONCE)
    connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does with those that it opens itself
    return connection
