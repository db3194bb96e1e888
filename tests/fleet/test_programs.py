"""Who asked whom, and who gets in whose way."""

from datetime import UTC, datetime

from irzhub.fleet.programs import programs_of
from irzhub.storage.polls import PollRow


def row(program: str, modem: str, hour: int) -> PollRow:
    at = datetime(2026, 11, 21, hour, 5, tzinfo=UTC)
    return PollRow(
        day="2026-11-21",
        modem=modem,
        address="7",
        program=program,
        asked=2,
        answered=1,
        hours_asked=1 << hour,
        first_asked=at,
        last_asked=at,
    )


def test_programs_meet_where_they_ask_one_modem_in_the_same_hour() -> None:
    first, second, third = programs_of(
        [row("a", "m1", 0), row("a", "m2", 1), row("b", "m1", 0), row("b", "m2", 2), row("c", "m3", 0)]
    )
    assert (first.overlaps, second.overlaps, third.overlaps) == ({"b": 1}, {"a": 1}, {})


def test_a_program_has_its_day() -> None:
    [day] = programs_of([row("a", "m1", 3), row("a", "m2", 1), row("a", "m1", 5)])
    assert (day.asked, day.answered, len(day.modems)) == (6, 3, 2)
    assert (day.first_asked, day.last_asked) == (
        datetime(2026, 11, 21, 1, 5, tzinfo=UTC),
        datetime(2026, 11, 21, 5, 5, tzinfo=UTC),
    )
    assert [hour for hour, asked in enumerate(day.hours) if asked] == [1, 3, 5]
