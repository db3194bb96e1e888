"""The one timer of a fleet."""

import asyncio

from irzhub.simulator.wheel import Wheel


async def test_calls_in_order_of_time_and_never_early() -> None:
    wheel, called = Wheel(tick_s=0.01), []
    loop = asyncio.get_running_loop()
    started = loop.time()
    for delay_s in (0.09, 0.03, 0.06):
        wheel.after(delay_s, lambda due=delay_s: called.append((due, loop.time() - started)))  # type: ignore[misc]
    assert len(wheel) == 3
    await asyncio.sleep(0.2)

    assert [due for due, _ in called] == [0.03, 0.06, 0.09]
    assert all(due <= at <= due + 0.05 for due, at in called)
    assert len(wheel) == 0


async def test_one_slot_holds_many_and_a_call_may_schedule_the_next() -> None:
    wheel, counts = Wheel(tick_s=0.01), [0, 0]

    def again() -> None:
        counts[0] += 1
        if counts[0] < 3:
            wheel.after(0.0, again)

    def once() -> None:
        counts[1] += 1

    wheel.after(0.0, again)
    for _ in range(1000):
        wheel.after(0.02, once)
    await asyncio.sleep(0.15)

    assert counts == [3, 1000]


async def test_forgets_all_when_closed_and_can_be_used_again() -> None:
    wheel, called = Wheel(tick_s=0.01), list[str]()
    wheel.after(0.01, lambda: called.append("old"))
    wheel.close()
    wheel.after(0.03, lambda: called.append("new"))
    await asyncio.sleep(0.1)

    assert called == ["new"]
