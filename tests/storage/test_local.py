import asyncio
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy import text

from irzhub.core.exceptions import StartError
from irzhub.storage import migrate
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.local import Connection, LocalStore, open_beside
from irzhub.storage.meta import get_meta, set_meta


async def test_what_is_written_can_be_read_at_once(store: LocalStore) -> None:
    await store.write(lambda conn: set_meta(conn, "a", "1"))

    assert await store.read(lambda conn: get_meta(conn, "a")) == "1"


async def test_jobs_that_wait_share_one_transaction(store: LocalStore) -> None:
    go = threading.Event()
    transactions: list[object] = []

    def note(conn: Connection) -> None:
        transactions.append(conn.get_transaction())

    def hold(conn: Connection) -> None:
        note(conn)
        go.wait(5)

    first = store.write(hold)
    rest = [store.write(note) for _ in range(20)]
    await asyncio.sleep(0.02)
    go.set()
    await asyncio.gather(first, *rest)

    assert len(set(transactions)) == 2
    assert len(set(transactions[1:])) == 1


async def test_a_failing_job_is_undone_alone(store: LocalStore) -> None:
    def fail(conn: Connection) -> None:
        set_meta(conn, "half", "done")
        raise KeyError("on purpose")

    def wrong_sql(conn: Connection) -> None:
        conn.execute(text("INSERT INTO nowhere VALUES (1)"))

    jobs = [
        store.write(lambda conn: set_meta(conn, "before", "1")),
        store.write(fail),
        store.write(wrong_sql),
        store.write(lambda conn: set_meta(conn, "after", "1")),
    ]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)

    assert outcomes[0] is None
    assert isinstance(outcomes[1], KeyError)
    assert "nowhere" in str(outcomes[2])
    assert outcomes[3] is None
    found = await store.read(lambda conn: [get_meta(conn, key) for key in ("before", "half", "after")])
    assert found == ["1", None, "1"]


async def test_a_reader_never_writes_and_sees_only_what_is_committed(store: LocalStore) -> None:
    inside, go = threading.Event(), threading.Event()

    def slow(conn: Connection) -> None:
        set_meta(conn, "key", "new")
        inside.set()
        go.wait(5)

    writing = store.write(slow)
    while not inside.is_set():
        await asyncio.sleep(0.001)
    assert await store.read(lambda conn: get_meta(conn, "key")) is None
    go.set()
    await writing
    assert await store.read(lambda conn: get_meta(conn, "key")) == "new"


async def test_commits_are_on_the_disk_in_wal_mode_with_full_sync(store: LocalStore) -> None:
    def pragmas(conn: Connection) -> list[object]:
        return [conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]

    assert await store.write(pragmas) == ["wal", 2]


async def test_a_second_hub_on_one_data_dir_is_refused(store: LocalStore) -> None:
    second = LocalStore(store.data_dir)
    second.lock_wait_s = 0.2

    with pytest.raises(StartError, match=r"another irzhub \(process \d+\) runs on .*: stop it, or give"):
        await second.__aenter__()


async def test_the_lock_goes_with_its_process(tmp_path: Path) -> None:
    code = f"from irzhub.storage.lock import DataDirLock; from pathlib import Path; import time\n\
lock = DataDirLock(Path({str(tmp_path)!r})); lock.acquire(); print('held', flush=True); time.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, start_new_session=True)
    try:
        assert child.stdout is not None
        child.stdout.readline()
        other = LocalStore(tmp_path)
        other.lock_wait_s = 0.1
        with pytest.raises(StartError, match=f"process {child.pid}"):
            await other.__aenter__()
    finally:
        child.kill()
        child.communicate()

    async with LocalStore(tmp_path) as store:
        assert store.schema_current


async def test_after_the_end_writes_are_refused(tmp_path: Path) -> None:
    async with LocalStore(tmp_path) as store:
        last = store.write(lambda conn: set_meta(conn, "last", "1"))

    assert last.done()
    assert last.exception() is None
    with pytest.raises(LocalStoreFailed, match="closed"):
        await store.write(lambda conn: None)
    assert not store.schema_current


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "hub.db").write_bytes(b"this is not a database" * 100)

    with pytest.raises(StartError, match=r"cannot open .*hub\.db: file is not a database"):
        await LocalStore(tmp_path).__aenter__()


async def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    async with LocalStore(tmp_path):
        pass
    with sqlite3.connect(tmp_path / "hub.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()

    with pytest.raises(StartError, match="schema 9999, which this version does not know"):
        await LocalStore(tmp_path).__aenter__()


async def test_beside_a_running_hub_changes_count_at_once(store: LocalStore) -> None:
    def command_line() -> None:
        with open_beside(store.data_dir) as conn:
            set_meta(conn, "from", "outside")

    other = threading.Thread(target=command_line)
    other.start()
    while other.is_alive():
        await asyncio.sleep(0.001)

    assert await store.read(lambda conn: get_meta(conn, "from")) == "outside"


def test_without_a_hub_the_file_is_made(tmp_path: Path) -> None:
    with open_beside(tmp_path / "new") as conn:
        set_meta(conn, "first", "1")
        assert migrate.revision(conn) == migrate.head_revision("local")


def test_beside_a_hub_of_another_version_nothing_is_touched(tmp_path: Path) -> None:
    with open_beside(tmp_path):
        pass
    with sqlite3.connect(tmp_path / "hub.db") as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()

    with pytest.raises(StartError, match="newer irzhub"), open_beside(tmp_path):
        pass
