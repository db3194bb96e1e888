"""How long a page of the event history takes to read, out of five million events, in SQLite and in MariaDB.

The rows are made in the server, as 10,000 modems would have left them in a month; the searches are those of
`GET /api/v1/events`, through the same door with the same deadline. Each is asked at several places; the figure
is the median, and the worst one beside it.
"""

import asyncio
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

import pymysql

from benchmarks.machine import describe_machine, plain_table, sized, write_report
from benchmarks.rig import DATABASE, Database
from irzhub.core.clock import format_time
from irzhub.storage.event_search import EventSearch, find_events, history_seq_before
from irzhub.storage.history import HistoryStore
from irzhub.storage.picking import LOOKED_UP

_MODEMS: Final = 10_000
_TYPES: Final = ("client_connected", "client_disconnected", "connected", "disconnected", "gpi_changed", "sim_changed")
_BEGAN: Final = datetime(2026, 10, 1, tzinfo=UTC)
_HUB: Final = "main"
_TRIES: Final = 15
_FILLING_BYTES: Final = 2 << 30
_SERVING_BYTES: Final = 128 << 20
"""MariaDB's own default, with which the pages are read: the rows and their indexes are some ten times as large."""
_COLUMNS: Final = "id, hub, seq, ts, type, modem, data"


def modem_of(number: int) -> str:
    """Return the id of a modem by its number."""
    return f"8684410{number:08d}"


def _sqlite_rows(count: int) -> str:
    return f"""
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
        SELECT printf('01K%023d', i), '{_HUB}', i,
               strftime('%Y-%m-%d %H:%M:%f', {_BEGAN.timestamp()} + i * 0.5, 'unixepoch') || '000',
               CASE WHEN i % 5000 = 0 THEN 'sim_changed' WHEN i % 50 = 0 THEN 'gpi_changed'
                    WHEN i % 7 = 0 THEN 'connected' WHEN i % 7 = 1 THEN 'disconnected'
                    WHEN i % 2 = 0 THEN 'client_connected' ELSE 'client_disconnected' END,
               printf('8684410%08d', (i * 7919) % {_MODEMS}),
               '{{"client":"01KAM3S4K0J8QZ4M6T2B7YV9XE","peer":"10.0.0.7:40112","reason":"closed","rx_bytes":1200}}'
        FROM n"""


def _server_rows(count: int) -> str:
    return f"""
        SELECT CONCAT('01K', LPAD(seq, 23, '0')), '{_HUB}', seq,
               TIMESTAMPADD(MICROSECOND, seq * 500000, '{_BEGAN:%Y-%m-%d %H:%M:%S}'),
               CASE WHEN seq % 5000 = 0 THEN 'sim_changed' WHEN seq % 50 = 0 THEN 'gpi_changed'
                    WHEN seq % 7 = 0 THEN 'connected' WHEN seq % 7 = 1 THEN 'disconnected'
                    WHEN seq % 2 = 0 THEN 'client_connected' ELSE 'client_disconnected' END,
               CONCAT('8684410', LPAD((seq * 7919) % {_MODEMS}, 8, '0')),
               '{{"client":"01KAM3S4K0J8QZ4M6T2B7YV9XE","peer":"10.0.0.7:40112","reason":"closed","rx_bytes":1200}}'
        FROM {DATABASE}.seq_1_to_{count}"""


@contextmanager
def sqlite_history(folder: Path, rows: int) -> Iterator[HistoryStore]:
    """Give a history in a SQLite file."""
    store = HistoryStore("sqlite:///history.db", folder, _HUB)
    asyncio.run(_touch(store))
    with sqlite3.connect(folder / "history.db") as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-2000000")  # filling is no measurement: the indexes fit into memory
        connection.execute(f"INSERT INTO events ({_COLUMNS}) {_sqlite_rows(rows)}")
    connection.close()
    yield HistoryStore("sqlite:///history.db", folder, _HUB)


@contextmanager
def server_history(folder: Path, rows: int) -> Iterator[HistoryStore]:
    """Give a history in a MariaDB of its own."""
    database = Database(folder / "server")
    with database.running():
        url = f"mysql://root@127.0.0.1:{database.port}/{DATABASE}"
        asyncio.run(_touch(HistoryStore(url, folder, _HUB)))
        database.query("SET GLOBAL innodb_flush_log_at_trx_commit=2")
        database.query(f"SET GLOBAL innodb_buffer_pool_size={_FILLING_BYTES}")
        connection = pymysql.connect(
            host="127.0.0.1", port=database.port, user="root", database=DATABASE, autocommit=True
        )
        for first in range(0, rows, 500_000):
            # In portions: one transaction of five million rows is no server's habit.
            portion = _server_rows(rows).replace(f"seq_1_to_{rows}", f"seq_{first + 1}_to_{min(rows, first + 500_000)}")
            with connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO events ({_COLUMNS}) {portion}")
        connection.close()
        database.query(f"SET GLOBAL innodb_buffer_pool_size={_SERVING_BYTES}")
        yield HistoryStore(url, folder, _HUB)


