"""Availability from sessions in a history."""

from pathlib import Path

from irzhub.config.settings import Window
from irzhub.fleet.windows import Timetable
from irzhub.reports.availability import gather
from irzhub.storage.tables_history import sessions
from tests.reports.fleet import MOSCOW, ONE, THREE, TWO, Past, cells, past, series, utc, wanted

HOUR = 3600


def session(number: int, modem: str, opened: str, closed: str | None, reason: str = "reset") -> dict[str, object]:
    end = None if closed is None else utc(closed)
    return {
        "hub": "main",
        "session": f"S{number}",
        "modem": modem,
        "opened_at": utc(opened),
        "closed_at": end,
        "is_open": closed is None,
        "reason": None if closed is None else reason,
        "lasted_s": None if closed is None else 1.0,
    }


async def fill(made: Past) -> None:
    rows = [
        session(1, ONE, "18 00:00", "20 09:00"),
        session(2, ONE, "20 12:00", None),
        session(3, TWO, "20 00:00", "20 00:30"),
        session(4, TWO, "21 00:20", "21 00:50"),
        session(5, "868441036770000", "20 00:00", None),
    ]
    await made.write(lambda conn, _: conn.execute(sessions.insert(), rows))


async def test_modems_are_measured_by_when_they_were_expected(tmp_path: Path) -> None:
    async with past(tmp_path) as made:
        await fill(made)
        made.facts.timetables[TWO] = Timetable((Window(cron="0 3 * * *", duration_s=1800),), MOSCOW)
        report = await made.report(gather, wanted("availability"))

    assert cells(report, "modem", "availability", "expected_s", "online_s", "breaks", "longest_break_s") == [
        (THREE, 0.0, 60 * HOUR, 0, 0, 60 * HOUR),
        (TWO, 0.444444, 5400, 2400, 2, 1800),
        (ONE, 0.95, 60 * HOUR, 57 * HOUR, 1, 3 * HOUR),
    ]
    assert report.total["modems"] == 3
    assert report.total["availability"] == round((57 * HOUR + 2400) / (120 * HOUR + 5400), 6)
    assert report.total["longest_break_s"] == 60 * HOUR


async def test_charts_by_day_and_of_the_worst(tmp_path: Path) -> None:
    async with past(tmp_path) as made:
        await fill(made)
        report = await made.report(gather, wanted("availability", modem=ONE))

    assert series(report, "availability_by_day") == {"availability": [0.875, 1.0, 1.0]}
    assert report.charts[1].labels == ("Котельная 1",)
    assert series(report, "worst_availability") == {"offline_s": [3 * HOUR]}


async def test_a_modem_counts_from_its_registration(tmp_path: Path) -> None:
    async with past(tmp_path) as made:
        made.ground.states.update(THREE, registered_at=utc("22 08:00"))
        report = await made.report(gather, wanted("availability", modem=THREE))

    assert cells(report, "expected_s", "offline_s") == [(HOUR, HOUR)]
