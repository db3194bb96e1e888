"""The history database: SQLite, MySQL or MariaDB behind one door that never waits longer than it says."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TypeVar, cast

from sqlalchemy import URL, Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from irzhub.core.exceptions import StartError
from irzhub.core.tasks import Tasks
from irzhub.storage import migrate
from irzhub.storage.daemon_thread import run_on_daemon_thread
from irzhub.storage.errors import DatabaseRefused, DatabaseUnavailable
from irzhub.storage.history_engine import open_async, open_blocking, parse_url, prepare_schema, shown_url
from irzhub.storage.transaction import Transaction

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

DEADLINE_S: Final = 3.0
_BREATH_S: Final = 0.1
_CLEAN_UP_WITHIN_S: Final = 1.0
_CLOSE_WITHIN_S: Final = 1.0


class HistoryStore:
    """The database of `database.url`; made, migrated and connected to when it is first used.

    Entering and leaving never wait for the server. Jobs are plain functions over a SQLAlchemy
    connection, each in a transaction of its own.

    Args:
        url: as in CONTRACT 4.1: `sqlite:///file`, `mysql://user:password@host[:port]/name`, and the same
            with `mysql+aiomysql`, `mariadb` or `mariadb+aiomysql`.
        data_dir: what a relative SQLite file is relative to.
        hub: this hub's id; every row carries it.

    Raises:
        ConfigError: the URL cannot be used.
    """

    def __init__(self, url: str, data_dir: Path, hub: str) -> None:
        self._url: URL = parse_url(url, data_dir)
        self.hub = hub
        self.shown_url = shown_url(self._url)
        self._engine: AsyncEngine | None = None
        self._thread = ThreadPoolExecutor(1, "irzhub-history-schema")
        self._prepared = False
        self._preparing = asyncio.Lock()
        self._tasks = Tasks("history")

    async def __aenter__(self) -> Self:
        # Nothing connects here; even so, SQLAlchemy looks at the file's path, which is not for the loop.
        self._engine = await asyncio.get_running_loop().run_in_executor(self._thread, open_async, self._url)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(wait=False)
        if self._engine is not None:
            engine, self._engine = self._engine, None
            try:
                async with asyncio.timeout(_CLOSE_WITHIN_S):
                    await engine.dispose()
            except (TimeoutError, SQLAlchemyError, OSError) as away:
                _log.debug("closing %s: %s", self.shown_url, away)

    @property
    def is_file(self) -> bool:
        """Whether it is a local SQLite file."""
        return self._url.get_backend_name() == "sqlite"

    async def run(self, job: Callable[[Connection], _T], *, deadline_s: float = DEADLINE_S) -> _T:
        """Run `job` in one transaction and return its result.

        When this raises, the transaction may be stored all the same: the answer can be lost behind the
        commit. Jobs must be such that doing them again changes nothing.

        Raises:
            DatabaseUnavailable: no answer within `deadline_s`, no connection, or the server cannot now.
            DatabaseRefused: the database answered that it will not take this.
        """
        if not self._prepared:
            await self._prepare()
        return await self._run(job, deadline_s)

    async def read(self, job: Callable[[Connection], _T], *, deadline_s: float = DEADLINE_S) -> _T:
        """Run `job`, which only reads, and return its result; whoever writes meanwhile is not waited for.

        Raises:
            DatabaseUnavailable, DatabaseRefused: as from `run`.
        """
        if not self._prepared:
            await self._prepare()
        return await self._run(job, deadline_s, is_read_only=True)

    async def read_much(self, job: Callable[[Connection], _T], *, deadline_s: float = DEADLINE_S) -> _T:
        """Run `job`, which reads very many rows, on a thread and a connection of its own, and return its result.

        Jobs of `run` and `read` make their rows on the loop: a hundred thousand of them would hold it for seconds.

        Raises:
            DatabaseUnavailable, DatabaseRefused: as from `run`.
        """
        if not self._prepared:
            await self._prepare()
        if self._engine is None:
            raise DatabaseUnavailable(f"{self.shown_url} is closed")
        with self._told(deadline_s):
            async with asyncio.timeout(deadline_s):
                return await run_on_daemon_thread(partial(_read_blocking, self._url, job), "irzhub-history-reader")

    async def _prepare(self) -> None:
        async with self._preparing:
            if self._prepared:
                return
            loop = asyncio.get_running_loop()
            head = await loop.run_in_executor(self._thread, migrate.head_revision, "history")
            # A server is asked with the short deadline first: what follows may take long.
            if self.is_file or await self._schema_revision() != head:
                try:
                    await run_on_daemon_thread(partial(prepare_schema, self._url), "irzhub-history-setup")
                except (SQLAlchemyError, StartError, OSError) as error:
                    raise DatabaseUnavailable(f"cannot set up {self.shown_url}: {_cause(error)}") from error
            self._prepared = True

    async def _schema_revision(self) -> str | None:
        """Return the schema's version; None when the database or its tables are missing."""
        try:
            return await self._run(migrate.revision, DEADLINE_S)
        except DatabaseUnavailable as error:
            if _error_number(error.__cause__) == _UNKNOWN_DATABASE:
                return None
            raise

    async def _run(self, job: Callable[[Connection], _T], deadline_s: float, *, is_read_only: bool = False) -> _T:
        if self._engine is None:
            raise DatabaseUnavailable(f"{self.shown_url} is closed")
        engine = self._engine.execution_options(read_only=True) if is_read_only else self._engine
        transaction = Transaction(engine, job)
        work = self._tasks.spawn(transaction.run(), "transaction")
        try:
            done, _ = await asyncio.wait((work,), timeout=deadline_s)
            if not done:  # where the loop stood still, the answer is there and only has to be taken
                await asyncio.wait((work,), timeout=_BREATH_S)
        finally:
            if not work.done():
                work.cancel()
                asyncio.get_running_loop().call_later(_CLEAN_UP_WITHIN_S, transaction.cut)
        with self._told(deadline_s):
            if not work.done():
                raise TimeoutError
            value, error = work.result()
            if error is not None:
                raise error
            return cast("_T", value)

    @contextmanager
    def _told(self, deadline_s: float) -> Iterator[None]:
        """Tell in the hub's own errors what the driver raises."""
        try:
            yield
        except TimeoutError as error:
            raise DatabaseUnavailable(f"{self.shown_url} did not answer within {deadline_s:g} s") from error
        except (OperationalError, InterfaceError, OSError) as error:
            raise DatabaseUnavailable(f"{self.shown_url}: {_cause(error)}") from error
        except DBAPIError as error:
            if error.connection_invalidated:
                raise DatabaseUnavailable(f"{self.shown_url}: {_cause(error)}") from error
            raise DatabaseRefused(f"{self.shown_url}: {_cause(error)}") from error
        except SQLAlchemyError as error:
            raise DatabaseUnavailable(f"{self.shown_url}: {_cause(error)}") from error
        except (RuntimeError, EOFError) as error:
            # What uvloop and the driver raise on a transport that was reset between two of their steps.
            raise DatabaseUnavailable(f"{self.shown_url}: {error!r}") from error


def _read_blocking(url: URL, job: Callable[[Connection], _T]) -> _T:
    with open_blocking(url) as engine, engine.execution_options(read_only=True).begin() as connection:
        return job(connection)


_UNKNOWN_DATABASE: Final = 1049


def _cause(error: BaseException) -> str:
    """Return what the driver said; never the statement, whose values may be secret."""
    origin: Any = getattr(error, "orig", None) or error
    return str(origin)


def _error_number(error: BaseException | None) -> int | None:
    arguments = getattr(getattr(error, "orig", None), "args", ())
    return arguments[0] if arguments and isinstance(arguments[0], int) else None
