"""How much of the time in which they were expected modems were online."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from irzhub.core.spans import Span, Timetable, length_s, merge_spans, shared_spans
from irzhub.reports.ground import MODEM_COLUMNS, Ask, Build, Ground, modem_cells
from irzhub.reports.report import Chart, Column, Report, Row, ratio
from irzhub.reports.uptime import expected_spans, known_since
from irzhub.storage.history_links import SessionSpan, session_spans

COLUMNS: Final = (
    *MODEM_COLUMNS,
    Column("operator", "word"),
    Column("availability", "ratio"),
    Column("expected_s", "duration"),
    Column("online_s", "duration"),
    Column("offline_s", "duration"),
    Column("breaks", "number"),
    Column("longest_break_s", "duration"),
)
_WORST: Final = 15


async def gather(ground: Ground, ask: Ask) -> Build:
    """Read the sessions of the time, and when each modem was expected."""
    period = ask.period
    spans = await ground.read(lambda conn, hub: session_spans(conn, hub, _named(ask), period.since, period.until))
    timetables = {modem: ground.facts.timetable(modem) for modem in ask.subjects}
    return partial(_build, ask, spans, timetables)


def sessions_by_modem(spans: Sequence[SessionSpan], ask: Ask) -> dict[str, list[SessionSpan]]:
    """Return the sessions of the modems that are looked at, by modem."""
    found: dict[str, list[SessionSpan]] = {}
    for span in spans:
        if span.modem in ask.subjects:
            found.setdefault(span.modem, []).append(span)
    return found


def _named(ask: Ask) -> list[str] | None:
    return None if ask.modems is None else sorted(ask.modems)


def _build(ask: Ask, spans: Sequence[SessionSpan], timetables: dict[str, Timetable | None]) -> Report:
    by_modem = sessions_by_modem(spans, ask)
    rows: list[Row] = []
    known: dict[tuple[Span, ...], list[float]] = {}
    expected_by_day, online_by_day = [0.0] * len(ask.period.days), [0.0] * len(ask.period.days)
    for modem, subject in ask.subjects.items():
        sessions = by_modem.get(modem, [])
        up = merge_spans([Span(each.opened_at, each.closed_at or ask.period.until) for each in sessions])
        since = known_since(subject.state.registered_at, up, ask.period.since)
        expected = expected_spans(timetables[modem], since, ask.period.until)
        online = shared_spans(expected, up)
        key = tuple(expected)
        if key not in known:  # most modems are always expected: counted once for all of them
            known[key] = ask.period.seconds_by_day(expected)
        expected_by_day = [one + other for one, other in zip(expected_by_day, known[key], strict=True)]
        by_day = ask.period.seconds_by_day(online)
        online_by_day = [one + other for one, other in zip(online_by_day, by_day, strict=True)]
        expected_s, online_s = length_s(expected), length_s(online)
        rows.append(
            (
                *modem_cells(subject),
                subject.operator,
                ratio(online_s, expected_s),
                round(expected_s),
                round(online_s),
                round(expected_s - online_s),
                sum(_is_break(each, ask) for each in sessions),
                round(_longest_gap(expected, online)),
            )
        )
    rows.sort(key=lambda row: (row[4] is None, row[4] if row[4] is not None else 1.0, row[2], row[1], row[0]))
    expected_s, online_s = sum(row[5] for row in rows), sum(row[6] for row in rows)
    total = {
        "modems": len(rows),
        "availability": ratio(online_s, expected_s),
        "expected_s": expected_s,
        "online_s": online_s,
        "offline_s": expected_s - online_s,
        "breaks": sum(row[8] for row in rows),
        "longest_break_s": max((row[9] for row in rows), default=0),
    }
    return ask.report(COLUMNS, rows, total, _charts(ask, rows, online_by_day, expected_by_day))


def _charts(ask: Ask, rows: list[Row], online: list[float], expected: list[float]) -> tuple[Chart, ...]:
    by_day = [ratio(one, other) for one, other in zip(online, expected, strict=True)]
    worst = sorted((row for row in rows if row[7]), key=lambda row: -float(row[7]))[:_WORST]
    return (
        Chart(
            name="availability_by_day",
            form="line",
            meaning="ratio",
            labels=ask.period.days,
            series={"availability": by_day},
        ),
        Chart(
            name="worst_availability",
            form="bars",
            meaning="duration",
            label_meaning="text",
            labels=tuple(str(row[1] or row[0]) for row in worst),
            series={"offline_s": [row[7] for row in worst]},
        ),
    )


def _is_break(session: SessionSpan, ask: Ask) -> bool:
    closed = session.closed_at
    return closed is not None and session.is_seen and ask.period.since <= closed < ask.period.until


def _longest_gap(expected: list[Span], online: list[Span]) -> float:
    """Return the longest time in which a modem was expected and away, within one window."""
    longest = 0.0
    for window in expected:
        at = window.since
        for span in online:
            if span.until <= window.since or span.since >= window.until:
                continue
            longest = max(longest, (span.since - at).total_seconds())
            at = max(at, span.until)
        longest = max(longest, (window.until - at).total_seconds())
    return longest
