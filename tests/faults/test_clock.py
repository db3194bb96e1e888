"""The wall clock jumps by hours, a day, to 1970 and 2038: nobody is lost, nothing storms, the order holds."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from irzhub.simulator.meters import EchoMeter, SilentMeter
from irzhub.simulator.modem import SimulatedModem
from tests.e2e.hub_process import HubProcess
from tests.faults.host import BadHost, needs_compiler
from tests.faults.rig import Rig
from tests.faults.tally import TALLY
from tests.faults.test_modems import IMEI, PATIENT, ask
from tests.faults.watch import until
from tests.mosquitto import needs_mosquitto

HOUR = 3600.0
STEPS: dict[str, Callable[[], float]] = {
    "an hour ahead": lambda: HOUR,
    "an hour back": lambda: -HOUR,
    "a day ahead": lambda: 24 * HOUR,
    "2038, past 2^31 seconds": lambda: 2**31 - 2 - time.time(),
    "1970": lambda: 600 - time.time(),
    "right": lambda: 0.0,
}

pytestmark = [needs_mosquitto, needs_compiler, pytest.mark.slow]


async def test_steps_of_the_clock_lose_no_modem_and_no_change(tmp_path: Path) -> None:
    host = BadHost(tmp_path)
    async with Rig(tmp_path, prefix=host.prefix) as rig:
        years: set[str] = set()
        for name, offset_s in STEPS.items():
            host.step_clock(offset_s())
            TALLY.fault("wall clock stepped")
            wanted = time.strftime("%Y", time.gmtime(time.time() + offset_s()))
            await until(_is_told_in(rig, wanted), 10, f"a change of the year {wanted}")
            years.add(wanted)
            await asyncio.sleep(1.5)
            assert rig.fleet.online == rig.modems, name

        assert {"1970", "2038"} <= years, "the clock of the hub did jump"
        assert rig.reader.events("disconnected") == []
        assert all(modem.counts.dials == 1 for modem in rig.fleet.modems)
        assert rig.reader.events("imei_conflict", "rejected") == []
        await rig.check()


def _is_told_in(rig: Rig, year: str) -> Callable[[], Awaitable[bool]]:
    async def is_told() -> bool:
        changes = rig.reader.events("gpi_changed")
        return bool(changes) and changes[-1]["ts"].startswith(year)

    return is_told


async def test_a_turn_at_the_line_ends_though_the_clock_went_back(tmp_path: Path) -> None:
    host = BadHost(tmp_path)
    turns = {"relay": {"polling": {"sharing": {"answer_timeout": "2s"}}}}
    async with HubProcess(tmp_path / "hub", turns, prefix=host.prefix) as hub:
        modem = SimulatedModem("127.0.0.1", hub.modem_port, IMEI, PATIENT)
        try:
            modem.meter = SilentMeter()
            modem.start()
            await modem.wait_for("online", 30)
            port = (await hub.modems())[IMEI]["port"]
            first = asyncio.get_running_loop().create_task(ask(port, "first", within_s=14))
            await asyncio.sleep(1.5)  # the line opens half a second after the modem was answered
            host.step_clock(-HOUR)
            second = asyncio.get_running_loop().create_task(ask(port, "second", within_s=11))
            await asyncio.sleep(0.5)
            modem.meter = EchoMeter(IMEI)

            assert await second == f"!WHO {IMEI} second\n"
            first.cancel()
            await asyncio.wait((first,))
        finally:
            await modem.stop()
