"""Strangers are told of sparingly, and nothing that was counted gets lost."""

import logging

import pytest

from irzhub.relay.messages import DialInRejected
from irzhub.relay.rejections import PERIOD_S, Rejections
from tests.relay.test_wheel import SteppedClock


def test_the_first_is_told_at_once_and_repeats_with_their_count_after_a_minute(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    clock, told = SteppedClock(), list[DialInRejected]()
    rejections = Rejections(clock, told.append)
    for number in range(100):
        rejections.tell("not a hello", f"10.0.0.1:{number}", detail="no modem begins with b'GET'")
    assert [(message.reason, message.peer, message.count) for message in told] == [("not a hello", "10.0.0.1:0", 1)]
    clock.time += PERIOD_S
    rejections.sweep()
    assert (told[1].peer, told[1].count) == ("10.0.0.1:99", 99)
    clock.time += PERIOD_S
    rejections.sweep()
    assert len(told) == 2
    rejections.tell("not a hello", "10.0.0.1:7")
    assert told[2].count == 1
    assert sum(message.count for message in told) == rejections.total == 101
    assert len(caplog.records) == 3
    assert "b'GET'" in caplog.records[0].getMessage()


def test_sources_reasons_and_modems_are_told_apart() -> None:
    told: list[DialInRejected] = []
    rejections = Rejections(SteppedClock(), told.append)
    rejections.tell("wrong password", "10.0.0.1:1", "868441036775234")
    rejections.tell("wrong password", "10.0.0.1:2", "868441036775235")
    rejections.tell("wrong password", "10.0.0.2:1", "868441036775234")
    rejections.tell("not a hello", "[2001:db8::1]:1")
    assert len(told) == 4


def test_a_hundred_thousand_sources_are_one_line_together() -> None:
    clock, told = SteppedClock(), list[DialInRejected]()
    rejections = Rejections(clock, told.append)
    for number in range(100_000):
        rejections.tell("not a hello", f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}:1")
    assert len(told) <= 4097
    clock.time += PERIOD_S
    rejections.sweep()
    assert sum(message.count for message in told) == 100_000
    clock.time += PERIOD_S
    rejections.sweep()
    assert not rejections._repeats
