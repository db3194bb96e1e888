import asyncio
from datetime import timedelta

from irzhub.core.clock import SystemClock
from irzhub.fleet.command_expiry import Expiry


async def test_each_is_told_once_when_its_moment_has_come_and_those_that_do_not_wait_never() -> None:
    clock, waiting, told = SystemClock(), {"a", "b", "c"}, list[str]()

    def expired(id_: str) -> None:
        told.append(id_)
        waiting.discard(id_)

    expiry = Expiry(clock, waiting.__contains__, expired)
    now = clock.now()
    expiry.watch("late", now + timedelta(seconds=100))
    for id_, after_s in (("b", 0.06), ("a", 0.02), ("c", 0.04), ("a", 0.02)):
        expiry.watch(id_, now + timedelta(seconds=after_s))
    waiting.discard("c")
    await asyncio.sleep(0.15)

    assert told == ["a", "b"]


async def test_nothing_is_told_after_the_end() -> None:
    clock, told = SystemClock(), list[str]()
    expiry = Expiry(clock, lambda _id: True, told.append)
    expiry.watch("a", clock.now() + timedelta(seconds=0.01))

    expiry.close()
    await asyncio.sleep(0.03)

    assert told == []
