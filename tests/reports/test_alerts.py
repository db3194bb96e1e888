"""Incidents of some days, from their copies in the history."""

from pathlib import Path
from typing import Any

from irzhub.reports.alerts import gather
from irzhub.storage.history_incidents import upsert_incidents
from irzhub.storage.incidents import IncidentRow
from tests.reports.fleet import ONE, THREE, cells, past, series, utc, wanted


def incident(number: int, opened: str, closed: str | None, **about: Any) -> IncidentRow:
    base: dict[str, Any] = {"kind": "link_lost", "subject": ONE, "modem": ONE, "severity": "alarm"}
    end = None if closed is None else utc(closed)
    row = {"number": number, "opened_at": utc(opened), "last_seen_at": utc(opened), "closed_at": end}
    return IncidentRow(**(base | row | about))


async def test_incidents_that_were_open_at_some_time(tmp_path: Path) -> None:
    rows = [
        incident(1, "10 00:00", "11 00:00"),
        incident(2, "19 00:00", "20 01:00", acknowledged_by="анна", acknowledged_at=utc("19 00:05"), count=3),
        incident(3, "21 00:00", None, kind="weak_signal", severity="warning", modem=THREE, parent=4),
        incident(4, "21 00:00", "21 01:00", kind="common_cause", subject="cause/operator/МТС", modem=None),
    ]
    async with past(tmp_path) as made:
        await made.write(lambda conn, hub: upsert_incidents(conn, hub, rows))
        report = await made.report(gather, wanted("alerts"))
        of_group = await made.report(gather, wanted("alerts", group="Север"))
        of_some = await made.report(gather, wanted("alerts", limit_groups=("Север", "Юг")))

    names = ("number", "modem", "lasted_s", "count", "acknowledged_by", "acknowledged_after_s", "parent")
    assert cells(report, *names) == [
        (4, None, 3600, 1, "", None, None),
        (3, THREE, 33 * 3600, 1, "", None, 4),
        (2, ONE, 25 * 3600, 3, "анна", 300, None),
    ]
    assert report.total == {"alerts": 3, "modems": 2, "lasted_s": 59 * 3600, "count": 5}
    assert series(report, "alerts_by_day") == {"info": [0, 0, 0], "warning": [0, 1, 0], "alarm": [0, 1, 0]}
    assert report.charts[1].labels == ("common_cause", "weak_signal", "link_lost")
    assert cells(of_group, "number") == [(2,)]
    assert cells(of_some, "number") == [(3,), (2,)], "what belongs to no modem is for who sees the whole hub"
