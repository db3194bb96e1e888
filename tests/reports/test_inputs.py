"""What inputs did, from recorded events."""

from pathlib import Path
from typing import Any

from irzhub.core.events import GpiChanged
from irzhub.reports import inputs
from irzhub.storage.history_events import insert_events
from tests.reports.fleet import ONE, TWO, Past, cells, past, series, utc, wanted


def changed(seq: int, modem: str, moment: str, level: Any, pin: int = 1, **about: Any) -> GpiChanged:
    previous: Any = "OFF" if level == "ON" else "ON"
    return GpiChanged(
        ts=utc(moment),
        modem=modem,
        pin=pin,
        level=level,
        previous=previous,
        source="report",
        seq=seq,
        id=f"01K{seq:023}",
        **about,
    )


async def fill(made: Past) -> None:
    events = [
        changed(1, ONE, "19 12:00", "ON", name="Дверь"),
        changed(2, ONE, "19 22:00", "OFF", name="Дверь"),
        changed(3, ONE, "20 06:00", "ON", name="Дверь", alarm=True),
        changed(4, ONE, "20 07:00", "OFF", name="Дверь"),
        changed(5, TWO, "21 00:30", "ON", 2),
        changed(6, ONE, "22 08:00", "ON", name="Дверь новая", alarm=True),
        changed(7, "868441036770000", "22 08:00", "ON"),
    ]
    await made.write(lambda conn, hub: insert_events(conn, hub, events))


async def test_changes_and_how_long_inputs_were_on(tmp_path: Path) -> None:
    async with past(tmp_path) as made:
        await fill(made)
        report = await made.report(inputs.gather, wanted("inputs"))

    names = ("modem", "input", "input_name", "changes", "times_on", "on_s", "alarms", "level")
    assert cells(report, *names) == [
        (ONE, 1, "Дверь новая", 4, 2, 3 * 3600, 2, "ON"),
        (TWO, 2, "", 1, 1, 32.5 * 3600, 0, None),
    ]
    assert cells(report, "first_at", "last_at")[0] == (utc("19 22:00"), utc("22 08:00"))
    assert report.total == {"modems": 2, "inputs": 2, "changes": 5, "times_on": 3, "alarms": 2}
    assert series(report, "changes_by_day") == {"changes": [3, 1, 1]}
    by_hour = series(report, "changes_by_hour")["changes"]
    assert [hour for hour, count in enumerate(by_hour) if count] == [1, 3, 9, 10, 11], "on the clock of the report"


async def test_too_many_changes_are_cut_and_that_is_said(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(inputs, "MOST_EVENTS", 2)
    async with past(tmp_path) as made:
        await fill(made)
        report = await made.report(inputs.gather, wanted("inputs", modem=ONE))

    assert report.is_cut
    assert report.total["changes"] == 2
