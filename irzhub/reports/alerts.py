"""Incidents: what was wrong, for how long, and how soon somebody had it in hand."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Final

from irzhub.reports.ground import MODEM_COLUMNS, Ask, Build, Ground, modem_cells
from irzhub.reports.report import MOST_ROWS, Chart, Column, Report, Row
from irzhub.storage.history_reports import PastIncident, past_incidents
from irzhub.storage.local import Connection

COLUMNS: Final = (
    Column("number", "number"),
    Column("severity", "word"),
    Column("kind", "word"),
    *MODEM_COLUMNS,
    Column("subject", "word"),
    Column("opened_at", "moment"),
    Column("closed_at", "moment"),
    Column("lasted_s", "duration"),
    Column("count", "number"),
    Column("acknowledged_by", "text"),
    Column("acknowledged_after_s", "duration"),
    Column("parent", "number"),
)
SEVERITIES: Final = ("info", "warning", "alarm")


async def gather(ground: Ground, ask: Ask) -> Build:
    """Read the incidents that were open at some time, the newest ones of too many."""
    since, until = ask.period.since, ask.period.until

    def incidents(connection: Connection, hub: str) -> list[PastIncident]:
        return past_incidents(connection, hub, since, until, MOST_ROWS + 1)

    return partial(_build, ask, await ground.read(incidents))


def _build(ask: Ask, incidents: Sequence[PastIncident]) -> Report:
    kinds: Counter[str] = Counter()
    by_day = {severity: [0.0] * len(ask.period.days) for severity in SEVERITIES}
    rows: list[Row] = []
    for each in incidents:
        if not _is_wanted(each, ask):
            continue
        kinds[each.kind] += 1
        if (day := ask.period.day_index(each.opened_at)) is not None and each.severity in by_day:
            by_day[each.severity][day] += 1
        rows.append(_row(each, ask))
    total = {
        "alerts": len(rows),
        "modems": len({row[3] for row in rows if row[3]}),
        "lasted_s": round(sum(row[9] for row in rows)),
        "count": sum(row[10] for row in rows),
    }
    common = kinds.most_common()
    charts = (
        Chart(name="alerts_by_day", form="stacked", meaning="number", labels=ask.period.days, series=by_day),
        Chart(
            name="alerts_by_kind",
            form="bars",
            meaning="number",
            label_meaning="word",
            labels=tuple(kind for kind, _ in common),
            series={"alerts": [float(count) for _, count in common]},
        ),
    )
    return ask.report(COLUMNS, rows, total, charts, is_cut=len(incidents) > MOST_ROWS)


def _is_wanted(incident: PastIncident, ask: Ask) -> bool:
    """Say whether an incident belongs here; one of no modem belongs to the hub as a whole."""
    return incident.modem in ask.subjects if incident.modem is not None else ask.wanted.is_of_all


def _row(incident: PastIncident, ask: Ask) -> Row:
    subject = None if incident.modem is None else ask.subjects[incident.modem]
    taken = incident.acknowledged_at
    return (
        incident.number,
        incident.severity,
        incident.kind,
        *((None, "", "") if subject is None else modem_cells(subject)),
        incident.subject,
        incident.opened_at,
        incident.closed_at,
        round(((incident.closed_at or ask.period.now) - incident.opened_at).total_seconds()),
        incident.count,
        incident.acknowledged_by,
        None if taken is None else round((taken - incident.opened_at).total_seconds()),
        incident.parent,
    )
