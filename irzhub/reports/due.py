"""When a schedule is due: at a time of day, on the days that were chosen, on the clock of a zone."""

import calendar
import re
from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_LOOKED_AHEAD: Final = 400


def parse_time_of_day(written: str) -> time:
    """Return a time such as `07:30`.

    Raises:
        ValueError: it is none.
    """
    if (found := _TIME.fullmatch(written)) is None:
        raise ValueError("expected a time such as 07:30")
    return time(int(found[1]), int(found[2]))


def next_due(
    at: str, weekdays: Collection[int], month_day: int | None, zone: tzinfo, after: datetime
) -> datetime | None:
    """Return the first moment behind `after` (UTC) at which a schedule is due, None when it never is.

    A time that the clock leaves out in spring is due when it would have been, one that it shows twice in autumn
    at the first of both.

    Args:
        at: `HH:MM`.
        weekdays: 1 (Monday) to 7, empty: any.
        month_day: 1 to 31, of shorter months the last day; None: any.
        zone: whose clock.
        after: an aware moment.
    """
    of_day = parse_time_of_day(at)
    first = after.astimezone(zone).date() - timedelta(days=1)
    for number in range(_LOOKED_AHEAD):
        day = first + timedelta(days=number)
        moment = datetime.combine(day, of_day, zone).astimezone(UTC)
        if moment > after and _is_chosen(day, weekdays, month_day):
            return moment
    return None


def _is_chosen(day: date, weekdays: Collection[int], month_day: int | None) -> bool:
    if weekdays and day.isoweekday() not in weekdays:
        return False
    last = calendar.monthrange(day.year, day.month)[1]
    return month_day is None or day.day == min(month_day, last)
