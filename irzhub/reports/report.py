"""What a report is: a table with the meaning of its columns, totals, and charts.

Values are kept as machines want them (seconds, bytes, UTC, codes); whoever shows one makes words of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

Meaning: TypeAlias = Literal["text", "modem", "number", "bytes", "ratio", "duration", "dbm", "moment", "day", "word"]
"""What a column holds: `modem` an id that must stay a text, `ratio` 0 to 1, `duration` seconds, `word` a code of
`words.py`, `moment` an aware time, `day` an ISO date."""
Row: TypeAlias = tuple[Any, ...]
MOST_ROWS: Final = 100_000
"""A table has no more rows; totals and charts count all the same."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in JSON, and what it holds; titles are in `words.py`."""

    name: str
    meaning: Meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One picture.

    Args:
        name: of its title in `words.py`. form: how it is drawn; `stacked` are columns upon each other.
        meaning: of the values. labels: below the values; label_meaning: days, codes (`word`) or names (`text`).
        series: values by the name of a column or a code; None where nothing is known.
    """

    name: str
    form: Literal["line", "columns", "stacked", "bars"]
    meaning: Meaning
    labels: tuple[str, ...]
    series: Mapping[str, Sequence[float | None]]
    label_meaning: Meaning = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A finished report.

    Args:
        total: values for some of the columns, and counts, for all rows together, also for those that are left out.
        is_cut: there were more rows than a table may have.
    """

    kind: str
    since: datetime
    until: datetime
    made_at: datetime
    zone: str
    columns: tuple[Column, ...]
    rows: Sequence[Row]
    total: Mapping[str, Any] = field(default_factory=dict)
    charts: tuple[Chart, ...] = ()
    is_cut: bool = False

    def meaning_of(self, name: str) -> Meaning:
        """Return what a total holds: what its column does, else a number."""
        found = next((column.meaning for column in self.columns if column.name == name), None)
        return found or ("ratio" if name.endswith("_ratio") else "number")


def ratio(part: float, whole: float) -> float | None:
    """Return a share, None of nothing."""
    return None if not whole else round(part / whole, 6)


def dbm(csq: float | None) -> float | None:
    """Return the signal in dBm for a CSQ (3GPP TS 27.007, 8.5), on average too."""
    return None if csq is None else round(2 * csq - 113, 1)
