from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from irzhub.config.settings import DatabaseSettings
from irzhub.recorder.upkeep import HOUR_DAYS, SLOT_DAYS, Upkeep
from irzhub.storage.errors import DatabaseUnavailable
from irzhub.storage.history import HistoryStore
from irzhub.storage.history_events import insert_events
from irzhub.storage.history_series import DAY_S, HOUR_S, SLOT_S, SlotRow, read_series, upsert_slots
from irzhub.storage.history_sessions import record_sessions
from tests.storage.rows import MODEM, event

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
EVER = (NOON - timedelta(days=9999), NOON + timedelta(days=9))


@pytest.fixture
async def history(history_url: str, tmp_path: Path) -> AsyncIterator[HistoryStore]:
    async with HistoryStore(history_url, tmp_path, "main") as store:
        yield store


def slot(start: datetime, slot_s: int = SLOT_S, csq: int = 20) -> SlotRow:
    return SlotRow("main", MODEM, slot_s, start, csq, csq, csq, 1, csq, rx_bytes=1)


async def starts(history: HistoryStore, slot_s: int) -> list[datetime]:
    found = await history.run(lambda conn: read_series(conn, "main", MODEM, slot_s, *EVER))
    return [row.start for row in found]


async def test_hours_and_days_with_new_values_are_rolled_up(history: HistoryStore) -> None:
    upkeep = Upkeep(DatabaseSettings(), history)
    late = NOON - timedelta(days=3)
    rows = [slot(NOON), slot(NOON + timedelta(minutes=70)), slot(late)]
    await history.run(partial(upsert_slots, slots=rows))
    for row in rows:
        upkeep.written(row.start)
    await upkeep.roll_up()

    assert await starts(history, HOUR_S) == [late, NOON, NOON + timedelta(hours=1)]
    assert await starts(history, DAY_S) == [late.replace(hour=0), NOON.replace(hour=0)]


async def test_after_a_start_the_last_day_is_rolled_up(history: HistoryStore) -> None:
    upkeep = Upkeep(DatabaseSettings(), history)
    await history.run(partial(upsert_slots, slots=[slot(NOON - timedelta(hours=20)), slot(NOON - timedelta(hours=30))]))
    upkeep.started(NOON)
    await upkeep.roll_up()

    assert await starts(history, HOUR_S) == [NOON - timedelta(hours=20)]


async def test_hours_are_kept_for_the_next_time_when_the_database_is_away(tmp_path: Path) -> None:
    async with HistoryStore("mysql://root@127.0.0.1:1/nothing", tmp_path, "main") as away:
        upkeep = Upkeep(DatabaseSettings(), away)
        upkeep.written(NOON)
        with pytest.raises(DatabaseUnavailable):
            await upkeep.roll_up()
        assert upkeep._stale_hours == {NOON}


async def test_everything_has_its_time(history: HistoryStore) -> None:
    def fill(conn: object) -> None:
        for days in (1, 30, 500):
            past = NOON - timedelta(days=days)
            insert_events(conn, "main", [event(days, ts=past)])  # type: ignore[arg-type]
        for slot_s in (SLOT_S, HOUR_S, DAY_S):
            upsert_slots(conn, [slot(NOON - timedelta(days=days), slot_s) for days in (1, 30, 300, 900)])  # type: ignore[arg-type]
        record_sessions(conn, "main", [])  # type: ignore[arg-type]

    await history.run(fill)
    await Upkeep(DatabaseSettings(event_days=400, series_days=730), history).purge(NOON)

    assert await history.run(
        lambda conn: [row.seq for row in conn.exec_driver_sql("SELECT seq FROM events ORDER BY 1")]
    ) == [
        1,
        30,
    ]
    kept = {
        slot_s: [(NOON - start).days for start in await starts(history, slot_s)] for slot_s in (SLOT_S, HOUR_S, DAY_S)
    }
    assert kept == {SLOT_S: [1], HOUR_S: [30, 1], DAY_S: [300, 30, 1]}
    assert SLOT_DAYS < 30 < HOUR_DAYS < 300


async def test_short_retention_holds_for_every_length(history: HistoryStore) -> None:
    for slot_s in (SLOT_S, HOUR_S, DAY_S):
        rows = [slot(NOON - timedelta(days=days), slot_s) for days in (1, 5)]
        await history.run(partial(upsert_slots, slots=rows))
    await Upkeep(DatabaseSettings(event_days=3, series_days=3), history).purge(NOON)

    assert [len(await starts(history, slot_s)) for slot_s in (SLOT_S, HOUR_S, DAY_S)] == [1, 1, 1]
