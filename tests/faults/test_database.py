"""MariaDB is killed in mid-burst, slow, or frozen: it is written later, once, and nobody else waits for it."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.faults.rig import Rig
from tests.faults.tally import TALLY
from tests.mariadb import MariaDb
from tests.mosquitto import needs_mosquitto

KILLS = int(os.environ.get("IRZHUB_TEST_KILLS", "3"))

pytestmark = [needs_mosquitto, pytest.mark.slow]


async def test_kills_in_mid_burst_leave_each_event_once(tmp_path: Path, own_mariadb: MariaDb) -> None:
    async with Rig(tmp_path, database=own_mariadb, changes_per_s=200) as rig:
        for _ in range(KILLS):
            await rig.work(1.5)
            await asyncio.to_thread(own_mariadb.kill)
            TALLY.fault("database killed")
            await rig.until_part("database", "down", 20)
            await asyncio.to_thread(own_mariadb.start)
            await rig.until_part("database", "up", 30)

        await rig.check(downs={"database": KILLS})


async def test_a_commit_whose_answer_is_lost_is_not_written_twice(tmp_path: Path, own_mariadb: MariaDb) -> None:
    """The server commits, the answer never comes: the hub cannot know, writes again, and there is still one row."""
    async with Rig(tmp_path, database=own_mariadb, changes_per_s=200) as rig:
        wire = rig.database_wire
        for _ in range(3):
            await rig.work(0.7)
            wire.last_words = b"COMMIT"
            TALLY.fault("answer of a commit lost")
            await rig.until_part("database", "down", 20)
            wire.heal()
            await rig.until_part("database", "up", 30)

        assert "cannot be written" not in rig.hub.log, "a row that is there already is no reason for an error"
        await rig.check(downs={"database": 3})


@pytest.mark.long
async def test_a_slow_and_a_frozen_database_delay_nobody(tmp_path: Path, own_mariadb: MariaDb) -> None:
    async with Rig(tmp_path, database=own_mariadb) as rig:
        rig.database_wire.down.latency_s = 0.2
        await rig.work(3)
        TALLY.fault("database slow")
        own_mariadb.pause()
        TALLY.fault("database frozen")
        await asyncio.sleep(10)
        own_mariadb.resume()
        rig.database_wire.heal()
        said_down = rig.hub.log.count("database is down")
        assert said_down <= 2
        await rig.until_part("database", "up", 30)

        await rig.check(downs={"database": rig.hub.log.count("database is down")})
