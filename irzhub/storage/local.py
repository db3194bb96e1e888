"""The local store: `hub.db`, one writer, transactions shared by all who write at once (ARCHITECTURE D2, D3)."""

import asyncio
import logging
import sqlite3
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Generic, Self, TypeAlias, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from irzhub.core.exceptions import StartError
from irzhub.storage import migrate
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.lock import DataDirLock
from irzhub.storage.sqlite import is_disk_fault, open_engine

__all__ = ["Connection", "Job", "LocalStore", "attempt", "open_beside"]

_log = logging.getLogger(__name__)
_T = TypeVar("_T")
Job: TypeAlias = Callable[[Connection], _T]

LOCAL_FILE: Final = "hub.db"
_BATCH_LIMIT: Final = 1000
_LOCK_WAIT_S: Final = 3.0


@dataclass(slots=True)
class _Waiting(Generic[_T]):
    """A job and the future that its caller holds."""

    job: Job[_T]
    future: asyncio.Future[_T]


class LocalStore:
    """`data_dir/hub.db`, for one hub alone.

    `write` jobs run on one thread and one connection. While a transaction commits, new jobs wait and then
    share the next one, so that a lone job is committed at once and a burst pays one `fsync` for many.
    `read` jobs run on a second thread and see what is committed.

    Raises (on entering):
        StartError: another hub runs here, a newer irzhub wrote the file, or it cannot be opened.
    """

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.path = data_dir / LOCAL_FILE
        self.lock_wait_s = _LOCK_WAIT_S
        self._lock = DataDirLock(data_dir)
        self._writer = ThreadPoolExecutor(1, "irzhub-store-write")
        self._reader = ThreadPoolExecutor(1, "irzhub-store-read")
        self._engine: Engine | None = None
        self._write_connection: Connection | None = None
        self._read_connection: Connection | None = None
        self._waiting: deque[_Waiting[Any]] = deque()
        self._running: asyncio.Future[None] | None = None
        self._is_open = False

    @property
    def schema_current(self) -> bool:
        """Whether the file is open and has the schema of this version."""
        return self._is_open

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        try:
            await loop.run_in_executor(self._writer, self._open)
        except BaseException:
            await self._close()
            raise
        self._is_open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        while self._running is not None:
            await asyncio.wait((self._running,))
        self._is_open = False
        await self._close()

    def write(self, job: Job[_T]) -> asyncio.Future[_T]:
        """Run `job` in the next transaction; the future is done when that is on the disk.

        A job that raises is rolled back alone: its future gets the error, the others are committed.

        Raises (from the future):
            LocalStoreFailed: the disk did not take the transaction.
        """
        future: asyncio.Future[_T] = asyncio.get_running_loop().create_future()
        if not self._is_open:
            future.set_exception(LocalStoreFailed(f"{self.path} is closed"))
            return future
        self._waiting.append(_Waiting(job, future))
        if self._running is None:
            self._start_batch()
        return future

    async def read(self, job: Job[_T]) -> _T:
        """Run `job`, which only reads, on the second connection and return its result.

        Raises:
            LocalStoreFailed: the file cannot be read.
        """
        return await asyncio.get_running_loop().run_in_executor(self._reader, self._read, job)

    async def read_apart(self, job: Job[_T]) -> _T:
        """Run `job`, which reads for seconds, on a thread and a connection of its own: nobody else waits for it.

        Raises:
            LocalStoreFailed: the file cannot be read.
        """
        return await asyncio.to_thread(self._read_apart, job)

    def _take_lock(self) -> None:
        # A command line beside us may hold the lock for the moment of a migration.
        self.data_dir.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + self.lock_wait_s
        while not self._lock.try_acquire():
            if time.monotonic() > deadline:
                self._lock.acquire()
                return
            time.sleep(0.1)  # noqa: TID251 - on the writer's thread

    def _open(self) -> None:
        try:
            self._take_lock()
            self._engine = open_engine(self.path)
            migrate_local(self._engine, self.path)
            self._write_connection = self._engine.connect()
        except (DBAPIError, sqlite3.Error, OSError) as error:
            raise StartError(f"cannot open {self.path}: {getattr(error, 'orig', error)}") from error

    async def _close(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._reader, self._drop_read_connection)
        await loop.run_in_executor(self._writer, self._drop_write_connection)
        self._reader.shutdown(wait=False)
        await loop.run_in_executor(self._writer, self._lock.release)
        self._writer.shutdown(wait=False)

    def _start_batch(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), _BATCH_LIMIT))]
        jobs = [each.job for each in batch]
        loop = asyncio.get_running_loop()
        self._running = loop.create_future()
        commit = loop.run_in_executor(self._writer, self._commit, jobs)
        commit.add_done_callback(lambda done: self._batch_ended(batch, done))

    def _batch_ended(self, batch: list[_Waiting[Any]], done: asyncio.Future[list[Any]]) -> None:
        ended, self._running = self._running, None
        if self._waiting:  # before the answers, so that the disk works while the loop does
            self._start_batch()
        failure = done.exception()
        outcomes = [failure] * len(batch) if failure is not None else done.result()
        for waiting, outcome in zip(batch, outcomes, strict=True):
            if waiting.future.done():  # cancelled by its caller; the transaction stands all the same
                continue
            if isinstance(outcome, BaseException):
                waiting.future.set_exception(outcome)
            else:
                waiting.future.set_result(outcome)
        if ended is not None:
            ended.set_result(None)

    def _commit(self, jobs: list[Job[Any]]) -> list[Any]:
        try:
            if self._write_connection is None:
                assert self._engine is not None
                self._write_connection = self._engine.connect()
            with self._write_connection.begin():
                return [attempt(self._write_connection, job) for job in jobs]
        except (DBAPIError, sqlite3.Error, OSError) as error:
            # After a failed fsync nothing in this connection can be trusted; the next try opens the file anew.
            self._drop_write_connection()
            raise LocalStoreFailed(f"cannot write {self.path}: {getattr(error, 'orig', error)}") from error

    def _read(self, job: Job[_T]) -> _T:
        try:
            if self._read_connection is None:
                assert self._engine is not None
                self._read_connection = self._engine.connect().execution_options(read_only=True)
            with self._read_connection.begin():
                return job(self._read_connection)
        except (DBAPIError, sqlite3.Error, OSError) as error:
            self._drop_read_connection()
            raise LocalStoreFailed(f"cannot read {self.path}: {getattr(error, 'orig', error)}") from error

    def _read_apart(self, job: Job[_T]) -> _T:
        try:
            assert self._engine is not None
            with self._engine.connect().execution_options(read_only=True) as connection, connection.begin():
                return job(connection)
        except (DBAPIError, sqlite3.Error, OSError) as error:
            raise LocalStoreFailed(f"cannot read {self.path}: {getattr(error, 'orig', error)}") from error

    def _drop_write_connection(self) -> None:
        _discard(self._write_connection)
        self._write_connection = None

    def _drop_read_connection(self) -> None:
        _discard(self._read_connection)
        self._read_connection = None


