"""The wheel calls in time, once, forgets on request, and notices that the process stood still."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from irzhub.core.clock import SystemClock
from irzhub.relay.wheel import TICK_S, Wheel
from tests.relay.modem_rig import until


class Thing:
    def __init__(self, wheel: Wheel, *, again_s: float | None = None, fails: bool = False) -> None:
        self.tick = 0
        self.calls: list[float] = []
        self._wheel = wheel
        self._again_s = again_s
        self._fails = fails

    def due(self, now: float) -> None:
        self.calls.append(now)
        if self._fails:
            raise ValueError("as faults are")
        if self._again_s is not None:
            self._wheel.at(self, now + self._again_s)


class SteppedClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.time = 1000.0

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.time, UTC)

    def monotonic(self) -> float:
        return self.time


@pytest.fixture
async def wheel() -> AsyncIterator[Wheel]:
    wheel = Wheel(SystemClock())
    wheel.start()
    yield wheel
    wheel.stop()


async def test_it_calls_not_before_its_time_and_a_tick_later_at_the_most(wheel: Wheel) -> None:
    things = [Thing(wheel) for _ in range(20)]
    began = wheel.now()
    for number, thing in enumerate(things):
        wheel.at(thing, began + number * 0.03)
    await until(lambda: all(thing.calls for thing in things))
    for number, thing in enumerate(things):
        assert len(thing.calls) == 1
        assert number * 0.03 <= thing.calls[0] - began < number * 0.03 + 3 * TICK_S
    assert len(wheel) == 0


async def test_the_last_word_counts_and_the_forgotten_are_not_called(wheel: Wheel) -> None:
    moved, forgotten = Thing(wheel), Thing(wheel)
    now = wheel.now()
    wheel.at(moved, now + 60)
    wheel.at(moved, now + 0.1)
    wheel.at(forgotten, now + 0.1)
    wheel.forget(forgotten)
    wheel.forget(forgotten)
    assert len(wheel) == 1
    await until(lambda: moved.calls)
    await asyncio.sleep(2 * TICK_S)
    assert len(moved.calls) == 1
    assert not forgotten.calls


async def test_a_thing_may_put_itself_back_and_a_faulty_one_harms_nobody(
    wheel: Wheel, caplog: pytest.LogCaptureFixture
) -> None:
    faulty, steady = Thing(wheel, fails=True), Thing(wheel, again_s=0.1)
    wheel.at(faulty, wheel.now())
    wheel.at(steady, wheel.now())
    await until(lambda: len(steady.calls) >= 3)
    assert len(faulty.calls) == 1
    assert "a timed call of Thing failed" in caplog.text


async def test_much_that_is_due_at_once_lets_others_have_their_turns(wheel: Wheel) -> None:
    class Slow(Thing):
        def due(self, now: float) -> None:
            super().due(now)
            end = time.monotonic() + 0.002
            while time.monotonic() < end:
                pass

    things = [Slow(wheel) for _ in range(30)]
    left_out = Slow(wheel)
    for thing in (*things, left_out):
        wheel.at(thing, wheel.now())
    turns = 0
    while not any(thing.calls for thing in things):
        await asyncio.sleep(0)
    wheel.forget(left_out)  # while the others are still being called
    while not all(thing.calls for thing in things):
        await asyncio.sleep(0)
        turns += 1
    assert turns >= 5
    await asyncio.sleep(2 * TICK_S)
    assert [len(thing.calls) for thing in things] == [1] * len(things)
    assert not left_out.calls
    assert len(wheel) == 0


async def test_what_is_due_in_the_past_is_called_at_the_next_turn(wheel: Wheel) -> None:
    thing = Thing(wheel)
    wheel.at(thing, wheel.now() - 100)
    await until(lambda: thing.calls)


@pytest.mark.parametrize("stood_still_s", [30.0, 100_000.0])
async def test_a_standstill_is_noticed_and_nothing_due_is_lost(
    stood_still_s: float, caplog: pytest.LogCaptureFixture
) -> None:
    clock = SteppedClock()
    wheel = Wheel(clock)
    wheel.start()
    thing = Thing(wheel)
    wheel.at(thing, clock.time + 20)
    clock.time += stood_still_s
    await until(lambda: thing.calls)
    wheel.stop()
    assert wheel.awake_since == clock.time
    assert stood_still_s - 1 < wheel.take_worst_lag() <= stood_still_s
    assert wheel.take_worst_lag() == 0.0
    assert "stood still" in caplog.text
