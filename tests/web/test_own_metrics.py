"""The lag of the loop, measured."""

import asyncio
import time

from irzhub.core.clock import SystemClock
from irzhub.core.tasks import Tasks
from irzhub.web.own_metrics import LoopLag


async def test_a_loop_that_stood_still_is_seen() -> None:
    lag, tasks = LoopLag(SystemClock()), Tasks("test")
    tasks.spawn(lag.keep_measuring(), "lag")
    await asyncio.sleep(0.1)
    assert lag.worst_s == 0.0

    time.sleep(0.4)  # noqa: TID251 - the very thing that is measured
    async with asyncio.timeout(2):
        while lag.worst_s == 0.0:
            await asyncio.sleep(0.01)
    await tasks.close()

    assert 0.2 < lag.worst_s < 2