async def _touch(store: HistoryStore) -> None:
    async with store:
        await store.run(lambda conn: conn.exec_driver_sql("SELECT 1").scalar(), deadline_s=60)


def searches(rows: int, chance: random.Random) -> dict[str, list[EventSearch]]:
    """Return what is asked, by what it is: each at several places of the history."""
    places = [chance.randrange(rows // 10, rows) for _ in range(_TRIES)]
    some = [frozenset({modem_of(chance.randrange(_MODEMS))}) for _ in range(_TRIES)]
    group = frozenset(modem_of(number) for number in chance.sample(range(_MODEMS), 500))
    few = frozenset(modem_of(number) for number in chance.sample(range(_MODEMS), LOOKED_UP))
    rare, common = frozenset({"sim_changed"}), frozenset({"connected", "disconnected"})
    inputs = frozenset({"gpi_changed"})
    return {
        "the newest": [EventSearch(newest_first=True)] * _TRIES,
        "behind a number": [EventSearch(after_seq=place) for place in places],
        "back from a number": [EventSearch(before_seq=place, newest_first=True) for place in places],
        "one modem, newest first": [EventSearch(modems=each, newest_first=True) for each in some],
        "one modem, one type": [EventSearch(modems=each, types=common, newest_first=True) for each in some],
        "a rare type": [EventSearch(types=rare, before_seq=place, newest_first=True) for place in places],
        "two common types": [EventSearch(types=common, after_seq=place) for place in places],
        "a group of 50 modems": [EventSearch(modems=few, before_seq=place, newest_first=True) for place in places],
        "a group of 500 modems": [EventSearch(modems=group, before_seq=place, newest_first=True) for place in places],
        "a group and a type": [EventSearch(modems=group, types=common, after_seq=place) for place in places],
        "a group and a rarer type": [
            EventSearch(modems=group, types=inputs, before_seq=place, newest_first=True) for place in places
        ],
    }


async def measure(store: HistoryStore, rows: int) -> dict[str, tuple[float, float]]:
    """Return median and worst time of each search, in milliseconds."""
    chance, found = random.Random(7), {}
    async with store:
        await store.run(lambda conn: conn.exec_driver_sql("SELECT COUNT(*) FROM hubs").scalar())
        for name, asked in searches(rows, chance).items():
            times = []
            for search in asked:
                began = time.perf_counter()
                page = await store.run(partial(find_events, search=search, hub=_HUB), deadline_s=60)
                times.append((time.perf_counter() - began) * 1000)
                assert page.events, f"{name} found nothing"
            found[name] = (median(times), max(times))
        times = []
        for _ in range(_TRIES):
            moment = _BEGAN + timedelta(seconds=chance.randrange(rows // 2))
            began = time.perf_counter()
            await store.run(partial(history_seq_before, hub=_HUB, moment=moment), deadline_s=60)
            times.append((time.perf_counter() - began) * 1000)
        found["the number of a time"] = (median(times), max(times))
    return found


def main() -> None:
    """Fill, measure, write the report."""
    rows = sized("BENCH_EVENTS", 5_000_000, 100_000)
    machine, tables, data = describe_machine(), [], dict[str, Any]({"events": rows})
    for name, history in (("sqlite", sqlite_history), ("mariadb", server_history)):
        with (
            tempfile.TemporaryDirectory(prefix="irzhub-bench-", ignore_cleanup_errors=True) as folder,
            history(Path(folder), rows) as store,
        ):
            found = asyncio.run(measure(store, rows))
        shown = {what: f"{middle:.1f} ms, worst {worst:.1f} ms" for what, (middle, worst) in found.items()}
        tables.append(plain_table(f"A page of 100 events, {name}", shown))
        data[name] = {
            "worst_median_ms": max(middle for middle, _ in found.values()),
            "worst_ms": max(worst for _, worst in found.values()),
        }
    how = f"{rows:,} events of {_MODEMS:,} modems since {format_time(_BEGAN)}; pages of 100, {_TRIES} places each."
    print(write_report("event_history", how, tables, data, machine))


if __name__ == "__main__":
    main()