def attempt(connection: Connection, job: Job[Any]) -> Any:
    """Run `job` inside the open transaction; undo it alone when it fails, and return its error as the result.

    Raises:
        sqlalchemy.exc.DBAPIError: the fault is the disk's, so the whole transaction is void.
    """
    driver: Any = connection.connection.driver_connection  # past SQLAlchemy, whose layers cost ten times the statement
    driver.execute("SAVEPOINT job")
    try:
        result = job(connection)
    except Exception as error:  # the boundary: a job is foreign code and shares its transaction with others
        if is_disk_fault(error):
            raise
        driver.execute("ROLLBACK TO job")
        result = error
    driver.execute("RELEASE job")
    return result


def migrate_local(engine: Engine, path: Path) -> None:
    """Bring `hub.db` to the present schema in one transaction; an older file is copied aside first."""
    with engine.connect() as connection:
        old = migrate.revision(connection)
        connection.rollback()
    if old == migrate.head_revision("local"):
        return
    if old is not None:
        copy_aside(path, path.with_name(f"{path.name}.before-{old}"))
    with engine.begin() as connection:
        migrate.upgrade(connection, "local")


def check_schema(data_dir: Path) -> None:
    """See that this version can use the `hub.db` of a hub that runs, as it is or after its own migration.

    Raises:
        StartError: a newer irzhub wrote it, or it cannot be read.
    """
    path = data_dir / LOCAL_FILE
    if not path.exists():
        return
    try:
        with open_engine(path).connect() as connection:
            migrate.check_known(connection, "local")
    except (DBAPIError, sqlite3.Error, OSError) as error:
        raise StartError(f"cannot open {path}: {getattr(error, 'orig', error)}") from error


def copy_aside(path: Path, target: Path) -> None:
    """Copy a SQLite file, with what its WAL holds, to `target`, replacing it."""
    source = sqlite3.connect(path)
    copy = sqlite3.connect(target)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()


@contextmanager
def open_beside(data_dir: Path) -> Iterator[Connection]:
    """Open `hub.db` for one short piece of work of the command line, beside a running hub or without one.

    Commits at the end, rolls back on an error. Migrates only while no hub runs.

    Raises:
        StartError: the file has another schema and a hub of another version runs on it.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / LOCAL_FILE
    engine = open_engine(path)
    lock = DataDirLock(data_dir)
    if lock.try_acquire():
        try:
            migrate_local(engine, path)
        finally:
            lock.release()
    with engine.begin() as connection:
        if migrate.revision(connection) != migrate.head_revision("local"):
            raise StartError(f"{path} is used by a hub of another version: use that one's `irzhub`, or stop it")
        yield connection


def _discard(connection: Connection | None) -> None:
    if connection is None:
        return
    try:
        connection.close()
    except (DBAPIError, sqlite3.Error) as error:
        _log.debug("closing after a failure: %s", error)
