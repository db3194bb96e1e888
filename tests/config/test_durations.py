"""Durations and rates, both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.config.durations import format_duration, parse_duration, parse_rate


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("130s", 130),
        ("10m", 600),
        ("2h", 7200),
        ("1d", 86400),
        ("500ms", 0.5),
        ("1.5s", 1.5),
        ("00:02:10", 130),
        ("100:00:00", 360000),
        ("0s", 0),
    ],
)
def test_a_duration(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize(
    "text", ["", "130", "10 m", "-5s", "1:30", "00:60:00", "5S", "٥s", "1e3s", "s", "5s\n", "5sec"]
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match="expected a duration such as 130s"):
        parse_duration(text)


@given(st.integers(0, 10**8))
def test_a_duration_is_read_back_as_written(milliseconds: int) -> None:
    assert parse_duration(format_duration(milliseconds / 1000)) == pytest.approx(milliseconds / 1000)


def test_a_duration_is_written_in_the_largest_unit() -> None:
    assert [format_duration(each) for each in (0, 0.25, 59, 60, 90, 7200, 86400)] == [
        "0s",
        "250ms",
        "59s",
        "1m",
        "90s",
        "2h",
        "1d",
    ]


def test_rates() -> None:
    assert parse_rate("60/min") == (60, 60.0)
    assert parse_rate("5/s") == (5, 1.0)
    assert parse_rate("1000/hour") == (1000, 3600.0)
    for text in ("60", "0/min", "60/week", "-1/s", "1.5/s", "60 / min"):
        with pytest.raises(ValueError, match="expected a rate such as 60/min"):
            parse_rate(text)
