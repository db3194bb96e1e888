import asyncio
import dataclasses
import re
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from irzhub.core.events import Event, GpiChanged, ModemRegistered
from irzhub.journal.journal import BATCH
from irzhub.journal.recent import KEPT
from irzhub.storage.events import event_bounds
from irzhub.storage.local import Connection, LocalStore
from irzhub.storage.meta import SEQ_FLOOR, get_meta, set_meta
from tests.journal.bench import START, Bench


async def test_an_event_is_numbered_committed_then_published(bench: Bench) -> None:
    stored_when_published: list[object] = []
    bench.bus.subscribe(Event, lambda event: stored_when_published.append(event.seq))

    bench.journal.append(bench.event())
    assert bench.published == []
    await bench.journal.flush()

    event = bench.published[0]
    assert event.seq == 1
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}", event.id)
    assert event.durable
    assert await bench.store.read(event_bounds) == (1, 1)
    assert stored_when_published == [1]


async def test_numbers_follow_without_gap_and_in_order(bench: Bench) -> None:
    for number in range(1200):
        bench.journal.append(bench.event(peer=str(number)))
    await bench.journal.flush()

    assert bench.seqs == list(range(1, 1201))
    assert len({event.id for event in bench.published}) == 1200
    assert bench.journal.last_seq == 1200
    assert bench.journal.first_seq == 1


async def test_what_is_read_back_is_what_was_published(bench: Bench) -> None:
    bench.journal.append(
        ModemRegistered(ts=START, modem="868441036775234", port=20000, model="ATM21", peer="1.2.3.4:5")
    )
    changed = GpiChanged(
        ts=START, modem="868441036775234", pin=1, level="ON", previous="OFF", source="inferred", not_before=START
    )
    bench.journal.append(changed)
    await bench.journal.flush()

    for journal in (bench.journal, bench.journal_without_memory()):
        assert await journal.read(0, 10) == bench.published
        assert await journal.read(1, 10) == bench.published[1:]
        assert await journal.read(0, 1) == bench.published[:1]
        assert await journal.read(2, 10) == []


async def test_the_newest_are_read_without_the_file_and_older_ones_from_it(bench: Bench) -> None:
    for _ in range(KEPT + 5):
        bench.journal.append(bench.event())
    await bench.journal.flush()
    await bench.store.write(lambda connection: connection.exec_driver_sql(f"DELETE FROM events WHERE seq > {KEPT}"))

    assert [event.seq for event in await bench.journal.read(5, 3)] == [6, 7, 8]
    assert [event.seq for event in await bench.journal.read(KEPT + 3, 100)] == [KEPT + 4, KEPT + 5]
    assert [event.seq for event in await bench.journal.read(4, 3)] == [5, 6, 7]
    assert [event.seq for event in await bench.journal.read(4, KEPT + 100)] == list(range(5, KEPT + 1))


async def test_state_is_committed_with_its_event_and_handed_on_before_it(bench: Bench) -> None:
    steps: list[str] = []
    bench.bus.subscribe(Event, lambda event: steps.append(f"published {event.seq}"))

    bench.journal.append(
        bench.event(),
        write=lambda conn: set_meta(conn, "level", "ON"),
        then=lambda event: steps.append(f"state of {event.seq}"),
    )
    bench.journal.write_state(lambda conn: set_meta(conn, "quiet", "1"), lambda: steps.append("quiet state"))
    bench.journal.append(bench.event())
    await bench.journal.flush()

    assert steps == ["state of 1", "published 1", "quiet state", "published 2"]
    found = await bench.store.read(lambda conn: (get_meta(conn, "level"), get_meta(conn, "quiet")))
    assert found == ("ON", "1")


