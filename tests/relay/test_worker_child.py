"""How one worker is kept alive."""

import asyncio
import os
import signal

import pytest

from irzhub.core.exceptions import StartError
from irzhub.relay.messages import PortOpened
from irzhub.relay.restarts import WorkerTiming
from tests.relay.pool_rig import PoolHub, is_gone, modems_of, open_descriptors


async def test_a_worker_that_hangs_is_ended_and_replaced() -> None:
    async with PoolHub(1, timing=WorkerTiming(mute_s=2.0, restart_first_s=0.05)) as hub:
        pid = hub.pool.workers[0].pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        await hub.serves_again(0, pid)
        assert await is_gone(pid)


async def test_a_worker_that_never_answers_is_no_start_and_leaves_nothing() -> None:
    left = []
    for _ in range(3):  # the loop itself opens some descriptors with its first child
        hub = PoolHub(2, timing=WorkerTiming(start_s=0.01))
        with pytest.raises(StartError, match="does not answer"):
            async with hub:
                pass
        for worker in hub.pool.workers:
            assert worker.pid is not None
            assert await is_gone(worker.pid)
        await asyncio.sleep(0.05)
        left.append(open_descriptors())
    assert left[2] == left[1]


async def test_signals_for_the_hub_are_none_for_its_workers() -> None:
    modem = modems_of(0, 1)[0]
    async with PoolHub(1) as hub:
        pid = hub.pool.workers[0].pid
        assert pid is not None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR2):
            os.kill(pid, number)
        hub.put(modem)
        await hub.hears(PortOpened)
        assert hub.pool.workers[0].pid == pid
        assert hub.pool.workers[0].modems == 1
