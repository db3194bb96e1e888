"""The wall clock jumps by hours, a day, to 1970 and 2038: nobody is lost, nothing storms, the order holds."""

import asyncio
import shutil
import struct
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.rig import Rig
from tests.mosquitto import needs_mosquitto

COMPILER = shutil.which("cc")
HOUR = 3600.0
STEPS: dict[str, Callable[[], float]] = {
    "an hour ahead": lambda: HOUR,
    "an hour back": lambda: -HOUR,
    "a day ahead": lambda: 24 * HOUR,
    "2038, past 2^31 seconds": lambda: 2**31 - 2 - time.time(),
    "1970": lambda: 600 - time.time(),
    "right": lambda: 0.0,
}

pytestmark = [
    needs_mosquitto,
    pytest.mark.slow,
    pytest.mark.skipif(COMPILER is None, reason="no C compiler for the shim that shifts the clock (apt install gcc)"),
]


class WallClock:
    """The wall clock of one process, to be set; see wall_clock.c."""

    def __init__(self, folder: Path) -> None:
        self._offset = folder / "offset"
        self._library = folder / "wall_clock.so"
        self.set(0.0)
        source = Path(__file__).with_name("wall_clock.c")
        subprocess.run([COMPILER or "cc", "-shared", "-fPIC", "-O1", "-o", self._library, source, "-ldl"], check=True)

    @property
    def prefix(self) -> tuple[str, ...]:
        """What runs a command with this clock."""
        return "env", f"LD_PRELOAD={self._library}", f"WALL_CLOCK_OFFSET={self._offset}"

    def set(self, offset_s: float) -> None:
        """Step to so many seconds from the true time."""
        with self._offset.open("r+b" if self._offset.exists() else "wb") as file:
            file.write(struct.pack("d", offset_s))


async def test_steps_of_the_clock_lose_no_modem_and_no_change(tmp_path: Path) -> None:
    clock = WallClock(tmp_path)
    async with Rig(tmp_path, prefix=clock.prefix) as rig:
        years = set()
        for name, offset_s in STEPS.items():
            clock.set(offset_s())
            await asyncio.sleep(2.5)
            years.add(rig.reader.events("gpi_changed")[-1]["ts"][:4])
            assert rig.fleet.online == rig.modems, name

        assert {"1970", "2038"} <= years, "the clock of the hub did jump"
        assert rig.reader.events("disconnected") == []
        assert all(modem.counts.dials == 1 for modem in rig.fleet.modems)
        assert rig.reader.events("imei_conflict", "rejected") == []
        await rig.check()
