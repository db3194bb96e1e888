"""The broker is killed in the midst of changes: a subscriber with a session misses none, in order, ids repeated."""

import asyncio
import os
import time
from pathlib import Path
from typing import Any

from irzhub.simulator.fleet import Fleet
from irzhub.simulator.options import ModemOptions
from irzhub.simulator.runtime import Runtime
from tests.e2e.hub_process import HubProcess
from tests.e2e.subscriber import Subscriber
from tests.e2e.told import assert_all_told, assert_retained_state
from tests.mosquitto import Mosquitto, needs_mosquitto

OUTAGE_S = float(os.environ.get("IRZHUB_TEST_OUTAGE", "8"))
"""How long the broker is away; the acceptance run takes 60."""
MODEMS = 100
CHANGES_PER_S = 200

pytestmark = needs_mosquitto


async def test_no_change_is_lost_while_the_broker_is_away(tmp_path: Path) -> None:
    async with Mosquitto(tmp_path) as broker:
        changes: dict[str, dict[str, Any]] = {"mqtt": {"broker": "external", "port": broker.port}}
        async with HubProcess(tmp_path / "hub", changes) as hub:
            with Subscriber(broker.port) as reader:
                reader.wait(lambda r: "irzhub/bridge/state" in r.retained(), what="the hub on the broker")
                runtime = Runtime()
                async with Fleet(
                    "127.0.0.1",
                    hub.modem_port,
                    MODEMS,
                    options=ModemOptions(),
                    gpi_every_s=MODEMS / CHANGES_PER_S,
                    runtime=runtime,
                ) as fleet:
                    await fleet.wait_online()
                    await asyncio.sleep(3)

                    broker.kill()
                    await asyncio.sleep(OUTAGE_S)
                    assert fleet.online == MODEMS
                    await broker.start()
                    await asyncio.sleep(5)

                    fleet.stop_changes()
                    await asyncio.sleep(0.5)
                    truth = list(runtime.truth.changes)
                    expected = sum(change.sent for change in truth)
                    began = time.monotonic()
                    await asyncio.to_thread(
                        reader.wait,
                        lambda r: r.count_distinct("gpi_changed") >= expected,
                        60,
                        f"{expected} changes told",
                    )

                    assert expected > CHANGES_PER_S * (OUTAGE_S + 4)
                    assert_all_told(truth, reader.events())
                    await asyncio.to_thread(
                        reader.wait, lambda r: r.retained().get("irzhub/bridge/state") == b"online", 20
                    )
                    assert_retained_state(fleet, reader.retained())
                    assert time.monotonic() - began < 60
