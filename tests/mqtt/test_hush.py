"""One line a minute, with a count."""

import logging
from datetime import UTC, datetime

import pytest

from irzhub.mqtt.hush import Hush


class Hands:
    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.seconds, UTC)

    def monotonic(self) -> float:
        return self.seconds


def test_it_speaks_once_a_minute_and_counts_the_rest(caplog: pytest.LogCaptureFixture) -> None:
    clock = Hands()
    hush = Hush(logging.getLogger("irzhub.test"), clock)
    for second in range(121):
        clock.seconds = float(second)
        hush.warn(f"at {second}")

    assert caplog.messages == ["at 0", "at 60 (59 more in the last minute)", "at 120 (59 more in the last minute)"]
