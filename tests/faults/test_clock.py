"""The wall clock jumps by hours, a day, to 1970 and 2038: nobody is lost, nothing storms, the order holds."""

import asyncio
from pathlib import Path

import pytest

from tests.faults.rig import Rig
from tests.mosquitto import needs_mosquitto

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
STEPS = ("+1h", "-1h", "+1d", "@2038-01-19 03:14:02", "@1970-01-01 00:10:00", "+0")

pytestmark = [
    needs_mosquitto,
    pytest.mark.slow,
    pytest.mark.skipif(not LIBRARIES, reason="libfaketime is not installed (apt install faketime)"),
]


async def test_steps_of_the_clock_lose_no_modem_and_no_change(tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("+0\n")
    prefix = (
        "env",
        f"LD_PRELOAD={LIBRARIES[0]}",
        f"FAKETIME_TIMESTAMP_FILE={clock}",
        "FAKETIME_NO_CACHE=1",
        "DONT_FAKE_MONOTONIC=1",  # without it the monotonic clock jumps too, which no real one does
    )
    async with Rig(tmp_path, prefix=prefix) as rig:
        seen: list[str] = []
        for step in STEPS:
            clock.write_text(f"{step}\n")
            await asyncio.sleep(2.5)
            newest = rig.reader.events("gpi_changed")[-1]
            seen.append(newest["ts"][:4])
            assert rig.fleet.online == rig.modems, step

        assert "2038" in seen, "the clock of the hub did jump"
        assert "1970" in seen
        assert rig.reader.events("disconnected") == []
        assert all(modem.counts.dials == 1 for modem in rig.fleet.modems)
        assert len(rig.reader.events("imei_conflict", "rejected", "missed_schedule")) == 0
        await rig.check()
