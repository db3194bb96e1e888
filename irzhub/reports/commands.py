"""Commands to modems: who asked for what, and how it ended."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Final

from irzhub.core.events import CommandFinished, Event
from irzhub.reports.ground import MODEM_COLUMNS, Ask, Build, Ground, modem_cells
from irzhub.reports.report import MOST_ROWS, Chart, Column, Report, Row
from irzhub.storage.history_reports import past_events
from irzhub.storage.local import Connection

COLUMNS: Final = (
    Column("at", "moment"),
    *MODEM_COLUMNS,
    Column("command", "text"),
    Column("status", "word"),
    Column("origin", "text"),
    Column("via", "word"),
    Column("attempts", "number"),
    Column("error", "text"),
)
STATUSES: Final = ("ok", "error", "expired", "cancelled")


async def gather(ground: Ground, ask: Ask) -> Build:
    """Read how the commands of the time ended, the first ones of too many."""
    since, until = ask.period.since, ask.period.until

    def ends(connection: Connection, hub: str) -> list[CommandFinished]:
        return _wanted(past_events(connection, hub, CommandFinished.type, ask.modems, since, until), ask)

    return partial(_build, ask, await ground.read(ends))


def _wanted(events: Iterable[Event], ask: Ask) -> list[CommandFinished]:
    found: list[CommandFinished] = []
    for event in events:
        is_of_time = ask.period.day_index(event.ts) is not None
        if isinstance(event, CommandFinished) and event.modem in ask.subjects and is_of_time:
            found.append(event)
            if len(found) > MOST_ROWS:
                break
    return found


def _build(ask: Ask, events: Sequence[CommandFinished]) -> Report:
    by_day = {status: [0.0] * len(ask.period.days) for status in STATUSES}
    rows: list[Row] = []
    for event in events:
        if (day := ask.period.day_index(event.ts)) is not None and event.status in by_day:
            by_day[event.status][day] += 1
        who = modem_cells(ask.subjects[str(event.modem)])
        rows.append((event.ts, *who, event.command, event.status, event.origin, event.via, event.attempts, event.error))
    rows.reverse()
    total = {
        "modems": len({row[1] for row in rows}),
        "commands": len(rows),
        "attempts": sum(row[8] for row in rows),
    }
    chart = Chart(name="commands_by_day", form="stacked", meaning="number", labels=ask.period.days, series=by_day)
    return ask.report(COLUMNS, rows, total, (chart,))
