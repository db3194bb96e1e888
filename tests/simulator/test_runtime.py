"""What modems of one process share."""

import asyncio

from irzhub.simulator.runtime import Runtime


def test_same_seed_gives_the_same_chance() -> None:
    draws = [[Runtime(seed=seed).between((0.0, 100.0))] for seed in (7, 7, 8)]

    assert draws[0] == draws[1] != draws[2]


def test_span_without_width_needs_no_chance() -> None:
    runtime = Runtime()
    before = runtime.chance.getstate()

    assert runtime.between((2.0, 2.0)) == 2.0
    assert runtime.chance.getstate() == before


async def test_close_ends_timers_and_tasks() -> None:
    runtime, called = Runtime(), list[int]()
    runtime.wheel.after(0.01, lambda: called.append(1))
    task = runtime.tasks.spawn(asyncio.sleep(60), "sleeper")
    await runtime.close()
    await asyncio.sleep(0.05)

    assert task.cancelled()
    assert called == []
