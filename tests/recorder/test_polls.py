"""Polls that wait for the database."""

from datetime import UTC, datetime

from irzhub.recorder.polls import PollsCounted, PollsWaiting
from irzhub.storage.polls import PollRow

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def row(modem: str, asked: int) -> PollRow:
    return PollRow(
        day="2026-11-21", modem=modem, address="7", program="p", asked=asked, first_asked=NOW, last_asked=NOW
    )


def test_only_the_newest_count_waits() -> None:
    waiting = PollsWaiting()
    waiting.note(PollsCounted((row("a", 1), row("b", 1))))
    waiting.note(PollsCounted((row("a", 2),)))
    assert [(each.modem, each.asked) for each in waiting.take(10)] == [("a", 2), ("b", 1)]
    assert len(waiting) == 0


def test_what_could_not_be_written_waits_again_unless_it_is_old_by_now() -> None:
    waiting = PollsWaiting()
    waiting.note(PollsCounted((row("a", 1), row("b", 1))))
    taken = waiting.take(1)
    waiting.note(PollsCounted((row("a", 2),)))
    waiting.give_back(taken)
    assert {each.modem: each.asked for each in waiting.take(10)} == {"a": 2, "b": 1}
