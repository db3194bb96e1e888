"""The disk is full, or fails to sync: all goes on from memory, and is on the disk once that works again."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from tests.faults.host import BadHost, needs_compiler
from tests.faults.rig import Rig
from tests.faults.tally import TALLY
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
        TALLY.fault("disk full")
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


@needs_compiler
async def test_what_a_failed_fsync_may_have_lost_is_never_called_durable(tmp_path: Path) -> None:
    """Each fsync of the hub fails with EIO for a while, as on a dying disk."""
    host = BadHost(tmp_path)
    async with Rig(tmp_path, prefix=host.prefix) as rig:
        await rig.work(1)
        host.break_syncs(1.0)
        TALLY.fault("fsync fails")
        await rig.until_part("journal", "down", 20)
        before = len(rig.reader.messages)
        await asyncio.sleep(3)

        told = [each.json for each in rig.reader.messages[before:] if each.topic.endswith("/event")]
        assert len(told) > 50, "MQTT goes on"
        assert {event.get("durable", True) for event in told} == {False}
        assert rig.fleet.online == rig.modems
        assert (await ask_http(rig.hub.web_port, "/healthz"))[0] == 200

        host.break_syncs(0.0)
        await rig.until_part("journal", "up", 10)
        await rig.until_part("database", "up", 40)
        await rig.check(
            downs={part: rig.hub.log.count(f"{part} is down") for part in ("journal", "local_store", "database")}
        )
