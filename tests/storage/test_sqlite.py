import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from irzhub.storage.sqlite import is_disk_fault, open_engine


def test_ddl_is_undone_with_its_transaction(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "x.db")
    with pytest.raises(KeyError), engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (a)"))
        raise KeyError

    with engine.connect() as connection:
        assert connection.execute(text("SELECT COUNT(*) FROM sqlite_master")).scalar() == 0


def test_a_writer_takes_the_lock_at_once_and_a_reader_does_not(tmp_path: Path) -> None:
    engine = open_engine(tmp_path / "x.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (a)"))
    with engine.connect() as reader, engine.connect() as writer, engine.connect() as second:
        second.exec_driver_sql("SELECT 1")
        second.rollback()
        reader.execution_options(read_only=True).execute(text("SELECT * FROM t"))
        second.connection.driver_connection.execute("PRAGMA busy_timeout=50")  # type: ignore[union-attr]
        second.rollback()
        writer.execute(text("SELECT 1"))
        with pytest.raises(OperationalError, match="database is locked"):
            second.execute(text("SELECT 1"))


def wrong(engine_path: Path, sql: str) -> DBAPIError:
    with open_engine(engine_path).connect() as connection:
        try:
            connection.exec_driver_sql(sql)
        except DBAPIError as error:
            return error
    raise AssertionError("it was right")


def test_a_wrong_statement_is_not_the_disks_fault(tmp_path: Path) -> None:
    assert not is_disk_fault(wrong(tmp_path / "x.db", "SELECT * FROM nowhere"))
    assert not is_disk_fault(ValueError("no SQL at all"))


@pytest.mark.parametrize(
    ("code", "is_fault"),
    [
        (sqlite3.SQLITE_FULL, True),
        (sqlite3.SQLITE_IOERR | 4 << 8, True),
        (sqlite3.SQLITE_CORRUPT, True),
        (sqlite3.SQLITE_BUSY, True),
        (sqlite3.SQLITE_CONSTRAINT | 8 << 8, False),
        (sqlite3.SQLITE_ERROR, False),
    ],
)
def test_the_extended_code_decides(code: int, is_fault: bool) -> None:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code

    assert is_disk_fault(error) is is_fault
