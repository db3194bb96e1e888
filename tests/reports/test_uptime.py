"""What counts as uptime."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from irzhub.config.settings import Window
from irzhub.core.spans import Span
from irzhub.fleet.windows import Timetable
from irzhub.reports.uptime import a_day, expected_spans, known_since, uptime_by_day

MOSCOW = ZoneInfo("Europe/Moscow")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=UTC)


def test_a_modem_that_is_always_expected_is_measured_by_the_whole_day() -> None:
    online = [Span(utc("20 10:00"), utc("21 03:00")), Span(utc("21 03:30"), utc("21 21:00"))]
    first, second, third = uptime_by_day(online, None, utc("19 21:00"), utc("21 22:00"), MOSCOW)
    assert (first.day, first.expected_s, first.online_s, first.sessions) == ("2026-11-20", 86400, 11 * 3600, 1)
    assert (second.day, second.online_s, second.sessions) == ("2026-11-21", 23.5 * 3600, 1)
    assert (third.day, third.expected_s, third.online_s, third.ratio) == ("2026-11-22", 3600, 0, 0)


def test_time_outside_the_windows_counts_neither_for_nor_against_it() -> None:
    table = Timetable((Window(cron="0 3 * * *", duration_s=3600),), MOSCOW)
    online = [Span(utc("21 00:15"), utc("21 05:00")), Span(utc("21 12:00"), utc("21 13:00"))]
    [day] = uptime_by_day(online, table, utc("20 21:00"), utc("21 20:59"), MOSCOW)
    assert (day.expected_s, day.online_s, day.ratio) == (3600, 2700, 0.75)


def test_a_day_on_which_nothing_was_expected_has_no_share() -> None:
    table = Timetable((Window(cron="0 3 1 * *", duration_s=3600),), MOSCOW)
    [day] = uptime_by_day([], table, utc("20 21:00"), utc("21 20:59"), MOSCOW)
    assert (day.expected_s, day.ratio) == (0, None)


def test_a_modem_counts_from_the_call_that_it_was_registered_by() -> None:
    registered, called = utc("21 10:00"), datetime(2026, 11, 21, 10, 0, 0, 120_000, UTC)
    online = [Span(utc("19 10:00"), utc("19 11:00")), Span(called, utc("21 12:00"))]
    assert known_since(registered, online, utc("19 21:00")) == called
    [day] = uptime_by_day(online, None, called, utc("21 12:00"), MOSCOW)
    assert day.ratio == 1


def test_a_modem_that_was_entered_by_hand_counts_from_then_on() -> None:
    registered, since = utc("21 10:00"), utc("19 21:00")
    assert known_since(registered, [Span(utc("21 10:05"), utc("21 12:00"))], since) == registered
    assert known_since(registered, [], since) == registered
    assert known_since(utc("01 00:00"), [], since) == known_since(None, [], since) == since


def test_nothing_is_expected_of_a_time_that_has_not_come() -> None:
    assert expected_spans(None, utc("21 10:00"), utc("21 10:00")) == []


@pytest.mark.parametrize(
    ("count", "online_s", "rate"), [(1, 76.0, None), (0, 3600.0, 0.0), (2, 43_200.0, 4.0), (1, 0.0, None)]
)
def test_how_many_in_a_day_is_not_guessed_from_minutes(count: int, online_s: float, rate: float | None) -> None:
    assert a_day(count, online_s) == rate
