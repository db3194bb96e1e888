"""When a schedule is due."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from irzhub.reports.due import next_due, parse_time_of_day
from tests.reports.fleet import MOSCOW, utc

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("after", "due"),
    [("22 03:59:59", "22 04:00"), ("22 04:00", "23 04:00"), ("21 22:00", "22 04:00")],
)
def test_each_day(after: str, due: str) -> None:
    assert next_due("07:00", [], None, MOSCOW, utc(after)) == utc(due)


def test_on_some_days() -> None:
    sunday = utc("22 09:00")

    assert next_due("07:00", [1, 5], None, MOSCOW, sunday) == utc("23 04:00")
    assert next_due("07:00", [6], None, MOSCOW, sunday) == utc("28 04:00")
    assert next_due("07:00", [], 1, MOSCOW, sunday) == datetime(2026, 12, 1, 4, tzinfo=UTC)
    assert next_due("07:00", [], 31, MOSCOW, sunday) == utc("30 04:00"), "of a shorter month the last day"
    assert next_due("07:00", [1], 31, MOSCOW, sunday) == utc("30 04:00")
    assert next_due("00:30", [], None, MOSCOW, utc("21 21:00")) == utc("21 21:30"), "a new day of the zone"


def test_days_that_never_meet_are_not_waited_for() -> None:
    assert next_due("07:00", [8], None, MOSCOW, utc("22 00:00")) is None


def test_a_clock_that_is_changed_leaves_none_out_and_repeats_none() -> None:
    spring = datetime(2027, 3, 27, 12, tzinfo=UTC)  # the next night 02:00 becomes 03:00
    first = next_due("02:30", [], None, BERLIN, spring)
    assert first == datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    assert next_due("02:30", [], None, BERLIN, first) == datetime(2027, 3, 29, 0, 30, tzinfo=UTC)

    autumn = datetime(2026, 10, 24, 12, tzinfo=UTC)  # the next night 03:00 becomes 02:00
    first = next_due("02:30", [], None, BERLIN, autumn)
    assert first == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert next_due("02:30", [], None, BERLIN, first) == datetime(2026, 10, 26, 1, 30, tzinfo=UTC)


def test_times_of_day() -> None:
    assert parse_time_of_day("23:59") == time(23, 59)
    for wrong in ("24:00", "7:00", "07:60", "07:00:00", "", "٠٧:٠٠"):
        with pytest.raises(ValueError, match="expected a time such as 07:30"):
            parse_time_of_day(wrong)
