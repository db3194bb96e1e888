"""Damping: repeats are folded into one follow-up with a count; what is more urgent leaves at once."""

from datetime import timedelta

from irzhub.alerts.outbox_damping import LONGEST, Damper
from tests.alerts.outbox_rig import NOW


def said(severity: str = "warning", text: str = "нет связи") -> dict[str, object]:
    return {"severity": severity, "text": text}


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def test_a_hundred_repeats_in_an_hour_are_two_messages() -> None:
    damper, left, followed = Damper(), 0, []
    for second in range(3600 + 1200):
        now = NOW + after(second)
        followed += [(second, window.count) for window in damper.due(now)]
        if second < 3600 and second % 36 == 0:
            left += not damper.folds("key", said(), 300, now)

    assert left == 1
    assert [count for _, count in followed] == [99]
    assert damper.windows == {}


def test_what_never_pauses_is_told_again_at_the_latest_after_fifteen_windows() -> None:
    damper, followed = Damper(), []
    for second in range(0, 3 * 60 * LONGEST, 10):
        now = NOW + after(second)
        followed += [second for _ in damper.due(now)]
        damper.folds("key", said(), 60, now)

    assert followed == [60 * LONGEST, 2 * 60 * LONGEST]


def test_one_message_alone_is_not_followed() -> None:
    damper = Damper()
    assert not damper.folds("key", said(), 300, NOW)

    assert damper.due(NOW + after(301)) == []
    assert damper.take_changes() == ([], ["key"])
    assert damper.next_due() is None


def test_a_turn_for_the_worse_is_not_folded() -> None:
    damper = Damper()
    damper.folds("key", said("warning"), 300, NOW)

    assert not damper.folds("key", said("alarm"), 300, NOW)
    assert damper.folds("key", said("alarm"), 300, NOW)
    assert damper.folds("key", said("warning"), 300, NOW)


def test_nothing_is_folded_where_that_is_off() -> None:
    damper = Damper()

    assert [damper.folds("key", said(), 0, NOW) for _ in range(3)] == [False] * 3


def test_windows_go_on_after_a_restart() -> None:
    before = Damper()
    before.folds("key", said(), 300, NOW)
    before.folds("key", said(text="снова"), 300, NOW + after(10))
    after_it = Damper()
    after_it.restore(before.take_changes()[0])

    due = after_it.due(NOW + after(300))
    assert [(window.count, window.row["text"]) for window in due] == [(1, "снова")]


def test_what_comes_and_goes_is_no_news_each_time_it_comes() -> None:
    damper, left = Damper(), []
    for number in range(100):
        severity = "info" if number % 2 else "alarm"
        left += [severity] * (not damper.folds("key", said(severity), 300, NOW + after(number)))

    assert left == ["alarm"]
    (window,) = damper.due(NOW + after(400))
    assert (window.count, window.row["severity"]) == (99, "info")
    assert not damper.folds("key", said("alarm"), 300, NOW + after(401)), "the last that was said was that it is over"
