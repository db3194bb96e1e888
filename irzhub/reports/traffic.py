"""How many bytes went through each modem to and from its meters."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from irzhub.reports.ground import MODEM_COLUMNS, Ask, Build, Ground, modem_cells
from irzhub.reports.report import Chart, Column, Report, Row, ratio
from irzhub.storage.history_reports import SlotSums

COLUMNS: Final = (
    *MODEM_COLUMNS,
    Column("operator", "word"),
    Column("iccid", "modem"),
    Column("rx_bytes", "bytes"),
    Column("tx_bytes", "bytes"),
    Column("total_bytes", "bytes"),
    Column("bytes_a_day", "bytes"),
    Column("share", "ratio"),
)
_MOST: Final = 15


async def gather(ground: Ground, ask: Ask) -> Build:
    """Read the sums of the time, by modem and by day."""
    of_modems = await ground.read(ask.sums(by_modem=True))
    of_days = await ground.read(ask.sums(by_modem=False))
    return partial(_build, ask, of_modems, of_days)


def _build(ask: Ask, of_modems: Sequence[SlotSums], of_days: Sequence[SlotSums]) -> Report:
    received, sent = dict.fromkeys(ask.subjects, 0), dict.fromkeys(ask.subjects, 0)
    for each in of_modems:
        if each.modem in received:
            received[each.modem] += each.rx_bytes
            sent[each.modem] += each.tx_bytes
    rx, tx, days = sum(received.values()), sum(sent.values()), max(len(ask.period.days), 1)
    rows: list[Row] = []
    for modem, subject in ask.subjects.items():
        both = received[modem] + sent[modem]
        rows.append(
            (
                *modem_cells(subject),
                subject.operator,
                subject.iccid,
                received[modem],
                sent[modem],
                both,
                round(both / days),
                ratio(both, rx + tx),
            )
        )
    rows.sort(key=lambda row: (-row[7], row[2], row[1], row[0]))
    total = {
        "modems": len(rows),
        "rx_bytes": rx,
        "tx_bytes": tx,
        "total_bytes": rx + tx,
        "bytes_a_day": round((rx + tx) / days),
    }
    return ask.report(COLUMNS, rows, total, _charts(ask, rows, of_days))


def _charts(ask: Ask, rows: list[Row], of_days: Sequence[SlotSums]) -> tuple[Chart, ...]:
    most = [row for row in rows[:_MOST] if row[7]]
    received, sent = [0] * len(ask.period.days), [0] * len(ask.period.days)
    for each in of_days:
        if (day := ask.period.day_index(each.start)) is not None:
            received[day] += each.rx_bytes
            sent[day] += each.tx_bytes
    return (
        Chart(
            name="traffic_by_day",
            form="stacked",
            meaning="bytes",
            labels=ask.period.days,
            series={"rx_bytes": received, "tx_bytes": sent},
        ),
        Chart(
            name="most_traffic",
            form="bars",
            meaning="bytes",
            label_meaning="text",
            labels=tuple(str(row[1] or row[0]) for row in most),
            series={"total_bytes": [row[7] for row in most]},
        ),
    )
