"""One wake that is under way: who asked, who waits, and the row that remembers it."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from irzhub.config.wake import WakeLadder
from irzhub.fleet.wake_record import Wake, goes_first, is_by_hand, new_wake
from irzhub.fleet.wake_states import Step
from irzhub.storage.local import LocalStore
from irzhub.storage.wakes import WakeRow, list_wakes
from tests.fleet.job_rig import START, TurnedClock

MODEM = "868441036775234"


def wake(reason: str = "client") -> Wake:
    return new_wake(MODEM, reason, WakeLadder(), [Step("call", "+79210000001", 60.0)], TurnedClock())


@pytest.mark.parametrize(
    ("reason", "by_hand", "first"),
    [("rest:anna", True, True), ("job:anna", True, False), ("client", False, False), ("rule:night", False, False)],
)
def test_who_asks_decides_whether_it_waits(reason: str, by_hand: bool, first: bool) -> None:
    assert (is_by_hand(reason), goes_first(reason)) == (by_hand, first)


async def test_a_new_wake_waits_for_its_turn() -> None:
    made = wake()
    assert (made.modem, made.reason, made.began, made.arrived.is_set()) == (MODEM, "client", None, False)
    assert (made.row.status, made.row.started_at) == ("waking", START)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[LocalStore]:
    async with LocalStore(tmp_path) as store:
        yield store


async def kept(store: LocalStore) -> WakeRow:
    [row] = await store.read(lambda conn: list_wakes(conn, MODEM, None, 10))
    return row


async def test_each_note_brings_the_row_up_to_the_climb(store: LocalStore) -> None:
    made = wake()
    await store.write(made.spend("call"))
    stored = await kept(store)
    assert (stored.calls, stored.sms, stored.steps) == (1, 0, [])
    made.climb.taken(datetime(2026, 11, 22, 8, 0, 1, tzinfo=UTC))
    await store.write(made.note(status="online", by="call", took_s=1.5))
    stored = await kept(store)
    assert stored.steps == [{"step": "call", "at": "2026-11-22T08:00:01.000Z", "error": None}]
    assert (stored.calls, stored.status, stored.by, stored.took_s) == (1, "online", "call", 1.5)


async def test_what_is_too_long_for_the_table_is_cut(store: LocalStore) -> None:
    made = wake("rule:" + "x" * 200)
    made.climb.missed("e" * 5000, START)
    await store.write(made.note(error="e" * 5000))
    stored = await kept(store)
    assert (len(stored.reason), len(stored.error or ""), len(stored.steps[0]["error"])) == (100, 1000, 1000)


async def test_it_waits_for_the_modem_so_long() -> None:
    made = wake()
    assert not await made.came_within(0.01)
    made.arrived.set()
    assert await made.came_within(0.0)
