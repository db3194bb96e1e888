"""The disk is full: modems, polls and MQTT go on from memory, and all is on the disk once there is room again."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from tests.faults.rig import Rig
from tests.faults.watch import ask_http, parts_of
from tests.mosquitto import needs_mosquitto

pytestmark = [needs_mosquitto, pytest.mark.slow]


def fill(folder: Path) -> Path:
    """Use up every byte of a file system; return the file that holds them."""
    filler = folder / "filler"
    with contextlib.suppress(OSError), filler.open("ab", buffering=0) as file:
        while True:
            file.write(b"x" * 4096)
    return filler


async def test_a_full_disk_stops_nothing_and_heals_by_itself(tmp_path: Path, small_disk: Path) -> None:
    async with Rig(tmp_path, data_dir=small_disk) as rig:
        await rig.work(2)
        filler = await asyncio.to_thread(fill, small_disk)
        await rig.until_part("journal", "down", 20)
        await asyncio.to_thread(fill, small_disk)
        before = len(rig.reader.messages)
        await asyncio.sleep(4)

        assert rig.fleet.online == rig.modems
        told = [each.json for each in rig.reader.messages[before:] if each.topic.endswith("/event")]
        assert len(told) > 100, "MQTT goes on"
        assert {event.get("durable", True) for event in told[50:]} == {False}
        assert (await parts_of(rig.hub.web_port))["local_store"]["state"] == "down"
        assert (await ask_http(rig.hub.web_port, "/healthz"))[0] == 200

        filler.unlink()
        await rig.until_part("journal", "up", 10)
        await rig.until_part("database", "up", 40)
        await rig.check(
            downs={"journal": 1, "local_store": 1, "database": rig.hub.log.count("database is down")},
        )
