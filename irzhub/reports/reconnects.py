"""How often links broke, and why."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Final

from irzhub.core.spans import Span, length_s, merge_spans
from irzhub.reports.availability import sessions_by_modem
from irzhub.reports.ground import MODEM_COLUMNS, Ask, Build, Ground, modem_cells
from irzhub.reports.report import Chart, Column, Report, Row
from irzhub.reports.uptime import a_day
from irzhub.storage.history_links import SessionSpan, session_spans

REASONS: Final = ("keepalive_lost", "reset", "closed", "replaced", "hub_restart")
"""Reasons that have a column of their own; the rest stands together."""
COLUMNS: Final = (
    *MODEM_COLUMNS,
    Column("operator", "word"),
    Column("sessions", "number"),
    Column("breaks", "number"),
    Column("breaks_a_day", "number"),
    Column("between_breaks_s", "duration"),
    *(Column(reason, "number") for reason in REASONS),
    Column("other_reasons", "number"),
    Column("last_break", "moment"),
    Column("last_reason", "word"),
)


async def gather(ground: Ground, ask: Ask) -> Build:
    """Read the sessions of the time."""
    named = None if ask.modems is None else sorted(ask.modems)
    period = ask.period
    spans = await ground.read(lambda conn, hub: session_spans(conn, hub, named, period.since, period.until))
    return partial(_build, ask, spans)


def _build(ask: Ask, spans: Sequence[SessionSpan]) -> Report:
    by_modem = sessions_by_modem(spans, ask)
    since, until = ask.period.since, ask.period.until
    rows: list[Row] = []
    reasons: Counter[str] = Counter()
    by_day = [0.0] * len(ask.period.days)
    for modem, subject in ask.subjects.items():
        sessions = by_modem.get(modem, [])
        breaks = [each for each in sessions if each.closed_at is not None and since <= each.closed_at < until]
        own = Counter(each.reason or "closed" for each in breaks)
        reasons += own
        for each in breaks:
            if each.closed_at is not None and (day := ask.period.day_index(each.closed_at)) is not None:
                by_day[day] += 1
        online = merge_spans(
            [Span(max(each.opened_at, since), min(each.closed_at or until, until)) for each in sessions]
        )
        online_s = length_s(online)
        last = max(breaks, key=lambda each: each.closed_at or since, default=None)
        rows.append(
            (
                *modem_cells(subject),
                subject.operator,
                sum(each.opened_at >= since for each in sessions),
                len(breaks),
                a_day(len(breaks), online_s),
                round(online_s / len(breaks)) if breaks else None,
                *(own[reason] for reason in REASONS),
                sum(count for reason, count in own.items() if reason not in REASONS),
                last and last.closed_at,
                last and (last.reason or "closed"),
            )
        )
    rows.sort(key=lambda row: (-row[5], row[2], row[1], row[0]))
    total = {column.name: sum(row[place] for row in rows) for place, column in enumerate(COLUMNS) if _is_summed(column)}
    return ask.report(COLUMNS, rows, {"modems": len(rows), **total}, _charts(ask, by_day, reasons))


def _is_summed(column: Column) -> bool:
    return column.name in ("sessions", "breaks", "other_reasons", *REASONS)


def _charts(ask: Ask, by_day: list[float], reasons: Counter[str]) -> tuple[Chart, ...]:
    common = reasons.most_common()
    return (
        Chart(
            name="breaks_by_day", form="columns", meaning="number", labels=ask.period.days, series={"breaks": by_day}
        ),
        Chart(
            name="breaks_by_reason",
            form="bars",
            meaning="number",
            label_meaning="word",
            labels=tuple(reason for reason, _ in common),
            series={"breaks": [float(count) for _, count in common]},
        ),
    )
