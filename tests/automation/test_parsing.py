"""Small texts of rules: what is taken, and what is refused with a word on what was expected."""

from collections.abc import Callable
from typing import Any

import pytest

from irzhub.automation.parsing import (
    parse_cron,
    parse_date,
    parse_group,
    parse_mail,
    parse_modem,
    parse_pattern,
    parse_phone,
    parse_sender,
    parse_time_of_day,
    parse_topic_filter,
)


@pytest.mark.parametrize(
    ("parse", "text", "value"),
    [
        (parse_time_of_day, "20:00", 72_000),
        (parse_time_of_day, "6:30:15", 23_415),
        (parse_date, "2026-05-09", (2026, 5, 9)),
        (parse_date, "02-29", (None, 2, 29)),
        (parse_group, "Север/Котельные", "Север/Котельные"),
        (parse_modem, "868441036775234_2", "868441036775234_2"),
        (parse_phone, "+79211234567", "+79211234567"),
        (parse_sender, "MegaFon", "MegaFon"),
        (parse_mail, "дежурный@пример.рф", "дежурный@пример.рф"),
        (parse_topic_filter, "scada/+/state/#", "scada/+/state/#"),
        (parse_cron, "*/5 3 * * 1", "*/5 3 * * 1"),
    ],
)
def test_what_is_taken(parse: Callable[[str], Any], text: str, value: Any) -> None:
    assert parse(text) == value


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_time_of_day, "24:00"),
        (parse_time_of_day, "20:60"),
        (parse_time_of_day, "٢٠:٠٠"),
        (parse_time_of_day, "20:00\n"),
        (parse_date, "2026-02-29"),
        (parse_date, "13-01"),
        (parse_date, "9 мая"),
        (parse_group, "///"),
        (parse_modem, "котельная"),
        (parse_modem, "+"),
        (parse_phone, "89211234567"),
        (parse_phone, "+7921123456789012"),
        (parse_phone, "*100#"),
        (parse_sender, "x;y"),
        (parse_mail, "a@x, b@x"),
        (parse_mail, "a@x\r\nBcc: b@x"),
        (parse_mail, "no address"),
        (parse_topic_filter, "a/b+"),
        (parse_topic_filter, "#/a"),
        (parse_topic_filter, "$SYS/#"),
        (parse_topic_filter, "a\0"),
        (parse_topic_filter, "a" * 501),
        (parse_cron, "* * * *"),
        (parse_cron, "0 0 31 2 *"),
    ],
)
def test_what_is_refused(parse: Callable[[str], Any], text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "size", "numbers"),
    [("*", 3, (0, 1, 2)), ("/20", 60, (0, 20, 40)), ("7", 24, (7,)), ("0", 60, (0,))],
)
def test_patterns_of_time(text: str, size: int, numbers: tuple[int, ...]) -> None:
    assert parse_pattern(text, size) == numbers


@pytest.mark.parametrize("text", ["24", "/24", "/0", "07", "-1", "²", ""])
def test_patterns_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="a number below 24"):
        parse_pattern(text, 24)
