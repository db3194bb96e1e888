"""Breaks and their reasons."""

from pathlib import Path

from irzhub.reports.reconnects import gather
from irzhub.storage.tables_history import sessions
from tests.reports.fleet import ONE, TWO, cells, past, series, utc, wanted
from tests.reports.test_availability import session


async def test_breaks_and_why(tmp_path: Path) -> None:
    rows = [
        session(1, ONE, "18 00:00", "20 00:00", "keepalive_lost"),
        session(2, ONE, "20 00:00", "20 12:00", "kicked"),
        session(3, ONE, "20 12:00", "21 00:00", "keepalive_lost"),
        session(4, ONE, "21 00:00", None),
        session(5, TWO, "10 00:00", "19 20:00"),
    ]
    async with past(tmp_path) as made:
        await made.write(lambda conn, _: conn.execute(sessions.insert(), rows))
        report = await made.report(gather, wanted("reconnects", group="Север"))

    assert cells(report, "modem", "sessions", "breaks", "keepalive_lost", "other_reasons", "last_break") == [
        (ONE, 3, 3, 2, 1, utc("21 00:00")),
        (TWO, 0, 0, 0, 0, None),
    ]
    assert cells(report, "last_reason", "breaks_a_day", "between_breaks_s")[0] == ("keepalive_lost", 1.2, 72000)
    assert (report.total["breaks"], report.total["keepalive_lost"]) == (3, 2)
    assert series(report, "breaks_by_day") == {"breaks": [2, 1, 0]}
    assert report.charts[1].labels == ("keepalive_lost", "kicked")
    assert series(report, "breaks_by_reason") == {"breaks": [2, 1]}
