"""How commands ended, from recorded events."""

from pathlib import Path
from typing import Any

from irzhub.core.events import CommandFinished
from irzhub.reports.commands import gather
from irzhub.storage.history_events import insert_events
from tests.reports.fleet import ONE, TWO, cells, past, series, utc, wanted


def ended(seq: int, modem: str, moment: str, status: str, **about: Any) -> CommandFinished:
    values: dict[str, Any] = {"command": "set_output", "origin": "rest:анна", "attempts": 1} | about
    return CommandFinished(ts=utc(moment), modem=modem, status=status, seq=seq, id=f"01K{seq:023}", **values)


async def test_commands_the_newest_first(tmp_path: Path) -> None:
    events = [
        ended(1, ONE, "10 10:00", "ok"),
        ended(2, ONE, "20 10:00", "ok"),
        ended(3, TWO, "21 10:00", "error", error="=cmd()", via="sms", attempts=3),
        ended(4, ONE, "21 11:00", "expired"),
        ended(5, "868441036770000", "21 12:00", "ok"),
    ]
    async with past(tmp_path) as made:
        await made.write(lambda conn, hub: insert_events(conn, hub, events))
        report = await made.report(gather, wanted("commands"))
        of_one = await made.report(gather, wanted("commands", modem=ONE))

    assert cells(report, "at", "modem", "status", "via", "error") == [
        (utc("21 11:00"), ONE, "expired", "gprs", None),
        (utc("21 10:00"), TWO, "error", "sms", "=cmd()"),
        (utc("20 10:00"), ONE, "ok", "gprs", None),
    ]
    assert report.total == {"modems": 2, "commands": 3, "attempts": 5}
    assert series(report, "commands_by_day") == {
        "ok": [1, 0, 0],
        "error": [0, 1, 0],
        "expired": [0, 1, 0],
        "cancelled": [0, 0, 0],
    }
    assert len(of_one.rows) == 2