async def test_state_that_cannot_be_stored_takes_no_event_with_it(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(conn: Connection) -> None:
        set_meta(conn, "half", "done")
        raise ValueError("on purpose")

    bench.journal.append(bench.event(), write=broken)
    bench.journal.append(bench.event(), write=lambda conn: set_meta(conn, "whole", "done"))
    await bench.journal.flush()

    assert bench.seqs == [1, 2]
    assert await bench.store.read(lambda conn: (get_meta(conn, "half"), get_meta(conn, "whole"))) == (None, "done")
    assert "state that belongs to ModemRejected" in caplog.text


async def test_a_subscriber_that_fails_stops_nobody(bench: Bench) -> None:
    def broken(event: Event) -> None:
        raise ValueError("on purpose")

    bench.journal.append(bench.event(), then=broken)
    bench.journal.append(bench.event())
    await bench.journal.flush()

    assert bench.seqs == [1, 2]


async def test_an_event_that_cannot_be_stored_does_not_block_the_others(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    naive = dataclasses.replace(bench.event(), ts=START.replace(tzinfo=None))
    for event in (bench.event(), naive, bench.event()):
        bench.journal.append(event)
    await bench.journal.flush()

    assert bench.seqs == [1, 2, 3]
    assert [event.seq for event in await bench.journal.read(0, 10)] == [1, 3]
    assert "cannot be stored, the journal goes on without it" in caplog.text


async def test_an_event_appended_by_a_subscriber_comes_after_those_that_wait(bench: Bench) -> None:
    def answer(event: Event) -> None:
        if event.seq == 1:
            bench.journal.append(bench.event(peer="answer"))

    bench.bus.subscribe(Event, answer)
    for _ in range(3):
        bench.journal.append(bench.event())
    await bench.journal.flush()
    await bench.journal.flush()

    assert bench.seqs == [1, 2, 3, 4]


async def test_numbers_go_on_after_a_restart(tmp_path: Path) -> None:
    async with Bench(tmp_path) as first:
        for _ in range(3):
            first.journal.append(first.event())

    async with Bench(tmp_path) as second:
        assert second.journal.last_seq == 3
        second.journal.append(second.event())
        await second.journal.flush()

    assert second.seqs == [4]


async def test_a_restored_hub_gives_no_number_up_to_the_floor(tmp_path: Path) -> None:
    async with Bench(tmp_path) as first:
        first.journal.append(first.event())
        await first.store.write(lambda conn: set_meta(conn, SEQ_FLOOR, "5000"))

    async with Bench(tmp_path) as second:
        second.journal.append(second.event())
        await second.journal.flush()
        assert [event.seq for event in await second.journal.read(0, 10)] == [1, 5001]
    assert second.seqs == [5001]


async def test_all_that_was_appended_is_committed_at_the_end(tmp_path: Path) -> None:
    async with Bench(tmp_path) as first:
        for _ in range(2000):
            first.journal.append(first.event())

    assert first.seqs == list(range(1, 2001))
    assert first.journal.pending == 0


async def test_pending_events_are_counted(bench: Bench) -> None:
    gauge = bench.metrics.gauge("journal_pending_events", "")
    bench.journal.append(bench.event())
    bench.journal.append(bench.event())

    assert gauge.read() == {(): 2.0}
    await bench.journal.flush()
    assert gauge.read() == {(): 0.0}


async def test_the_position_of_a_moment_is_found(bench: Bench) -> None:
    for _ in range(10):
        bench.journal.append(bench.event())
        bench.clock.step(timedelta(minutes=1))
    await bench.journal.flush()

    assert await bench.journal.seq_before(START) == 0
    assert await bench.journal.seq_before(START + timedelta(minutes=4, seconds=30)) == 5
    assert await bench.journal.seq_before(START + timedelta(days=1)) == 10


async def test_a_burst_of_ten_thousand_is_committed_in_five_seconds(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    transactions: list[object] = []
    write = LocalStore.write

    def counted(store: LocalStore, job: Any) -> Any:
        transactions.append(job)
        return write(store, job)

    monkeypatch.setattr(LocalStore, "write", counted)
    began = time.monotonic()
    worst_lag = 0.0
    for number in range(10_000):
        modem = f"86844103677{number % 500:04d}"
        bench.journal.append(
            GpiChanged(ts=START, modem=modem, pin=1, level="ON", previous="OFF", source="report"),
            write=lambda conn, key=modem: set_meta(conn, key, "ON"),  # type: ignore[misc]
        )
    last_turn = time.monotonic()
    while bench.journal.pending:
        await asyncio.sleep(0.001)  # a loop that spins would take the interpreter from the thread that commits
        now = time.monotonic()
        worst_lag, last_turn = max(worst_lag, now - last_turn), now
    took = time.monotonic() - began

    assert bench.seqs == list(range(1, 10_001))
    assert len(transactions) <= 10_000 / BATCH + 5
    assert took < 5, f"{took:.2f} s"
    assert worst_lag < 0.5, f"the loop stood still for {worst_lag:.3f} s"


async def test_an_idle_journal_commits_within_milliseconds(bench: Bench) -> None:
    took = []
    for _ in range(50):
        began = time.perf_counter()
        bench.journal.append(bench.event())
        await bench.journal.flush()
        took.append(time.perf_counter() - began)

    assert sorted(took)[len(took) // 2] < 0.02
