"""How a SQLite file is opened here: WAL, every commit on the disk, transactions begun by us."""

import sqlite3
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine, NullPool, create_engine, event

BUSY_TIMEOUT_MS: Final = 5000
_LOGICAL: Final = frozenset(
    {
        sqlite3.SQLITE_ERROR,
        sqlite3.SQLITE_CONSTRAINT,
        sqlite3.SQLITE_MISMATCH,
        sqlite3.SQLITE_RANGE,
        sqlite3.SQLITE_TOOBIG,
    }
)
"""Primary result codes that blame the statement; all others blame the disk, the file or the lock."""


def open_engine(path: Path) -> Engine:
    """Return an engine on a SQLite file with one real connection for each `connect()`."""
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args={"check_same_thread": False})
    prepare(engine)
    return engine


def prepare(engine: Engine) -> None:
    """Set what every connection to a SQLite file needs.

    `synchronous=FULL` because WAL with NORMAL loses committed rows in a power cut. The driver's own habit of
    beginning transactions at the first INSERT only is turned off, so that DDL and SAVEPOINT are safe.
    """

    def connected(dbapi_connection: Any, _record: Any) -> None:
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "journal_size_limit=67108864",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begun(connection: Connection) -> None:
        # A transaction that reads first and writes later could fail with "locked" half-way; ask for the lock at once.
        wants_to_write = not connection.get_execution_options().get("read_only", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if wants_to_write else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)


def is_disk_fault(error: BaseException) -> bool:
    """Say whether a failed statement is the fault of the disk or the file, and not of the statement."""
    origin = getattr(error, "orig", error)
    if not isinstance(origin, sqlite3.Error):
        return False
    code: int | None = getattr(origin, "sqlite_errorcode", None)
    return code is not None and code & 0xFF not in _LOGICAL
