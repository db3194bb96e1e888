"""Calendars: which moments of the week and of the year they cover, and until when."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from irzhub.alerts.calendars import Calendar, Span

MOSCOW = ZoneInfo("Europe/Moscow")
EVERY_DAY = frozenset(range(7))
WORK = Span(frozenset(range(5)), time(8), time(17))
NIGHT = Span(EVERY_DAY, time(22), time(7))
FRIDAY_NIGHT = Span(frozenset({4}), time(22), time(7))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MOSCOW)


@pytest.mark.parametrize(
    ("span", "moment", "is_covered"),
    [
        (WORK, "2026-11-23T08:00", True),  # a Monday
        (WORK, "2026-11-23T07:59:59", False),
        (WORK, "2026-11-23T17:00", False),
        (WORK, "2026-11-28T12:00", False),
        (NIGHT, "2026-11-23T23:00", True),
        (NIGHT, "2026-11-23T06:59", True),
        (NIGHT, "2026-11-23T07:00", False),
        (FRIDAY_NIGHT, "2026-11-28T03:00", True),  # the morning of Saturday
        (FRIDAY_NIGHT, "2026-11-27T03:00", False),
        (Span(frozenset({0}), time(0), time(0)), "2026-11-23T15:00", True),  # the whole of Monday
        (Span(frozenset({0}), time(0), time(0)), "2026-11-24T00:00", False),
    ],
)
def test_a_span_covers_its_time_of_its_days(span: Span, moment: str, is_covered: bool) -> None:
    assert span.covers(at(moment)) is is_covered


def test_days_of_the_year_go_before_the_week() -> None:
    holidays = Calendar((WORK,), ((date(2026, 12, 31), date(2027, 1, 8)),), frozenset({date(2026, 11, 24)}))

    assert holidays.covers(at("2027-01-02T03:00"))
    assert not holidays.covers(at("2027-01-09T03:00"))
    assert not holidays.covers(at("2026-11-24T12:00")), "a free day"
    assert holidays.covers(at("2026-11-25T12:00"))


@pytest.mark.parametrize(
    ("calendar", "moment", "until"),
    [
        (Calendar((NIGHT,)), "2026-11-23T23:00", "2026-11-24T07:00"),
        (Calendar((NIGHT, WORK)), "2026-11-23T23:00", "2026-11-24T07:00"),
        (Calendar((NIGHT, Span(EVERY_DAY, time(7), time(9)))), "2026-11-23T23:00", "2026-11-24T09:00"),
        (Calendar(dates=((date(2026, 12, 31), date(2027, 1, 8)),)), "2026-12-31T10:00", "2027-01-09T00:00"),
        (Calendar((NIGHT,)), "2026-11-23T12:00", None),
        (Calendar((Span(EVERY_DAY, time(0), time(0)),)), "2026-11-23T12:00", None),  # it never ends
    ],
)
def test_it_is_known_until_when_a_moment_is_covered(calendar: Calendar, moment: str, until: str | None) -> None:
    assert calendar.covered_until(at(moment)) == (None if until is None else at(until))
