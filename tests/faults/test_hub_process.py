"""The hub's own process is killed, told to stop, frozen: what is promised holds, with broker and database attached."""

import asyncio
import contextlib
import os
import signal
import sqlite3
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.subscriber import Subscriber
from tests.faults.rig import QUICK, Rig
from tests.faults.tally import TALLY
from tests.mariadb import MariaDb
from tests.mosquitto import needs_mosquitto

KILLS = int(os.environ.get("IRZHUB_TEST_KILLS", "3"))
READY_S = 5.0
FROZEN_S = float(os.environ.get("IRZHUB_TEST_OUTAGE", "20"))

pytestmark = [needs_mosquitto, pytest.mark.slow]


async def test_kills_at_any_moment_lose_nothing(tmp_path: Path, own_mariadb: MariaDb) -> None:
    async with Rig(tmp_path, database=own_mariadb) as rig:
        for _ in range(KILLS):
            await rig.work(2)
            with rig.hub_is_away():
                ready_s, queued_s = await rig.kill_hub(away_s=rig.chance.uniform(0, 1))
            assert ready_s < READY_S + queued_s
        await rig.work(1)
        await rig.check()


async def test_an_orderly_stop_in_mid_burst_is_quick_clean_and_repeats_nothing(tmp_path: Path) -> None:
    """The broker is cut off before: more is left to tell than a connection may have under way at once."""
    async with Rig(tmp_path, changes_per_s=200) as rig:
        await rig.work(2)
        before = len({event["id"] for event in rig.reader.events()})
        with rig.hub_is_away():
            rig.broker_wire.hang()
            await asyncio.sleep(4)
            rig.in_doubt()
            began = time.monotonic()
            stopping = asyncio.get_running_loop().create_task(rig.hub.stop())
            await asyncio.sleep(0.5)
            rig.broker_wire.flow()
            status = await stopping
            TALLY.fault("hub told to stop")
            took_s = time.monotonic() - began
            stored = await asyncio.to_thread(stored_ids, rig.hub.folder / "data" / "hub.db")
            # The broker may still be telling the subscriber; the hub itself is gone.
            all_told = partial(rig.reader.wait, partial(has_all, stored), 10, "what was stored was told before the end")
            await asyncio.to_thread(all_told)
            assert rig.reader.retained()["irzhub/bridge/state"] == b"offline"
            told = [event["id"] for event in rig.reader.events()]
            rig.in_doubt()
            await rig.hub.start()
            await rig.all_online()

        assert status == 0
        assert took_s < 10
        assert len(told) == len(set(told)) > before, "an orderly stop is no reason to tell anything twice"
        assert set(told) == set(stored)
        assert not [event for event in rig.reader.events("disconnected") if event["data"]["reason"] != "hub_restart"]
        await rig.check()


def has_all(ids: list[str], reader: Subscriber) -> bool:
    """Say whether the subscriber was told of all these events."""
    return set(ids) <= {event["id"] for event in reader.events()}


def stored_ids(path: Path) -> list[str]:
    """Return the ids of all events in `hub.db`."""
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        return [id_ for (id_,) in connection.execute("select id from events")]


@pytest.mark.long
async def test_a_frozen_hub_calls_nobody_offline_when_it_goes_on(tmp_path: Path) -> None:
    options = replace(QUICK, keepalive_s=5.0)
    changes = {"relay": {"modems": {"keepalive_timeout": "15s"}}}
    async with Rig(tmp_path, options=options, changes=changes) as rig:
        await rig.work(1)
        before = len(rig.reader.messages)
        TALLY.fault("hub frozen")
        with rig.hub_is_away(after_s=3):
            os.kill(rig.hub.pid, signal.SIGSTOP)
            await asyncio.sleep(FROZEN_S)
            os.kill(rig.hub.pid, signal.SIGCONT)
            await asyncio.sleep(2)

        assert all(modem.counts.dials == 1 for modem in rig.fleet.modems), "nobody dials anew"
        assert rig.fleet.online == rig.modems
        assert rig.reader.events("disconnected") == [], "nobody is called silent"
        assert not [
            m for m in rig.reader.messages[before:] if m.topic.endswith("availability") and m.payload == b"offline"
        ]
        # What waited for an answer of the database meanwhile has run out of time: once.
        await rig.check(downs={"database": min(1, rig.hub.log.count("database is down"))})
