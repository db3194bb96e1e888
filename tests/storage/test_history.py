import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from irzhub.core.exceptions import ConfigError
from irzhub.core.tasks import Tasks
from irzhub.storage.errors import DatabaseRefused, DatabaseUnavailable
from irzhub.storage.history import HistoryStore
from tests.mariadb import MariaDb


@pytest.fixture
async def history(history_url: str, tmp_path: Path) -> AsyncIterator[HistoryStore]:
    async with HistoryStore(history_url, tmp_path, "main") as store:
        yield store


async def test_the_database_is_made_at_the_first_use(history: HistoryStore) -> None:
    tables = await history.run(lambda conn: conn.execute(text("SELECT COUNT(*) FROM modems")).scalar())

    assert tables == 0


async def test_what_is_written_is_there_for_the_next(history: HistoryStore) -> None:
    await history.run(lambda conn: conn.execute(text("INSERT INTO hubs VALUES ('a', 'b', '2026-11-21 00:00:00.5')")))

    assert await history.run(lambda conn: conn.execute(text("SELECT hub FROM hubs")).scalar()) == "a"


@asynccontextmanager
async def locked(file: Path) -> AsyncIterator[None]:
    """Somebody else writes, and takes a long time."""

    def lock() -> sqlite3.Connection:
        connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
        connection.execute("BEGIN IMMEDIATE")
        return connection

    connection = await asyncio.to_thread(lock)
    try:
        yield
    finally:
        await asyncio.to_thread(connection.close)


async def test_what_only_reads_does_not_wait_for_who_writes(tmp_path: Path) -> None:
    async with HistoryStore("sqlite:///history.db", tmp_path, "main") as history:
        await history.run(
            lambda conn: conn.execute(text("INSERT INTO hubs VALUES ('a', 'b', '2026-11-21 00:00:00.5')"))
        )
        async with locked(tmp_path / "history.db"):
            began = time.monotonic()
            assert await history.read(lambda conn: conn.execute(text("SELECT hub FROM hubs")).scalar()) == "a"
            assert time.monotonic() - began < 1.0


async def test_what_is_read_is_committed(history: HistoryStore) -> None:
    assert await history.read(lambda conn: conn.execute(text("SELECT COUNT(*) FROM hubs")).scalar()) == 0
    await history.run(lambda conn: conn.execute(text("INSERT INTO hubs VALUES ('a', 'b', '2026-11-21 00:00:00.5')")))
    assert await history.read(lambda conn: conn.execute(text("SELECT COUNT(*) FROM hubs")).scalar()) == 1


async def test_what_reads_much_is_read_beside_the_loop(history: HistoryStore) -> None:
    def job(connection: Connection) -> tuple[int, int]:
        return threading.get_ident(), connection.execute(text("SELECT COUNT(*) FROM hubs")).scalar_one()

    thread, found = await history.read_much(job, deadline_s=30)
    assert thread != threading.get_ident()
    assert found == 0
    with pytest.raises((DatabaseRefused, DatabaseUnavailable)):
        await history.read_much(lambda connection: connection.execute(text("SELECT nothing FROM hubs")), deadline_s=30)


async def test_a_job_that_raises_leaves_nothing(history: HistoryStore) -> None:
    def fail(conn: object) -> None:
        conn.execute(text("INSERT INTO hubs VALUES ('a', 'b', '2026-11-21 00:00:00.5')"))  # type: ignore[attr-defined]
        raise KeyError("on purpose")

    with pytest.raises(KeyError):
        await history.run(fail)

    assert await history.run(lambda conn: conn.execute(text("SELECT COUNT(*) FROM hubs")).scalar()) == 0


async def test_a_connection_that_is_reset_under_the_driver_is_a_database_that_is_away(history: HistoryStore) -> None:
    def find_it_closed(_conn: object) -> None:
        raise RuntimeError("unable to perform operation on <TCPTransport closed=True>; the handler is closed")

    with pytest.raises(DatabaseUnavailable, match="the handler is closed"):
        await history.run(find_it_closed)


async def test_a_statement_that_is_wrong_is_refused(history: HistoryStore) -> None:
    await history.run(lambda conn: conn.execute(text("INSERT INTO hubs VALUES ('a', 'b', '2026-11-21 00:00:00.5')")))

    with pytest.raises(DatabaseRefused):
        await history.run(
            lambda conn: conn.execute(text("INSERT INTO hubs VALUES ('a', 'b', '2026-11-21 00:00:00.5')"))
        )


async def test_cyrillic_and_emoji_come_back(history: HistoryStore) -> None:
    row = {"word": "Котельная №5 🔥"}
    found = await history.run(lambda conn: conn.execute(text("SELECT :word AS w"), row).scalar())

    assert found == "Котельная №5 🔥"


async def test_a_server_that_is_not_there_is_named_without_the_password(tmp_path: Path) -> None:
    async with HistoryStore("mysql://anna:s3cret@127.0.0.1:1/irzhub", tmp_path, "main") as history:
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailable) as caught:
            await history.run(lambda conn: None)

    assert time.monotonic() - began < 4
    assert "127.0.0.1" in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert "s3cret" not in repr(history)


async def test_a_wrong_password_is_said_and_not_shown(mariadb: MariaDb, tmp_path: Path) -> None:
    url = mariadb.url("irzhub").replace("root@", "nobody:s3cret@")
    async with HistoryStore(url, tmp_path, "main") as history:
        with pytest.raises(DatabaseUnavailable, match="Access denied") as caught:
            await history.run(lambda conn: None)

    assert "s3cret" not in str(caught.value)


