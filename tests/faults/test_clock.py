"""The wall clock jumps by hours, a day, to 1970 and 2038: nobody is lost, nothing storms, the order holds."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.faults.host import BadHost, needs_compiler
from tests.faults.rig import Rig
from tests.faults.tally import TALLY
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
