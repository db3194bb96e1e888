"""The watch: taken, handed over, and a log that a storm does not flood."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from irzhub.alerts.incident_book import Notice, NoticeKind
from irzhub.alerts.shift_desk import Shift, ShiftDesk
from irzhub.core.bus import Bus
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.journal.journal import Journal
from irzhub.storage.incidents import IncidentRow
from irzhub.storage.local import LocalStore
from tests.alerts.incident_rig import MODEM, NOW, HandClock, later

ROW = IncidentRow(
    number=17, kind="gpi_alarm", subject=f"{MODEM}/gpi/1", modem=MODEM, severity="alarm", opened_at=NOW,
    last_seen_at=NOW, is_told=True,
)  # fmt: skip
TALLY = {"open": 4, "unacknowledged": 1, "visits": 2}


@asynccontextmanager
async def desk_on(folder: Path, clock: HandClock) -> AsyncIterator[ShiftDesk]:
    bus = Bus()
    async with LocalStore(folder) as store, Journal(store, bus, clock, Health(bus), Metrics()) as journal:
        desk = ShiftDesk(store, journal, clock, lambda: dict(TALLY), lambda notice: f"тревога {notice.row.number}")
        await desk.begin()
        yield desk


async def lines(desk: ShiftDesk, **wanted: Any) -> list[str]:
    """The log from old to new."""
    await desk._journal.flush()
    found = await desk.entries(since=wanted.get("since"), before=wanted.get("before"), limit=wanted.get("limit", 100))
    return [f"{row.by} {row.kind} {row.text}".strip() for row in reversed(found)]


async def test_a_watch_is_taken_and_handed_over(tmp_path: Path) -> None:
    clock = HandClock()
    async with desk_on(tmp_path, clock) as desk:
        assert desk.shift == Shift()
        taken = await desk.take("громов")
        assert (desk.shift.holder, desk.shift.since, taken.facts) == ("громов", NOW, {**TALLY, "from": ""})
        await desk.write_draft("КНС-4: бригада к 09:00")
        clock.turn(3600)

    async with desk_on(tmp_path, clock) as desk:
        assert (desk.shift.holder, desk.shift.draft) == ("громов", "КНС-4: бригада к 09:00")
        handed = await desk.hand_over("громов", "КНС-4: бригада к 09:00, ключ у сторожа")
        assert desk.shift == Shift("", None, "", handed)

    async with desk_on(tmp_path, clock) as desk:
        assert desk.shift == Shift("", None, "", handed)
        taken = await desk.take("ковалёва")
        assert taken.facts["from"] == "громов" and desk.shift.last == handed
        assert await lines(desk) == [
            "громов taken",
            "громов handed_over КНС-4: бригада к 09:00, ключ у сторожа",
            "ковалёва taken",
        ]


async def test_a_watch_can_be_taken_from_who_did_not_hand_it_over(tmp_path: Path) -> None:
    async with desk_on(tmp_path, HandClock()) as desk:
        await desk.take("громов")
        taken = await desk.take("ковалёва")

        assert taken.facts["from"] == "громов" and desk.shift.holder == "ковалёва"


@pytest.mark.parametrize(
    ("kind", "row", "told"),
    [
        ("opened", ROW, ["hub opened тревога 17"]),
        ("opened", replace(ROW, severity="warning"), []),
        ("opened", replace(ROW, parent=3), []),
        ("closed", ROW, []),
        ("closed", replace(ROW, kind="common_cause"), ["hub closed тревога 17"]),
        ("closed", replace(ROW, kind="hub_part"), ["hub closed тревога 17"]),
        ("changed", replace(ROW, kind="hub_part"), []),
    ],
)
async def test_the_hub_notes_what_nobody_may_overlook(
    tmp_path: Path, kind: NoticeKind, row: IncidentRow, told: list[str]
) -> None:
    async with desk_on(tmp_path, HandClock()) as desk:
        desk.heard(Notice(kind, row))

        assert await lines(desk) == told


async def test_a_storm_is_ten_lines_and_one_that_counts_the_rest(tmp_path: Path) -> None:
    clock = HandClock()
    async with desk_on(tmp_path, clock) as desk:
        for number in range(10_000):
            desk.heard(Notice("opened", replace(ROW, number=number)))
        desk.look()
        assert len(await lines(desk)) == 10
        clock.turn(60)
        desk.look()
        desk.look()

        assert await lines(desk, since=later(60)) == ["hub more"]
        (entry,) = await desk.entries(since=later(60), before=None, limit=10)
        assert entry.facts == {"more": 9990}


async def test_a_storm_that_dies_down_slowly_is_counted_once(tmp_path: Path) -> None:
    clock = HandClock()
    async with desk_on(tmp_path, clock) as desk:
        for number in range(40):
            desk.heard(Notice("opened", replace(ROW, number=number)))
            desk.look()
            clock.turn(4)
        clock.turn(60)
        desk.look()

        assert (await lines(desk)).count("hub more") == 1
        newest, *told = await desk.entries(since=None, before=None, limit=100)
        assert newest.facts == {"more": 40 - len(told)}


async def test_lines_of_one_moment_keep_their_order_and_are_cut(tmp_path: Path) -> None:
    async with desk_on(tmp_path, HandClock()) as desk:
        for number in range(5):
            await desk.write("анна", f"строка {number}", incident=17)
        long = await desk.write("анна", "x" * 3000)

        assert len(long.text) == 2000 and long.incident is None
        assert await lines(desk, before=long.id, limit=2) == ["анна note строка 3", "анна note строка 4"]
