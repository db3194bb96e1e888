from datetime import timedelta

import pytest

from irzhub.journal import retention
from irzhub.journal.retention import KEEP, Retention
from irzhub.storage.events import event_bounds
from tests.journal.bench import Bench


async def fill(bench: Bench, days: int, per_day: int = 100) -> None:
    for _ in range(days):
        for _ in range(per_day):
            bench.journal.append(bench.event())
        await bench.journal.flush()
        bench.clock.step(timedelta(days=1))


def keeper(bench: Bench, lowest: int | None) -> Retention:
    return Retention(bench.store, bench.clock, lambda: lowest)


async def test_what_is_old_and_read_by_all_goes(bench: Bench) -> None:
    await fill(bench, days=20)

    assert await keeper(bench, lowest=2000).prune() == 600
    assert await bench.store.read(event_bounds) == (601, 2000)
    assert await keeper(bench, lowest=2000).prune() == 0


async def test_what_somebody_has_not_read_stays(bench: Bench) -> None:
    await fill(bench, days=20)

    assert await keeper(bench, lowest=150).prune() == 150
    assert await bench.store.read(event_bounds) == (151, 2000)


async def test_what_is_young_stays_though_all_have_read_it(bench: Bench) -> None:
    await fill(bench, days=5)

    assert await keeper(bench, lowest=500).prune() == 0


async def test_with_no_reader_age_alone_counts(bench: Bench) -> None:
    await fill(bench, days=20)

    assert await keeper(bench, lowest=None).prune() == 600


async def test_the_newest_event_always_stays(bench: Bench) -> None:
    await fill(bench, days=1)
    bench.clock.step(KEEP * 3)

    assert await keeper(bench, lowest=100).prune() == 99
    assert await bench.store.read(event_bounds) == (100, 100)


async def test_beyond_the_hard_limit_even_unread_events_go_loudly(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(retention, "MAX_EVENTS", 300)
    await fill(bench, days=5)

    assert await keeper(bench, lowest=0).prune() == 200
    assert await bench.store.read(event_bounds) == (201, 500)
    assert "the journal holds 500 events, more than 300" in caplog.text
