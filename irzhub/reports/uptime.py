"""How much of the time in which a modem was expected it was online, by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from irzhub.core.spans import Span, Timetable, length_s, merge_spans, overlap_s

_FIRST_CALL: Final = timedelta(minutes=1)
"""A session that begins so soon after the registration is the call that the modem was registered by."""

_DAY_S: Final = 86400.0
_LEAST_S: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DayUptime:
    """One day on the clock of the site; of days that are not over, the part until now.

    Args:
        expected_s: how long the modem was to be online. online_s: how long it was, within that time.
        sessions: how many began that day.
    """

    day: str
    expected_s: float
    online_s: float
    sessions: int

    @property
    def ratio(self) -> float | None:
        """The share of the expected time, None when none was expected."""
        return None if not self.expected_s else round(self.online_s / self.expected_s, 6)


def uptime_by_day(
    online: Sequence[Span], timetable: Timetable | None, since: datetime, until: datetime, zone: tzinfo
) -> list[DayUptime]:
    """Return the days from `since` to `until`.

    Args:
        online: sessions in any order, an open one until now.
        timetable: when the modem is to be online, None: always.
        since: where to begin.
        until: where to end, at the latest now.
        zone: whose midnight ends a day.
    """
    spans = merge_spans([Span(max(each.since, since), min(each.until, until)) for each in online if each.until > since])
    expected = expected_spans(timetable, since, until)
    days = []
    first = since.astimezone(zone).date()
    for number in range((until.astimezone(zone).date() - first).days + 1):
        day = first + timedelta(days=number)
        whole = Span(_midnight(day, zone), _midnight(day + timedelta(days=1), zone))
        wanted = _within(expected, whole)
        days.append(
            DayUptime(
                day=day.isoformat(),
                expected_s=round(length_s(wanted), 3),
                online_s=round(overlap_s(wanted, spans), 3),
                sessions=sum(whole.since <= each.since < whole.until for each in online),
            )
        )
    return days


def expected_spans(timetable: Timetable | None, since: datetime, until: datetime) -> list[Span]:
    """Return when a modem was to be online between two moments; without a timetable: always."""
    if since >= until:
        return []
    return [Span(since, until)] if timetable is None else timetable.spans(since, until)


def known_since(registered_at: datetime | None, online: Sequence[Span], since: datetime) -> datetime:
    """Return from when on a modem counts, not before `since`: before its registration there is nothing to lose.

    A modem that was registered by dialling in counts from the beginning of that session, which is a moment later.
    """
    if registered_at is None or registered_at < since:
        return since
    first = min((each.since for each in online if each.since >= registered_at), default=registered_at)
    return first if first - registered_at <= _FIRST_CALL else registered_at


def a_day(count: int, online_s: float) -> float | None:
    """Return how many that are in a day of being online; None where less than an hour is known, which says nothing."""
    return round(count * _DAY_S / online_s, 2) if online_s >= _LEAST_S else None


def _within(spans: Sequence[Span], whole: Span) -> list[Span]:
    cut = [Span(max(each.since, whole.since), min(each.until, whole.until)) for each in spans]
    return [each for each in cut if each.since < each.until]


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
