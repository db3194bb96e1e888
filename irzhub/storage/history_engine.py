"""From `database.url` to engines: the asynchronous one for work, a synchronous one to set the schema up."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from irzhub.core.exceptions import ConfigError
from irzhub.storage import migrate
from irzhub.storage.aiosqlite_fixes import connect_stopped_once
from irzhub.storage.sqlite import open_engine, prepare

_EXPECTED: Final = "expected sqlite:///FILE or mysql://USER:PASSWORD@HOST[:PORT]/DATABASE"
_SERVERS: Final = frozenset({"mysql", "mariadb", "mysql+aiomysql", "mariadb+aiomysql"})
_CONNECT_WITHIN_S: Final = 3
_DDL_WITHIN_S: Final = 600
_UNKNOWN_DATABASE: Final = 1049
_POOL_LOGGER: Final = "sqlalchemy.pool.impl.AsyncAdaptedQueuePool"
_MIGRATION_LOCK: Final = "irzhub_migration"


def parse_url(url: str, data_dir: Path) -> URL:
    """Return `database.url` in one form for each kind of database.

    Raises:
        ConfigError: it is of no kind that is supported; the text does not repeat a password.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise ConfigError(f"database.url: {_EXPECTED}, got {_hidden(url)!r}") from None
    if parsed.drivername in ("sqlite", "sqlite+aiosqlite"):
        if parsed.database in (None, "", ":memory:"):
            raise ConfigError(f"database.url: {_EXPECTED}, got {_hidden(url)!r}: history needs a file")
        return URL.create("sqlite", database=str(data_dir / parsed.database))
    if parsed.drivername not in _SERVERS:
        raise ConfigError(f"database.url: {_EXPECTED}, got {_hidden(url)!r}")
    if not parsed.database or not re.fullmatch(r"[0-9A-Za-z_$-]{1,64}", parsed.database, re.ASCII):
        raise ConfigError(f"database.url: {_EXPECTED}, got the database name {parsed.database!r}")
    return parsed.set(drivername="mysql").update_query_dict({"charset": "utf8mb4"})


def shown_url(url: URL) -> str:
    """Return a URL for logs and pages: without the password and the driver's options."""
    return url.set(query={}).render_as_string(hide_password=True)


def open_async(url: URL) -> AsyncEngine:
    """Return the engine that the hub works with; it connects when it is used."""
    if url.get_backend_name() == "sqlite":
        engine = create_async_engine(url.set(drivername="sqlite+aiosqlite"), pool_size=3, max_overflow=0)
        prepare(engine.sync_engine)
        connect_stopped_once(engine)
        return engine
    engine = create_async_engine(
        url.set(drivername="mysql+aiomysql"),
        pool_pre_ping=True,
        pool_recycle=1800,
        pool_size=4,
        max_overflow=0,
        isolation_level="READ COMMITTED",
        connect_args={"connect_timeout": _CONNECT_WITHIN_S, "init_command": "SET time_zone = '+00:00'"},
    )

    def connected(_connection: Any, _record: Any) -> None:
        # `ON DUPLICATE KEY UPDATE a = VALUES(a)` and not the newer `AS new`: aiomysql joins the rows of many
        # into one statement only when it knows the form, and row by row is twenty times slower.
        engine.sync_engine.dialect._requires_alias_for_on_duplicate_key = False  # type: ignore[attr-defined] # noqa: SLF001

    event.listen(engine.sync_engine, "connect", connected)
    logging.getLogger(_POOL_LOGGER).addFilter(_in_one_line)
    return engine


def _in_one_line(record: logging.LogRecord) -> bool:
    """Let a connection that died be one line: that the database went is told elsewhere, with its cause."""
    if record.exc_info and (error := record.exc_info[1]) is not None:
        record.msg, record.args = f"{record.getMessage()}: {error!r}", ()
        record.exc_info = record.exc_text = None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


def prepare_schema(url: URL) -> None:
    """Create the database if it is missing, and bring it to the present schema. Blocks; may take minutes.

    Raises:
        sqlalchemy.exc.OperationalError: no connection, or no right to create the database.
        StartError: a newer irzhub wrote this database.
    """
    if url.get_backend_name() == "sqlite":
        assert url.database is not None
        path = Path(url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        with open_engine(path).begin() as connection:
            migrate.upgrade(connection, "history")
        return
    try:
        _migrate_server(url)
    except OperationalError as error:
        if error.orig is None or error.orig.args[0] != _UNKNOWN_DATABASE:
            raise
        _create_database(url)
        _migrate_server(url)


def _migrate_server(url: URL) -> None:
    with open_blocking(url) as engine, engine.connect() as connection, _alone(connection):
        migrate.upgrade(connection, "history")
        connection.commit()


def _create_database(url: URL) -> None:
    with open_blocking(url.set(database="")) as engine, engine.connect() as connection:
        connection.execute(
            text(f"CREATE DATABASE IF NOT EXISTS `{url.database}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
        )
        connection.commit()


@contextmanager
def open_blocking(url: URL) -> Iterator[Engine]:
    """Open the database for blocking work on a thread of its own: set-up, backup, restore."""
    if url.get_backend_name() == "sqlite":
        assert url.database is not None
        engine = open_engine(Path(url.database))
    else:
        options = {"connect_timeout": _CONNECT_WITHIN_S, "read_timeout": _DDL_WITHIN_S}
        engine = create_engine(url.set(drivername="mysql+pymysql"), connect_args=options)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """Let one hub migrate at a time: several may share a server."""
    connection.execute(text("SELECT GET_LOCK(:name, 60)"), {"name": _MIGRATION_LOCK})
    try:
        yield
    finally:
        connection.execute(text("SELECT RELEASE_LOCK(:name)"), {"name": _MIGRATION_LOCK})


def _hidden(url: str) -> str:
    return re.sub(r"(//[^:/@]*):.*@", r"\1:***@", url)
