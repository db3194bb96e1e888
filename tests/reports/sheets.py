"""A finished report with everything in it that is hard to write into a file."""

from typing import Any, Final

from irzhub.reports.head import Sheet
from irzhub.reports.report import Chart, Column, Report
from tests.reports.fleet import MOSCOW, NOW, ONE, utc, wanted

COLUMNS: Final = (
    Column("modem", "modem"),
    Column("name", "text"),
    Column("availability", "ratio"),
    Column("online_s", "duration"),
    Column("total_bytes", "bytes"),
    Column("rssi_dbm", "dbm"),
    Column("breaks", "number"),
    Column("day", "day"),
    Column("opened_at", "moment"),
    Column("cause", "word"),
)
HOSTILE: Final = (
    "=1+1",
    "+7921",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    " =1+1",
    "\x00=1+1",
    "|calc",
    "\uff1d1+1",
    '=HYPERLINK("http://x","y")',
    "http://evil.example/",
    "mailto:x@y.ru",
    "868441036775234",
    "<b>&\"'",
    "a\nb\x0b\x1b[31m",
    "длинное " * 100,
    "🚪 открыта",
)


def sheet(rows: list[tuple[Any, ...]] | None = None, language: str = "ru", **about: Any) -> Sheet:
    """Return a report of two modems, or of other rows."""
    usual = [
        (ONE, "Котельная 1", 0.9876, 93784, 123456789, -87.5, 3, "2026-11-21", utc("21 18:57:03"), "no_link"),
        ("Pump-7", "=1+1", None, None, None, None, None, None, None, None),
    ]
    charts = (
        Chart(
            name="availability_by_day",
            form="line",
            meaning="ratio",
            labels=("2026-11-20", "2026-11-21", "2026-11-22"),
            series={"availability": [0.98, None, 1.0]},
        ),
        Chart(
            name="causes_by_day",
            form="stacked",
            meaning="number",
            labels=("2026-11-20", "2026-11-21", "2026-11-22"),
            series={"no_link": [1, 0, 2], "not_asked": [0, 0, 1]},
        ),
        Chart(
            name="most_traffic",
            form="bars",
            meaning="bytes",
            label_meaning="text",
            labels=("=1+1", "Котельная 1"),
            series={"total_bytes": [5_000_000, 100]},
        ),
        Chart(name="alerts_by_kind", form="bars", meaning="number", labels=(), series={"alerts": []}),
    )
    of = wanted("availability", language=language, group="Север")
    values: dict[str, Any] = {
        "kind": "availability",
        "since": utc("19 21:00"),
        "until": NOW,
        "made_at": NOW,
        "zone": "Europe/Moscow",
        "columns": COLUMNS,
        "rows": usual if rows is None else rows,
        "total": {"modems": 2, "availability": 0.9876, "online_s": 93784, "longest_break_s": None},
        "charts": charts,
    }
    return Sheet(Report(**(values | about)), of, "Север", MOSCOW)


def hostile_rows() -> list[tuple[Any, ...]]:
    """Return a row for each text that a spreadsheet might run."""
    return [(ONE, text, *[None] * (len(COLUMNS) - 2)) for text in HOSTILE]
