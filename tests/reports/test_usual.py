"""Medians of nights."""

from pathlib import Path
from typing import Any

from irzhub.reports.desk import ReportDesk
from irzhub.storage.meters import MeterRow
from irzhub.storage.polls import PollRow
from tests.reports.fleet import ONE, THREE, TWO, past, utc, wanted
from tests.reports.test_reading_summary import poll


async def test_medians_by_group_and_cause(tmp_path: Path) -> None:
    async with past(tmp_path) as made:
        for modem in (ONE, TWO, THREE):
            about: dict[str, Any] = {"type": "", "serial": "1", "address": "7", "created_at": utc("01 00:00")}
            made.facts.entered[modem] = [MeterRow(id=f"01{modem}", modem=modem, **about)]
        days: dict[str, list[PollRow]] = {
            "2026-11-20": [poll("2026-11-20", ONE, silent=3), poll("2026-11-20", TWO, answered=3)],
            "2026-11-21": [poll("2026-11-21", ONE, silent=3), poll("2026-11-21", TWO, silent=3)],
            "2026-11-22": [],
        }
        made.facts.counted.update(days)
        desk = ReportDesk(made.ground, tmp_path)
        found = await desk.usual(wanted("reading_summary"))
        made.facts.counted["2026-11-21"] = []
        again = await desk.usual(wanted("reading_summary"))
        made.clock.passed_s = 3601
        later = await desk.usual(wanted("reading_summary"))

    assert found.days == 2, "a day on which nothing was asked says nothing"
    north, south = found.groups["Север"], found.groups["Юг"]
    assert (north["meter_silent"], north["not_asked"], south["not_asked"]) == (1.5, 0, 1)
    assert found.below["Север"] == north
    assert found.below[""]["meter_silent"] == 1.5, "all together: two of three in one night, one in the other"
    assert again is found
    assert (later.days, later.groups["Север"]["meter_silent"]) == (1, 1)


async def test_of_nothing_nothing_is_usual(tmp_path: Path) -> None:
    async with past(tmp_path) as made:
        for day in ("2026-11-20", "2026-11-21", "2026-11-22"):
            made.facts.counted[day] = []
        found = await ReportDesk(made.ground, tmp_path).usual(wanted("reading_summary"))

    assert (found.days, found.groups) == (0, {})
