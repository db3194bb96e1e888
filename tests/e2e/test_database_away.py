"""MariaDB killed, stopped or absent: polls go on as before, and every change is recorded once it is back."""

import asyncio
import contextlib
import os
import statistics
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pymysql
import pytest

from irzhub.simulator.fleet import Fleet
from irzhub.simulator.options import ModemOptions
from irzhub.simulator.runtime import Runtime
from tests.e2e.hub_process import HubProcess
from tests.mariadb import MariaDb

OUTAGE_S = float(os.environ.get("IRZHUB_TEST_OUTAGE", "8"))
MODEMS = 40
CHANGES_PER_S = 100


async def poll_for(port: int, seconds: float) -> list[float]:
    """Poll one meter without a pause; return the round trips in seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    loop, trips = asyncio.get_running_loop(), []
    end = loop.time() + seconds
    while loop.time() < end:
        began = loop.time()
        writer.write(b"?WHO latency\n")
        async with asyncio.timeout(5):
            await reader.readline()
        trips.append(loop.time() - began)
        await asyncio.sleep(0.01)
    writer.close()
    return trips


async def kill(server: MariaDb) -> None:
    """Kill the server, and start it again after the outage."""
    server.kill()
    await asyncio.sleep(OUTAGE_S)
    await asyncio.to_thread(server.start)


async def stop_its_process(server: MariaDb) -> None:
    """SIGSTOP: connections stay open, nothing answers."""
    server.pause()
    await asyncio.sleep(OUTAGE_S)
    server.resume()


@pytest.mark.parametrize("harm", [kill, stop_its_process])
async def test_nothing_is_lost_and_polls_do_not_feel_it(
    tmp_path: Path, own_mariadb: MariaDb, harm: Callable[[MariaDb], Coroutine[Any, Any, None]]
) -> None:
    url = own_mariadb.new_database()
    async with HubProcess(tmp_path / "hub", {"database": {"url": url}}) as hub:
        runtime = Runtime()
        async with Fleet(
            "127.0.0.1", hub.modem_port, MODEMS, options=ModemOptions(), gpi_every_s=MODEMS / CHANGES_PER_S,
            runtime=runtime,
        ) as fleet:  # fmt: skip
            await fleet.wait_online()
            port = next(iter((await hub.modems()).values()))["port"]
            calm = await poll_for(port, 4)
            outage = asyncio.get_running_loop().create_task(harm(own_mariadb))
            troubled = await poll_for(port, OUTAGE_S)
            await outage
            fleet.stop_changes()
            await asyncio.sleep(0.5)

            # The machine is shared: what is meant is that nobody waits for a database, which would be seconds.
            assert statistics.median(troubled) < 3 * statistics.median(calm) + 0.01
            assert max(troubled) < 1.0
            await assert_all_recorded(hub, own_mariadb, url)
            assert sum(change.sent for change in runtime.truth.changes) == await changes_recorded(own_mariadb, url)


async def test_hub_starts_and_works_without_its_database_and_records_later(
    tmp_path: Path, own_mariadb: MariaDb
) -> None:
    url = own_mariadb.new_database()
    own_mariadb.kill()
    began = time.monotonic()
    async with HubProcess(tmp_path / "hub", {"database": {"url": url}}) as hub:
        assert time.monotonic() - began < 20
        runtime = Runtime()
        async with Fleet(
            "127.0.0.1", hub.modem_port, MODEMS, options=ModemOptions(), gpi_every_s=MODEMS / CHANGES_PER_S,
            runtime=runtime,
        ) as fleet:  # fmt: skip
            await fleet.wait_online()
            await asyncio.sleep(4)
            ready = await hub.get("/readyz")
            assert ready["parts"]["database"]["state"] == "down"
            fleet.stop_changes()
            await asyncio.to_thread(own_mariadb.start)

            await assert_all_recorded(hub, own_mariadb, url)
            assert sum(change.sent for change in runtime.truth.changes) == await changes_recorded(own_mariadb, url)


async def assert_all_recorded(hub: HubProcess, server: MariaDb, url: str) -> None:
    """Wait until the database has every event of the journal, each once."""
    newest, after = 0, 0
    while page := (await hub.get(f"/api/v1/events?after_seq={after}"))["items"]:
        after = newest = page[-1]["seq"]
    database = url.rpartition("/")[2].partition("?")[0]
    rows: list[tuple[object, ...]] = [(0, 0, 0)]
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(pymysql.err.OperationalError, pymysql.err.ProgrammingError):  # not made yet
                rows = await asyncio.to_thread(
                    server.query, "select count(*), count(distinct seq), coalesce(max(seq), 0) from events", database
                )
            count, distinct, last = (int(str(value)) for value in rows[0])
            if last >= newest:
                break
            await asyncio.sleep(0.3)
    assert count == distinct == last


async def changes_recorded(server: MariaDb, url: str) -> int:
    """Return how many changes of inputs the database has."""
    database = url.rpartition("/")[2].partition("?")[0]
    rows = await asyncio.to_thread(server.query, "select count(*) from events where type = 'gpi_changed'", database)
    return int(str(rows[0][0]))
