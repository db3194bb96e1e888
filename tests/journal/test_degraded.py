"""The journal without its disk: a test of the whole part."""

import asyncio
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from irzhub.core.health import HealthChanged
from irzhub.journal import journal as journal_module
from irzhub.storage.events import event_bounds, read_events
from irzhub.storage.meta import get_meta, set_meta
from tests.journal.bench import Bench, until


@contextmanager
def locked(data_dir: Path) -> Iterator[sqlite3.Connection]:
    """Hold the write lock of `hub.db` from outside: no commit comes through, and none fails at once."""
    other = sqlite3.connect(data_dir / "hub.db", isolation_level=None, timeout=0, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield other
    finally:
        other.close()


async def test_after_two_seconds_events_go_on_and_are_committed_later(bench: Bench) -> None:
    changes: list[str] = []
    bench.bus.subscribe(HealthChanged, lambda change: changes.append(f"{change.health.part} {change.health.state}"))
    bench.journal.append(bench.event())
    await bench.journal.flush()
    with locked(bench.data_dir):
        for number in range(1200):
            bench.journal.append(bench.event(), write=lambda conn, n=number: set_meta(conn, "n", str(n)))  # type: ignore[misc]
        await asyncio.sleep(1)
        assert bench.seqs == [1]
        await until(lambda: len(bench.published) == 1201)
        assert [event.durable for event in bench.published] == [True, *[False] * 1200]
        assert changes == ["journal down", "local_store down"]

        bench.journal.append(bench.event())
        await until(lambda: len(bench.published) == 1202, within_s=1)
        assert bench.journal.last_seq == 1202
        assert [event.seq for event in await bench.journal.read(0, 5)] == [1, 2, 3, 4, 5]
        assert [event.seq for event in await bench.journal.read(1199, 10)] == [1200, 1201, 1202]
        assert await bench.store.read(event_bounds) == (1, 1)

    await until(lambda: not bench.journal.is_degraded)
    await until(lambda: bench.journal.pending == 0)
    assert changes[2:] == ["local_store up", "journal up"]
    bench.journal.append(bench.event())
    await bench.journal.flush()

    assert bench.seqs == list(range(1, 1204))
    assert bench.published[-1].durable
    stored = await bench.store.read(lambda conn: read_events(conn, 0, 9999, 9999))
    assert [event.id for event in stored] == [event.id for event in bench.published]
    assert await bench.store.read(lambda conn: get_meta(conn, "n")) == "1199"


async def test_after_healing_numbers_go_on_without_a_gap_over_a_restart(tmp_path: Path) -> None:
    async with Bench(tmp_path) as first:
        first.journal.append(first.event())
        await first.journal.flush()
        with locked(tmp_path):
            first.journal.append(first.event())
            await until(lambda: len(first.published) == 2)
        await until(lambda: first.journal.pending == 0)

    async with Bench(tmp_path) as second:
        second.journal.append(second.event())
        await second.journal.flush()
    assert second.seqs == [3]


async def test_a_short_stall_is_only_a_delay(bench: Bench) -> None:
    with locked(bench.data_dir):
        bench.journal.append(bench.event())
        await asyncio.sleep(0.7)
    await bench.journal.flush()

    assert bench.seqs == [1]
    assert bench.published[0].durable
    assert not bench.journal.is_degraded


async def test_state_follows_in_order_without_the_disk(bench: Bench) -> None:
    steps: list[str] = []
    with locked(bench.data_dir):
        bench.journal.append(bench.event(), then=lambda event: steps.append(f"event {event.seq} {event.durable}"))
        bench.journal.write_state(lambda conn: set_meta(conn, "a", "1"), lambda: steps.append("state"))
        bench.journal.append(bench.event(), then=lambda event: steps.append(f"event {event.seq} {event.durable}"))
        await bench.journal.flush()
    await until(lambda: bench.journal.pending == 0)

    assert steps == ["event 1 False", "state", "event 2 False"]
    assert await bench.store.read(lambda conn: get_meta(conn, "a")) == "1"


async def test_memory_is_bounded_and_the_newest_stay(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(journal_module, "MEMORY_LIMIT", 1500)
    with locked(bench.data_dir):
        bench.journal.append(bench.event())
        await until(lambda: bench.journal.is_degraded)
        for _ in range(3000):
            bench.journal.append(bench.event())
        await until(lambda: len(bench.published) == 3001)
        assert bench.journal.pending <= 1500
        newest = await bench.journal.read(2990, 100)
        assert [event.seq for event in newest] == list(range(2991, 3002))
    await until(lambda: bench.journal.pending == 0)

    assert bench.seqs == list(range(1, 3002))
    _, last = await bench.store.read(event_bounds)
    assert last == 3001
    assert "entries in memory are given up" in caplog.text


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("mounting a small disk is not allowed here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


async def test_a_full_disk_stops_nothing_and_heals(small_disk: Path) -> None:
    async with Bench(small_disk) as bench:
        bench.journal.append(bench.event())
        await bench.journal.flush()
        filler = small_disk / "filler"
        with pytest.raises(OSError, match="No space left"), filler.open("wb", buffering=0) as file:
            while True:
                file.write(b"x" * 4096)

        for _ in range(600):
            bench.journal.append(bench.event(peer="10.0.0.1:5" * 20))
        await until(lambda: len(bench.published) == 601)
        assert bench.journal.is_degraded
        part = bench.health.get("journal")
        assert part is not None
        assert part.state == "down"
        assert "disk full or broken?" in part.detail
        assert [event.durable for event in bench.published[1:]] == [False] * 600
        assert len(await bench.journal.read(0, 1000)) == 601
        assert b"irzhub-seq 0000000000000000" in (small_disk / "journal.mark").read_bytes()

        filler.unlink()
        await until(lambda: not bench.journal.is_degraded)
        await until(lambda: bench.journal.pending == 0)
        assert bench.seqs == list(range(1, 602))
        assert await bench.store.read(event_bounds) == (1, 601)
        integrity = await bench.store.read(lambda conn: conn.exec_driver_sql("PRAGMA integrity_check").scalar())
        assert integrity == "ok"


async def test_stopping_on_a_dead_disk_takes_seconds_and_says_what_is_lost(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with Bench(tmp_path) as bench:
        other = sqlite3.connect(tmp_path / "hub.db", isolation_level=None, timeout=0)
        other.execute("BEGIN IMMEDIATE")
        bench.journal.append(bench.event())
        began = asyncio.get_running_loop().time()
        asyncio.get_running_loop().call_later(7, other.close)

    assert asyncio.get_running_loop().time() - began < 15
    assert bench.seqs == [1]
