"""How well modems were heard."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import Final

from irzhub.reports.ground import MODEM_COLUMNS, Ask, Build, Ground, modem_cells
from irzhub.reports.report import Chart, Column, Report, Row, dbm
from irzhub.storage.history_reports import SlotSums

COLUMNS: Final = (
    *MODEM_COLUMNS,
    Column("operator", "word"),
    Column("iccid", "modem"),
    Column("rssi_dbm", "dbm"),
    Column("rssi_min_dbm", "dbm"),
    Column("csq", "number"),
    Column("csq_min", "number"),
    Column("measurements", "number"),
    Column("verdict", "word"),
)
_GOOD: Final = 15
_FAIR: Final = 10
VERDICTS: Final = ("good", "fair", "weak", "unknown")


async def gather(ground: Ground, ask: Ask) -> Build:
    """Read the sums of the time, by modem and by day."""
    of_modems = await ground.read(ask.sums(by_modem=True))
    of_days = await ground.read(ask.sums(by_modem=False))
    return partial(_build, ask, of_modems, of_days)


def verdict(csq: float | None) -> str:
    """Return what a signal is worth: below 15 polls begin to fail at times, below 10 often."""
    if csq is None:
        return "unknown"
    return "good" if csq >= _GOOD else "fair" if csq >= _FAIR else "weak"


def _build(ask: Ask, of_modems: Sequence[SlotSums], of_days: Sequence[SlotSums]) -> Report:
    known: dict[str, list[SlotSums]] = {}
    for each in of_modems:
        if each.csq_count and each.modem in ask.subjects:
            known.setdefault(each.modem, []).append(each)
    rows: list[Row] = []
    for modem, subject in ask.subjects.items():
        own = known.get(modem, ())
        count = sum(each.csq_count for each in own)
        csq = round(sum(each.csq_sum for each in own) / count, 1) if count else None
        least = min((each.csq_min for each in own if each.csq_min is not None), default=None)
        rows.append(
            (
                *modem_cells(subject),
                subject.operator,
                subject.iccid,
                dbm(csq),
                dbm(least),
                csq,
                least,
                count,
                verdict(csq),
            )
        )
    rows.sort(key=lambda row: (row[7] is None, row[7] or 0, row[2], row[1], row[0]))
    counted = sum(row[9] for row in rows)
    average = round(sum((row[7] or 0) * row[9] for row in rows) / counted, 1) if counted else None
    weakest = min((row[8] for row in rows if row[8] is not None), default=None)
    total = {
        "modems": len(rows),
        "rssi_dbm": dbm(average),
        "rssi_min_dbm": dbm(weakest),
        "csq": average,
        "csq_min": weakest,
        "measurements": counted,
    }
    return ask.report(COLUMNS, rows, total, _charts(ask, rows, of_days))


def _charts(ask: Ask, rows: list[Row], of_days: Sequence[SlotSums]) -> tuple[Chart, ...]:
    verdicts = Counter(row[10] for row in rows)
    sums, counts = [0] * len(ask.period.days), [0] * len(ask.period.days)
    for each in of_days:
        if (day := ask.period.day_index(each.start)) is not None:
            sums[day] += each.csq_sum
            counts[day] += each.csq_count
    by_day = [dbm(total / count) if count else None for total, count in zip(sums, counts, strict=True)]
    return (
        Chart(name="signal_by_day", form="line", meaning="dbm", labels=ask.period.days, series={"rssi_dbm": by_day}),
        Chart(
            name="modems_by_signal",
            form="bars",
            meaning="number",
            label_meaning="word",
            labels=VERDICTS,
            series={"modems": [float(verdicts[each]) for each in VERDICTS]},
        ),
    )
