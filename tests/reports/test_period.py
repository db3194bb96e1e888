"""Days on a clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from irzhub.core.spans import Span
from irzhub.reports.period import Period, Word, days_of
from tests.reports.fleet import MOSCOW, NOW, utc

SUNDAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("word", "first", "last"),
    [
        ("today", "2026-11-22", "2026-11-22"),
        ("yesterday", "2026-11-21", "2026-11-21"),
        ("last_7_days", "2026-11-15", "2026-11-21"),
        ("last_30_days", "2026-10-23", "2026-11-21"),
        ("this_week", "2026-11-16", "2026-11-22"),
        ("last_week", "2026-11-09", "2026-11-15"),
        ("this_month", "2026-11-01", "2026-11-22"),
        ("last_month", "2026-10-01", "2026-10-31"),
    ],
)
def test_words(word: Word, first: str, last: str) -> None:
    assert days_of(word, SUNDAY) == (date.fromisoformat(first), date.fromisoformat(last))


def test_a_week_begins_on_monday_and_a_month_may_be_of_the_last_year() -> None:
    assert days_of("this_week", date(2026, 11, 23)) == (date(2026, 11, 23), date(2026, 11, 23))
    assert days_of("last_month", date(2027, 1, 31)) == (date(2026, 12, 1), date(2026, 12, 31))


def test_days_begin_at_midnight_on_the_clock_and_end_now() -> None:
    period = Period(date(2026, 11, 20), date(2026, 11, 25), MOSCOW, NOW)

    assert (period.since, period.until) == (utc("19 21:00"), NOW)
    assert period.days == ("2026-11-20", "2026-11-21", "2026-11-22")
    moments = ("19 20:59:59", "19 21:00", "20 20:59:59", "20 21:00", "22 08:59")
    assert [period.day_index(utc(moment)) for moment in moments] == [None, 0, 0, 1, 2]
    assert period.day_index(utc("23 12:00")) is None


def test_a_day_with_a_changed_clock_has_its_own_length() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    period = Period(date(2026, 10, 24), date(2026, 10, 26), berlin, NOW)
    whole = period.seconds_by_day([Span(period.since - timedelta(days=9), period.until + timedelta(days=9))])

    assert whole == [86400, 90000, 86400]


def test_time_is_shared_out_among_the_days() -> None:
    period = Period(date(2026, 11, 20), date(2026, 11, 22), MOSCOW, NOW)

    spans = [Span(utc("18 00:00"), utc("19 22:00")), Span(utc("20 20:00"), utc("20 23:00"))]
    assert period.seconds_by_day(spans) == [2 * 3600, 2 * 3600, 0]
    assert period.seconds_by_day([Span(utc("22 08:00"), utc("29 00:00"))]) == [0, 0, 3600]
    assert period.seconds_by_day([Span(utc("25 00:00"), utc("29 00:00"))]) == [0, 0, 0]


def test_what_has_not_begun_has_no_days() -> None:
    period = Period(date(2026, 12, 1), date(2026, 12, 2), MOSCOW, NOW)

    assert period.days == ()
    assert period.until == period.since == datetime(2026, 11, 30, 21, tzinfo=UTC)
    assert period.seconds_by_day([Span(NOW, NOW)]) == []
