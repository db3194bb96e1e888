"""Which meters were read on which day, and why the others were not: `readings.py` over several days."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Final

from irzhub.reports.ground import MODEM_COLUMNS, Ask, Build, Ground, modem_cells
from irzhub.reports.readings import CAUSES, Line, Reading, cause_of_meter, readings
from irzhub.reports.report import MOST_ROWS, Chart, Column, Report, Row, ratio
from irzhub.storage.local import Connection
from irzhub.storage.polls import PollRow, read_polls

COLUMNS: Final = (
    Column("day", "day"),
    *MODEM_COLUMNS,
    Column("type", "text"),
    Column("serial", "modem"),
    Column("address", "modem"),
    Column("program", "text"),
    Column("cause", "word"),
    Column("asked", "number"),
    Column("answered", "number"),
    Column("answer_s", "duration"),
    Column("last_answered", "moment"),
)


async def gather(ground: Ground, ask: Ask) -> Build:
    """Read the days, and what programs are called."""
    polls, lines = await read_days(ground, ask)
    names = {address: row.name for address, row in ground.facts.programs().items()}
    return partial(_build, ask, polls, lines, names)


async def read_days(ground: Ground, ask: Ask) -> tuple[dict[str, Sequence[PollRow]], dict[str, Line]]:
    """Return what was counted on each day, and which meters are expected behind each modem."""
    polls: dict[str, Sequence[PollRow]] = {}
    for day in ask.period.days:
        kept = ground.facts.polls(day)
        polls[day] = await ground.read(partial(_read, day)) if kept is None else kept
    lines = {modem: Line(ground.facts.meters(modem), ground.facts.lines(modem)) for modem in ask.subjects}
    return polls, lines


def _read(day: str, connection: Connection, hub: str) -> list[PollRow]:
    return read_polls(connection, hub, day)


def _build(
    ask: Ask, polls: Mapping[str, Sequence[PollRow]], lines: Mapping[str, Line], names: Mapping[str, str]
) -> Report:
    rows: list[Row] = []
    expected, read, asked, answered = 0, 0, 0, 0
    by_day: list[float | None] = []
    causes: dict[str, list[float | None]] = {cause: [0.0] * len(polls) for cause in CAUSES}
    for number, (day, counted) in enumerate(polls.items()):
        end = min(ask.period.since + timedelta(days=number + 1), ask.period.now)
        of_meter: dict[tuple[str, str], list[Reading]] = {}
        for reading in readings(lines, counted, end):
            of_meter.setdefault((reading.modem, reading.address), []).append(reading)
            asked += reading.asked
            answered += reading.answered
            if len(rows) <= MOST_ROWS:
                rows.append(_row(day, reading, ask, names))
        why = Counter(cause_of_meter(of_programs) for of_programs in of_meter.values())
        expected += len(of_meter)
        read += why[None]
        by_day.append(ratio(why[None], len(of_meter)))
        for cause in CAUSES:
            causes[cause][number] = float(why[cause])
    rows.sort(key=lambda row: (row[0], row[8] is None), reverse=False)
    total = {
        "modems": len(ask.subjects),
        "expected": expected,
        "read": read,
        "read_ratio": ratio(read, expected),
        "asked": asked,
        "answered": answered,
    }
    charts = (
        Chart(name="read_by_day", form="line", meaning="ratio", labels=tuple(polls), series={"read_ratio": by_day}),
        Chart(name="causes_by_day", form="stacked", meaning="number", labels=tuple(polls), series=causes),
    )
    return ask.report(COLUMNS, rows, total, charts)


def _row(day: str, reading: Reading, ask: Ask, names: Mapping[str, str]) -> Row:
    meter = reading.meter
    return (
        day,
        *modem_cells(ask.subjects[reading.modem]),
        (meter.type if meter is not None else "") or reading.protocol,
        meter.serial if meter is not None else reading.identity,
        reading.address,
        names.get(reading.program) or reading.program,
        reading.cause,
        reading.asked,
        reading.answered,
        reading.answer_s,
        reading.last_answered,
    )
