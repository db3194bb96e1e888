"""Maintenance windows by people's hand."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from irzhub.alerts.incident_maintenance import MAINTENANCE, Mutes
from irzhub.alerts.maintenance_desk import MaintenanceDesk, UnknownWindow
from irzhub.core.bus import Bus
from irzhub.core.state import StateStore
from irzhub.storage.local import LocalStore
from tests.alerts.incident_rig import MODEM, NOW, HandClock, later, online


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[LocalStore]:
    async with LocalStore(tmp_path) as opened:
        yield opened


def desk_on(store: LocalStore) -> tuple[MaintenanceDesk, Mutes, HandClock]:
    states, clock = StateStore(Bus()), HandClock()
    states.add(online())
    mutes = Mutes(states)
    return MaintenanceDesk(mutes, store, clock), mutes, clock


WANTED: dict[str, Any] = {
    "modem": MODEM, "group": None, "since": NOW, "until": later(600), "reason": "замена шкафа", "by": "анна",
}  # fmt: skip


async def test_a_window_mutes_as_soon_as_it_is_planned_and_can_be_moved(store: LocalStore) -> None:
    desk, mutes, _ = desk_on(store)
    row = await desk.plan(**WANTED)
    assert (row.created_by, row.created_at) == ("анна", NOW) and mutes.why(MODEM, later(1)) == MAINTENANCE

    moved = await desk.change(row, since=later(60), reason="перенесли")
    assert mutes.why(MODEM, later(1)) == "" and await desk.get(row.id) == moved
    assert await desk.windows() == [moved]


@pytest.mark.parametrize(
    ("since", "until", "text"),
    [(NOW, NOW, "ends behind its beginning"), (later(-60), later(-5), "is not over yet")],
)
async def test_a_window_must_have_a_future(store: LocalStore, since: Any, until: Any, text: str) -> None:
    desk, mutes, _ = desk_on(store)
    with pytest.raises(ValueError, match=text):
        await desk.plan(**{**WANTED, "since": since, "until": until})

    assert await desk.windows(with_past=True) == [] and mutes.windows() == []


async def test_a_running_window_is_cut_short_and_stays_readable(store: LocalStore) -> None:
    desk, mutes, clock = desk_on(store)
    row = await desk.plan(**WANTED)
    clock.turn(60)
    ended = await desk.end(row)

    assert ended is not None and ended.until == later(60) and mutes.why(MODEM, later(60)) == ""
    assert await desk.windows() == [] and await desk.windows(with_past=True) == [ended]


async def test_a_window_that_lies_ahead_is_taken_back_whole(store: LocalStore) -> None:
    desk, _, _ = desk_on(store)
    row = await desk.plan(**{**WANTED, "since": later(60)})
    assert await desk.end(row) is None

    with pytest.raises(UnknownWindow, match=row.id):
        await desk.get(row.id)


async def test_what_is_over_is_listed_no_more_before_it_is_forgotten(store: LocalStore) -> None:
    desk, _, clock = desk_on(store)
    row = await desk.plan(**WANTED)
    clock.turn(600)

    assert await desk.windows() == [] and await desk.get(row.id) == row
