"""Times as people and programs read them (docs/contract.md 1)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.core.clock import SystemClock, format_time, parse_time

MOMENT = datetime(2026, 11, 21, 18, 57, 3, 120_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (MOMENT, "2026-11-21T18:57:03.120Z"),
        (MOMENT.replace(microsecond=0), "2026-11-21T18:57:03.000Z"),
        (MOMENT.astimezone(timezone(timedelta(hours=3))), "2026-11-21T18:57:03.120Z"),
    ],
)
def test_times_are_written_in_utc_with_milliseconds(moment: datetime, text: str) -> None:
    assert format_time(moment) == text


@pytest.mark.parametrize("text", ["2026-11-21T18:57:03.120Z", "2026-11-21T21:57:03.12+03:00"])
def test_times_are_read_from_any_offset(text: str) -> None:
    parsed = parse_time(text)

    assert parsed == MOMENT
    assert parsed.utcoffset() == timedelta(0)


@pytest.mark.parametrize("text", ["2026-11-21T18:57:03", "2026-11-21", "yesterday", ""])
def test_time_without_offset_or_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"expected a time with its offset|Invalid isoformat"):
        parse_time(text)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01"])
def test_a_time_beyond_all_calendars_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="expected a time from the year 1 to 9999"):
        parse_time(text)


@given(st.datetimes(min_value=datetime(1970, 1, 1), max_value=datetime(9999, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_writing_and_reading_loses_only_what_is_below_a_millisecond(moment: datetime) -> None:
    cut = moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    assert parse_time(format_time(moment)) == cut


def test_machine_clock_is_aware_cut_to_milliseconds_and_monotonic() -> None:
    clock = SystemClock()
    before = clock.monotonic()

    assert clock.now().tzinfo is UTC
    assert clock.now().microsecond % 1000 == 0
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 5
    assert clock.monotonic() >= before
