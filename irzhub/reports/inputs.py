"""What the inputs of modems did: how often they changed, and how long they were on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from irzhub.core.events import Event, GpiChanged
from irzhub.reports.ground import MODEM_COLUMNS, Ask, Build, Ground, modem_cells
from irzhub.reports.report import Chart, Column, Report, Row
from irzhub.storage.history_reports import past_events
from irzhub.storage.local import Connection

COLUMNS: Final = (
    *MODEM_COLUMNS,
    Column("input", "number"),
    Column("input_name", "text"),
    Column("changes", "number"),
    Column("times_on", "number"),
    Column("on_s", "duration"),
    Column("alarms", "number"),
    Column("first_at", "moment"),
    Column("last_at", "moment"),
    Column("level", "word"),
)
MOST_EVENTS: Final = 200_000
_HOURS: Final = tuple(f"{hour:02}:00" for hour in range(24))


@dataclass(slots=True)
class _Input:
    """What one input did."""

    name: str = ""
    changes: int = 0
    times_on: int = 0
    on_s: float = 0.0
    alarms: int = 0
    first: datetime | None = None
    last: datetime | None = None
    on_since: datetime | None = None


async def gather(ground: Ground, ask: Ask) -> Build:
    """Read the changes of the time, the first ones of too many."""
    since, until = ask.period.since, ask.period.until

    def changes(connection: Connection, hub: str) -> list[GpiChanged]:
        return _wanted(past_events(connection, hub, GpiChanged.type, ask.modems, since, until), ask)

    return partial(_build, ask, await ground.read(changes))


def _wanted(events: Iterable[Event], ask: Ask) -> list[GpiChanged]:
    found: list[GpiChanged] = []
    for event in events:
        if isinstance(event, GpiChanged) and event.modem in ask.subjects and ask.period.day_index(event.ts) is not None:
            found.append(event)
            if len(found) > MOST_EVENTS:
                break
    return found


def _build(ask: Ask, events: Sequence[GpiChanged]) -> Report:
    found: dict[tuple[str, int], _Input] = {}
    by_day, by_hour = [0.0] * len(ask.period.days), [0.0] * len(_HOURS)
    for event in events[:MOST_EVENTS]:
        one = found.setdefault((str(event.modem), event.pin), _Input())
        _add(one, event, ask)
        if (day := ask.period.day_index(event.ts)) is not None:
            by_day[day] += 1
            by_hour[event.ts.astimezone(ask.period.zone).hour] += 1
    rows: list[Row] = []
    for (modem, pin), one in found.items():
        if one.on_since is not None:
            one.on_s += (ask.period.until - one.on_since).total_seconds()
        subject = ask.subjects[modem]
        counts = (one.changes, one.times_on, round(one.on_s), one.alarms)
        level = subject.state.gpi.get(pin)
        rows.append((*modem_cells(subject), pin, one.name, *counts, one.first, one.last, level))
    rows.sort(key=lambda row: (-row[5], row[2], row[1], row[0], row[3]))
    total = {
        "modems": len({row[0] for row in rows}),
        "inputs": len(rows),
        "changes": sum(row[5] for row in rows),
        "times_on": sum(row[6] for row in rows),
        "alarms": sum(row[8] for row in rows),
    }
    charts = (
        Chart(
            name="changes_by_day", form="columns", meaning="number", labels=ask.period.days, series={"changes": by_day}
        ),
        Chart(
            name="changes_by_hour",
            form="columns",
            meaning="number",
            label_meaning="text",
            labels=_HOURS,
            series={"changes": by_hour},
        ),
    )
    return ask.report(COLUMNS, rows, total, charts, is_cut=len(events) > MOST_EVENTS)


def _add(one: _Input, event: GpiChanged, ask: Ask) -> None:
    if one.first is None and event.level == "OFF" and event.previous == "ON":
        one.on_since = ask.period.since  # it was on when the time began
    one.name = event.name or one.name
    one.changes += 1
    one.alarms += bool(event.alarm)
    one.first = one.first or event.ts
    one.last = event.ts
    if event.level == "ON":
        one.times_on += 1
        one.on_since = one.on_since or event.ts
    elif one.on_since is not None:
        one.on_s += (event.ts - one.on_since).total_seconds()
        one.on_since = None
