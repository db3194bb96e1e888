"""When a message is tried again (docs/reliability.md, faults of the SMS modem and of mail servers)."""

import math

import pytest

from irzhub.alerts.outbox_schedule import PLANS

MINUTE = 60.0


def pauses(channel: str, count: int) -> list[float | None]:
    return [PLANS[channel].pause_s(attempts) for attempts in range(1, count + 1)]


def test_mail_is_tried_again_as_greylisting_wants_it() -> None:
    assert pauses("email", 8) == [each * MINUTE for each in (1, 2, 5, 15, 30, 60, 60, 60)]


def test_an_sms_of_unknown_end_is_repeated_once_after_two_minutes() -> None:
    assert (PLANS["sms"].unknown_s, PLANS["sms"].unknown_repeats_once) == (120.0, True)


def test_a_call_is_not_repeated_for_ever() -> None:
    assert pauses("call", 5) == [30.0, 60.0, 180.0, None, None]
    assert PLANS["call"].unknown_s is None


@pytest.mark.parametrize("channel", sorted(PLANS))
def test_every_channel_rests_longer_and_longer(channel: str) -> None:
    plan = PLANS[channel]

    assert list(plan.retry_s) == sorted(plan.retry_s)
    assert plan.timeout_s > 0
    assert plan.concurrency >= 1


def test_a_quick_sms_modem_gets_more_at_once_than_a_slow_one() -> None:
    sms = PLANS["sms"]

    assert [sms.room(took_s) for took_s in (0.02, 0.49, 0.5, 5.0, math.inf)] == [16, 16, 4, 4, 4]
    assert PLANS["call"].room(0.01) == 1, "one person is rung at a time"
