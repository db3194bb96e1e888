"""Of which time a report is: words that people use, days on a clock, and how a day is found in it."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final, Literal, TypeAlias, get_args

from irzhub.core.spans import Span

Word: TypeAlias = Literal[
    "today", "yesterday", "last_7_days", "last_30_days", "this_week", "last_week", "this_month", "last_month"
]
WORDS: Final[tuple[Word, ...]] = get_args(Word)
LONGEST_DAYS: Final = 366


def days_of(word: Word, today: date) -> tuple[date, date]:
    """Return the first and the last day that a word means on a day; weeks begin on Monday."""
    day = timedelta(days=1)
    monday, first = today - today.weekday() * day, today.replace(day=1)
    match word:
        case "today":
            return today, today
        case "yesterday":
            return today - day, today - day
        case "last_7_days":
            return today - 7 * day, today - day
        case "last_30_days":
            return today - 30 * day, today - day
        case "this_week":
            return monday, today
        case "last_week":
            return monday - 7 * day, monday - day
        case "this_month":
            return first, today
        case "last_month":
            return (first - day).replace(day=1), first - day


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days on the clock of a zone, the last one as far as it has come.

    Args:
        now: what is later has not happened.

    Attributes:
        since, until: the first midnight, and the one at the end, or now; UTC.
        days: those that have begun, as ISO dates.
    """

    first: date
    last: date
    zone: tzinfo
    now: datetime
    since: datetime = field(init=False)
    until: datetime = field(init=False)
    days: tuple[str, ...] = field(init=False)
    _edges: list[datetime] = field(init=False, repr=False, compare=False)
    _stops: list[float] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        count = (self.last - self.first).days + 1
        edges = [self._midnight(self.first + timedelta(days=number)) for number in range(count + 1)]
        begun = sum(edge <= self.now for edge in edges[:-1])
        days = tuple((self.first + timedelta(days=number)).isoformat() for number in range(begun))
        until = max(min(edges[-1], self.now), edges[0])
        stops = [edge.timestamp() for edge in edges]
        made = {"_edges": edges, "_stops": stops, "since": edges[0], "until": until, "days": days}
        for name, value in made.items():
            object.__setattr__(self, name, value)

    def day_index(self, moment: datetime) -> int | None:
        """Return the number of the day that a moment lies in, None outside all."""
        number = bisect_right(self._edges, moment) - 1
        return number if 0 <= number < len(self.days) else None

    def seconds_by_day(self, spans: Iterable[Span]) -> list[float]:
        """Return how long spans last on each day; they may lie outside."""
        found, stops = [0.0] * len(self.days), self._stops  # plain numbers: there are many thousands of spans
        for span in spans:
            begin, end = max(span.since.timestamp(), stops[0]), min(span.until.timestamp(), self.until.timestamp())
            number = bisect_right(stops, begin) - 1
            while begin < end:
                stop = min(end, stops[number + 1])
                found[number] += stop - begin
                begin, number = stop, number + 1
        return found

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)
