"""The way of an event, part by part and without modems: the journal's file, and the history in SQL.

Journal: so many changes of inputs are appended at once; all are on the disk (one `fsync` for each transaction) and
published. Alone: one append at a time, until it is published. Recorder: from the same append until the database
has every event, in batches, for SQLite and MariaDB.
"""

import contextlib
import tempfile
import time
from pathlib import Path
from statistics import median

import uvloop

from benchmarks.machine import describe_machine, plain_table, sized, write_report
from benchmarks.rig import DATABASE, Database
from tests.recorder.bench import Bench

_ALONE = 200


async def journal(bench: Bench, count: int) -> dict[str, float]:
    """Append `count` at once, then some alone."""
    changes = bench.changes(count)
    started = time.perf_counter()
    bench.append(*changes)
    await bench.journal.flush()
    took = time.perf_counter() - started
    alone = []
    for change in bench.changes(_ALONE):
        began = time.perf_counter()
        bench.append(change)
        await bench.journal.flush()
        alone.append(time.perf_counter() - began)
    alone.sort()
    return {
        "journal_per_s": count / took,
        "alone_p50_ms": alone[_ALONE // 2] * 1000,
        "alone_p99_ms": alone[int(_ALONE * 0.99)] * 1000,
    }


async def recorded(bench: Bench, count: int) -> float:
    """Return how many events a second come through to the database."""
    await bench.settled(60)
    started = time.perf_counter()
    bench.append(*bench.changes(count))
    await bench.settled(120)
    return count / (time.perf_counter() - started)


async def measure(folder: Path, count: int, mariadb_url: str) -> dict[str, float]:
    """One round of everything, in fresh folders."""
    async with Bench(folder / "sqlite", "sqlite:///history.db") as bench:
        await bench.register("868441036775234")
        found = await journal(bench, count)
        found["sqlite_per_s"] = await recorded(bench, count)
    async with Bench(folder / "mariadb", mariadb_url) as bench:
        await bench.register("868441036775234")
        await bench.settled(60)
        found["mariadb_per_s"] = await recorded(bench, count)
    return found


_ROWS = {
    "journal_per_s": "journal: events a second, committed and published",
    "alone_p50_ms": "journal: one event alone until published, p50, ms",
    "alone_p99_ms": "journal: one event alone until published, p99, ms",
    "sqlite_per_s": "journal and history in SQLite: events a second",
    "mariadb_per_s": "journal and history in MariaDB: events a second",
}


def main() -> None:
    """Measure, write the report."""
    count, rounds = sized("BENCH_EVENTS", 10_000, 3000), sized("BENCH_ROUNDS", 3, 1)
    machine = describe_machine()
    found = []
    for _ in range(rounds):
        with (
            tempfile.TemporaryDirectory(prefix="irzhub-bench-", ignore_cleanup_errors=True) as name,
            contextlib.ExitStack() as stack,
        ):
            database = Database(Path(name) / "server")
            stack.enter_context(database.running())
            found.append(uvloop.run(measure(Path(name), count, database.url(DATABASE))))
    values = {key: median(each[key] for each in found) for key in _ROWS}
    title = f"{count} events, median of {rounds} rounds"
    table = plain_table(title, {text: f"{values[key]:.1f}" for key, text in _ROWS.items()})
    how = (__doc__ or "").strip()
    print(write_report("events", how, [table], {"events": count, "values": values, "rounds": found}, machine))


if __name__ == "__main__":
    main()
