"""Cron expressions: which are taken, and when they come."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from irzhub.config.cron import WrongCron, check_cron, last_start, next_start

MOSCOW = ZoneInfo("Europe/Moscow")


@pytest.mark.parametrize("text", ["0 3 * * *", "*/15 0-6 * * 1-5", "30 23 L * *", "0 3 1,15 1-3 *"])
def test_expressions_of_five_fields_are_taken_as_they_are(text: str) -> None:
    assert check_cron(text) == text


@pytest.mark.parametrize(
    "text", ["", "0 3 * *", "60 3 * * *", "0 3 * * * *", "@daily", "0 0 30 2 *", "a b c d e", "0 " * 500, "0 3 * * 8"]
)
def test_others_are_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(WrongCron, match="expected"):
        check_cron(text)


def test_it_came_last_at_the_moment_itself_or_before() -> None:
    three = datetime(2026, 11, 22, 3, tzinfo=MOSCOW)
    assert last_start("0 3 * * *", three) == three
    assert last_start("0 3 * * *", three.replace(hour=2)) == three.replace(day=21)


def test_it_comes_next_after_the_moment() -> None:
    three = datetime(2026, 11, 22, 3, tzinfo=MOSCOW)
    assert next_start("0 3 * * *", three) == three.replace(day=23)
