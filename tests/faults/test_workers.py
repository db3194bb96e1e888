"""Relay workers are killed, again and again, and the hub above them: the other modems feel nothing, nothing is lost."""

import os
import signal
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from irzhub.relay.pool import owner_of
from tests.faults.rig import Rig
from tests.faults.tally import TALLY
from tests.faults.watch import until
from tests.mosquitto import needs_mosquitto

WORKERS = 2
CRASHES = 10
LAST_WAIT_S = 3.0

pytestmark = [needs_mosquitto, pytest.mark.slow]


@pytest.mark.long
async def test_kills_of_workers_and_of_the_hub_above_them_lose_nothing(tmp_path: Path) -> None:
    async with Rig(tmp_path, changes={"relay": {"workers": WORKERS}}) as rig:
        for _ in range(2):
            await rig.work(1.5)
            with rig.hub_is_away():
                await rig.kill_worker()
        await rig.work(1)
        orphans = rig.workers()
        assert len(orphans) == WORKERS
        with rig.hub_is_away():
            rig.in_doubt()
            rig.hub.kill()
            TALLY.fault("hub killed")
            await until(_are_gone(orphans), 5, "workers that end when their hub is killed")
            await rig.hub.start()
            await rig.all_online()

        await rig.check(downs={"relay": 2})


async def test_a_worker_that_crashes_all_the_time_costs_the_modems_of_the_other_nothing(tmp_path: Path) -> None:
    async with Rig(tmp_path, changes={"relay": {"workers": WORKERS}}) as rig:
        survivor = rig.workers()[0]
        waits = []
        with rig.hub_is_away(after_s=3.0):
            for _ in range(CRASHES):
                began = time.monotonic()
                victim = await _other_worker(rig, survivor)
                waits.append(time.monotonic() - began)
                rig.in_doubt()
                os.kill(victim, signal.SIGKILL)
                TALLY.fault("worker killed")
            await rig.all_online()

        assert survivor in rig.workers()
        redialled = {owner_of(modem.imei, WORKERS) for modem in rig.fleet.modems if modem.counts.dials > 1}
        assert len(redialled) == 1, "those of the other worker felt nothing"
        assert waits[-1] > LAST_WAIT_S, "a worker that crashes all the time is not started as fast as it crashes"
        assert rig.hub.log.count("ended (killed by signal 9") == CRASHES
        await rig.check(downs={"relay": rig.hub.log.count("relay is degraded") + rig.hub.log.count("relay is down")})


async def _other_worker(rig: Rig, survivor: int) -> int:
    """Wait until another worker runs; return its process id."""

    async def runs() -> bool:
        return len(rig.workers()) == WORKERS

    await until(runs, 70, "the crashed worker runs again")
    return next(pid for pid in rig.workers() if pid != survivor)


def _are_gone(pids: list[int]) -> Callable[[], Awaitable[bool]]:
    async def are_gone() -> bool:
        return not any(psutil.pid_exists(pid) for pid in pids)

    return are_gone