async def test_a_user_that_may_not_create_the_database_gets_told(mariadb: MariaDb, tmp_path: Path) -> None:
    mariadb.query("CREATE OR REPLACE USER poor@'%' IDENTIFIED BY 'x'")
    url = mariadb.new_database().replace("root@", "poor:x@")
    async with HistoryStore(url, tmp_path, "main") as history:
        with pytest.raises(DatabaseUnavailable, match="Access denied"):
            await history.run(lambda conn: None)


async def test_a_stopped_server_costs_the_deadline_and_no_more(own_mariadb: MariaDb, tmp_path: Path) -> None:
    async with HistoryStore(own_mariadb.new_database(), tmp_path, "main") as history:
        await history.run(lambda conn: None)
        own_mariadb.pause()
        for _ in range(3):
            began = time.monotonic()
            with pytest.raises(DatabaseUnavailable, match=r"did not answer within 0\.5 s"):
                await history.run(lambda conn: conn.execute(text("SELECT 1")), deadline_s=0.5)
            assert time.monotonic() - began < 1.5
        own_mariadb.resume()
        assert await history.run(lambda conn: conn.execute(text("SELECT 1")).scalar()) == 1


async def test_a_loop_that_stood_still_is_no_fault_of_the_database(history: HistoryStore) -> None:
    await history.run(lambda conn: None)

    def hold(connection: Connection) -> int:
        end = time.monotonic() + 0.5
        while time.monotonic() < end:  # on the loop with a server; what else stops a loop has the same effect
            pass
        return int(connection.execute(text("SELECT 1")).scalar_one())

    assert await history.run(hold, deadline_s=0.3) == 1


async def test_a_server_that_was_stopped_in_mid_query_is_let_go(own_mariadb: MariaDb, tmp_path: Path) -> None:
    async with HistoryStore(own_mariadb.new_database(), tmp_path, "main") as history:
        await history.run(lambda conn: None)
        asyncio.get_running_loop().call_later(0.2, own_mariadb.pause)
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailable):
            await history.run(lambda conn: conn.execute(text("SELECT SLEEP(5)")), deadline_s=1)
        assert time.monotonic() - began < 2
        own_mariadb.resume()
        assert await history.run(lambda conn: conn.execute(text("SELECT 1")).scalar()) == 1


async def test_a_rollback_that_a_stopped_server_never_answers_holds_nobody(
    own_mariadb: MariaDb, tmp_path: Path
) -> None:
    def refuse(connection: Connection) -> None:
        connection.execute(text("SELECT 1"))
        own_mariadb.pause()
        raise ValueError("not this")

    async with HistoryStore(own_mariadb.new_database(), tmp_path, "main") as history:
        await history.run(lambda conn: None)
        began = time.monotonic()
        with pytest.raises(DatabaseUnavailable, match=r"did not answer within 0\.5 s"):
            await history.run(refuse, deadline_s=0.5)
        tasks = Tasks("test")
        asked = tasks.spawn(history.run(refuse, deadline_s=60), "asked")
        await asyncio.sleep(0.3)
        for _ in range(3):  # the second comes while the driver still cleans up after the first
            asked.cancel()
            await asyncio.sleep(0)
        await tasks.close()
        assert time.monotonic() - began < 3
        own_mariadb.resume()
        assert await history.run(lambda conn: conn.execute(text("SELECT 1")).scalar()) == 1


async def test_a_killed_server_is_away_and_then_back(own_mariadb: MariaDb, tmp_path: Path) -> None:
    async with HistoryStore(own_mariadb.new_database(), tmp_path, "main") as history:
        await history.run(lambda conn: None)
        own_mariadb.kill()
        with pytest.raises(DatabaseUnavailable):
            await history.run(lambda conn: conn.execute(text("SELECT 1")))


async def test_leaving_does_not_wait_for_a_stopped_server(own_mariadb: MariaDb, tmp_path: Path) -> None:
    async with HistoryStore(own_mariadb.new_database(), tmp_path, "main") as history:
        await history.run(lambda conn: None)
        own_mariadb.pause()
        began = time.monotonic()

    assert time.monotonic() - began < 4


@pytest.mark.parametrize(
    ("url", "complaint"),
    [
        ("postgresql://u:p4ss@h/d", "got 'postgresql://u:***@h/d'"),
        ("mysql://u:p4ss@h", "got the database name None"),
        ("mysql://u:p4ss@h/a`b", "got the database name"),
        ("sqlite://", "history needs a file"),
        ("nonsense", "expected sqlite:///FILE or mysql://"),
    ],
)
def test_a_url_that_cannot_be_used_is_explained(url: str, complaint: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        HistoryStore(url, tmp_path, "main")

    assert complaint in str(caught.value)
    assert "p4ss" not in str(caught.value)


@pytest.mark.parametrize("scheme", ["mysql", "mysql+aiomysql", "mariadb", "mariadb+aiomysql"])
async def test_every_form_of_the_url_reaches_the_server(scheme: str, mariadb: MariaDb, tmp_path: Path) -> None:
    async with HistoryStore(mariadb.new_database().replace("mysql:", f"{scheme}:"), tmp_path, "main") as history:
        assert await history.run(lambda conn: conn.execute(text("SELECT 1")).scalar()) == 1
