"""Calendars: times of the week and days of the year at which something holds, on the hub's own clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LOOK_AHEAD_DAYS: Final = 400


@dataclass(frozen=True, slots=True)
class Span:
    """A time of some days of the week; one that does not end behind its beginning ends on the next day.

    Args:
        days: 0 is Monday.
    """

    days: frozenset[int]
    begins: time
    ends: time

    def covers(self, local: datetime) -> bool:
        """Say whether it covers a moment on the local clock."""
        day, at = local.weekday(), local.time()
        if self.begins < self.ends:
            return day in self.days and self.begins <= at < self.ends
        return (day in self.days and at >= self.begins) or ((day - 1) % 7 in self.days and at < self.ends)


@dataclass(frozen=True, slots=True)
class Calendar:
    """What covers a moment: a whole day of `dates` before all, no time of a day in `free`, else a span of the week.

    Args:
        dates: first and last days, both with it.
        free: days on which no span begins to count, such as holidays.
    """

    spans: tuple[Span, ...] = ()
    dates: tuple[tuple[date, date], ...] = ()
    free: frozenset[date] = frozenset()

    def covers(self, local: datetime) -> bool:
        """Say whether a moment on the local clock is covered."""
        day = local.date()
        if any(first <= day <= last for first, last in self.dates):
            return True
        return day not in self.free and any(span.covers(local) for span in self.spans)

    def covered_until(self, local: datetime) -> datetime | None:
        """Return when a covered moment's time is over; None when it is not covered, or for more than a year."""
        if not self.covers(local):
            return None
        return next((moment for moment in self._changes(local) if not self.covers(moment)), None)

    def _changes(self, local: datetime) -> Iterator[datetime]:
        """Give the moments behind `local` at which anything may change."""
        times = sorted({time(), *(each for span in self.spans for each in (span.begins, span.ends))})
        for number in range(_LOOK_AHEAD_DAYS):
            day = local.date() + timedelta(days=number)
            for each in times:
                moment = datetime.combine(day, each, local.tzinfo)
                if moment > local:
                    yield moment
