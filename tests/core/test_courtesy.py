"""Others on the loop go first, and never for ever."""

import asyncio
import time

from irzhub.core.courtesy import give_way
from irzhub.core.tasks import Tasks


async def test_on_an_idle_loop_it_is_over_at_once() -> None:
    began = time.monotonic()
    for _ in range(10):
        await give_way(0.05)
    assert time.monotonic() - began < 0.3


async def test_work_that_waits_is_done_first_and_endless_work_does_not_stop_us() -> None:
    done = 0

    async def toil(turns: int) -> None:
        nonlocal done
        for _ in range(turns):
            until = time.monotonic() + 0.005
            while time.monotonic() < until:
                pass
            done += 1
            await asyncio.sleep(0)

    tasks = Tasks("test")
    short = tasks.spawn(toil(4), "short")
    await give_way(10.0)
    assert done == 4 and short.done()

    endless = tasks.spawn(toil(1000), "endless")
    began = time.monotonic()
    await asyncio.wait_for(give_way(0.5), 5)
    assert 0.5 <= time.monotonic() - began < 2
    assert done > 8 and not endless.done()
    await tasks.close()
