"""Windows on the clock of a site."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from irzhub.config.settings import Window
from irzhub.core.spans import Span, length_s
from irzhub.fleet.windows import Timetable

MOSCOW = ZoneInfo("Europe/Moscow")
NIGHTLY = Window(cron="0 3 * * *", duration_s=1800)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=UTC)


def test_a_window_is_open_from_its_beginning_until_just_before_its_end() -> None:
    table = Timetable((NIGHTLY,), MOSCOW)
    assert table.window_at(utc("21 23:59:59")) is None
    for moment in ("22 00:00:00", "22 00:29:59"):
        assert table.window_at(utc(moment)) == Span(utc("22 00:00:00"), utc("22 00:30:00"))
    assert table.window_at(utc("22 00:30:00")) is None


def test_time_may_go_back_too() -> None:
    table = Timetable((NIGHTLY,), MOSCOW)
    assert table.window_at(utc("22 12:00:00")) is None
    assert table.window_at(utc("22 00:10:00")) is not None


def test_windows_that_overlap_are_one() -> None:
    table = Timetable((NIGHTLY, Window(cron="15 3 * * *", duration_s=3600)), MOSCOW)
    assert table.window_at(utc("22 00:20:00")) == Span(utc("22 00:00:00"), utc("22 01:15:00"))


def test_a_window_lasts_over_midnight() -> None:
    table = Timetable((Window(cron="30 23 * * *", duration_s=7200),), MOSCOW)
    assert table.window_at(utc("21 21:30:00")) == Span(utc("21 20:30:00"), utc("21 22:30:00"))


def test_no_windows_are_never_open() -> None:
    assert Timetable((), MOSCOW).window_at(utc("22 00:00:00")) is None
    assert Timetable((), MOSCOW).spans(utc("20 00:00:00"), utc("22 00:00:00")) == []


def test_all_windows_between_two_moments_are_cut_at_these() -> None:
    table = Timetable((NIGHTLY,), MOSCOW)
    spans = table.spans(utc("20 00:10:00"), utc("22 00:10:00"))
    assert [length_s([span]) for span in spans] == [1200, 1800, 600]
    assert spans[1] == Span(utc("21 00:00:00"), utc("21 00:30:00"))


def test_a_clock_that_is_put_forward_moves_the_window_and_loses_none() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    table = Timetable((Window(cron="30 2 * * *", duration_s=600),), berlin)
    day = datetime(2026, 3, 29, tzinfo=UTC)  # 02:00 becomes 03:00 at one o'clock in UTC
    assert len(table.spans(day - timedelta(hours=1), day + timedelta(hours=23))) == 1
