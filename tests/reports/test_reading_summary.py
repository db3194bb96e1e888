"""The reading summary over several days: yesterday from the hub, older days from the history."""

from pathlib import Path
from typing import Any

from irzhub.reports.reading_summary import gather
from irzhub.storage.meters import MeterRow, ProgramRow
from irzhub.storage.polls import PollRow, record_polls
from tests.reports.fleet import ONE, TWO, cells, past, series, utc, wanted


def poll(day: str, modem: str, **about: Any) -> PollRow:
    base: dict[str, Any] = {"address": "7", "program": "10.0.0.7", "asked": 3, "hours_asked": 1}
    moment = utc(f"{day[-2:]} 06:00")
    return PollRow(day=day, modem=modem, first_asked=moment, last_asked=moment, **(base | about))


async def test_days_meters_programs_and_causes(tmp_path: Path) -> None:
    async with past(tmp_path) as made:
        facts = made.facts
        for modem in (ONE, TWO):
            meter = MeterRow(
                id=f"01{modem}",
                modem=modem,
                type="Меркурий 230",
                serial="0417",
                address="7",
                created_at=utc("01 00:00"),
            )
            facts.entered[modem] = [meter]
        facts.names["10.0.0.7"] = ProgramRow(program="10.0.0.7", name="АСКУЭ")
        answered: dict[str, Any] = {"answered": 2, "silent": 1, "wait_ms": 900, "last_answered": utc("21 06:01")}
        facts.counted["2026-11-21"] = [poll("2026-11-21", ONE, **answered), poll("2026-11-21", TWO, away=3)]
        facts.counted["2026-11-22"] = []
        old = [poll("2026-11-20", ONE, answered=3, wait_ms=300), poll("2026-11-20", TWO, silent=3, program="10.0.0.8")]
        await made.write(lambda conn, hub: record_polls(conn, hub, old))
        report = await made.report(gather, wanted("reading_summary"))

    assert cells(report, "day", "modem", "serial", "program", "cause", "asked", "answered", "answer_s") == [
        ("2026-11-20", TWO, "0417", "10.0.0.8", "meter_silent", 3, 0, None),
        ("2026-11-20", ONE, "0417", "АСКУЭ", None, 3, 3, 0.1),
        ("2026-11-21", TWO, "0417", "АСКУЭ", "no_link", 3, 0, None),
        ("2026-11-21", ONE, "0417", "АСКУЭ", None, 3, 2, 0.45),
        ("2026-11-22", ONE, "0417", "", "not_asked", 0, 0, None),
        ("2026-11-22", TWO, "0417", "", "not_asked", 0, 0, None),
    ]
    total = {"modems": 3, "expected": 6, "read": 2, "read_ratio": 0.333333, "asked": 12, "answered": 5}
    assert report.total == total
    assert series(report, "read_by_day") == {"read_ratio": [0.5, 0.5, 0.0]}
    causes = series(report, "causes_by_day")
    assert (causes["meter_silent"], causes["no_link"], causes["not_asked"]) == ([1, 0, 0], [0, 1, 0], [0, 0, 2])
