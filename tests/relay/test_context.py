"""What all channels share."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime

from irzhub.core.metrics import Metrics
from irzhub.relay.context import ClientSide
from irzhub.relay.settings import RelaySettings


@dataclass
class HandClock:
    """A clock that a test turns by hand."""

    seconds: float = 0.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(1_800_000_000 + self.seconds, UTC)

    def monotonic(self) -> float:
        return self.seconds


def make_side(clock: HandClock) -> ClientSide:
    return ClientSide(RelaySettings(), lambda message: None, clock, Metrics())


def test_a_source_is_news_once_a_minute() -> None:
    clock = HandClock()
    side = make_side(clock)

    assert [side.is_news("10.0.0.1"), side.is_news("10.0.0.1"), side.is_news("10.0.0.2")] == [True, False, True]
    clock.seconds = 59.9
    assert not side.is_news("10.0.0.1")
    clock.seconds = 60.0
    assert side.is_news("10.0.0.1")


def test_a_scan_from_everywhere_takes_no_memory() -> None:
    side = make_side(HandClock())
    for number in range(5000):
        side.is_news(str(number))

    assert len(side._told) <= 1024


def test_tells_unix_time_of_its_clock() -> None:
    assert make_side(HandClock(5.5)).unix_time() == 1_800_000_005.5
    assert make_side(HandClock()).unix_time() > time.monotonic()
