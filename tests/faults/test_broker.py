"""The broker is cut off or refuses: modems and programs feel nothing, nothing is lost, the cause is named."""

import asyncio
import re
import time
from pathlib import Path
from typing import Any

import pytest

from irzhub.simulator.modem import SimulatedModem
from tests.e2e.hub_process import HubProcess
from tests.faults.proxy import Proxy
from tests.faults.rig import Rig
from tests.faults.tally import TALLY
from tests.faults.watch import ask_http, parts_of, until
from tests.mosquitto import Mosquitto, needs_mosquitto

FOUND_S = 25.0

pytestmark = [needs_mosquitto, pytest.mark.slow]


@pytest.mark.long
async def test_a_partition_is_found_and_nothing_is_lost(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        await rig.work(1)
        rig.broker_wire.hang()
        TALLY.fault("broker cut off")
        began, queued = time.monotonic(), rig.watch.queued_s()
        cause = await rig.until_part("mqtt", "down", FOUND_S + 3)
        assert time.monotonic() - began < FOUND_S + rig.watch.queued_s() - queued
        assert "silent" in cause or "no answer" in cause
        assert rig.fleet.online == rig.modems
        status, _ = await ask_http(rig.hub.web_port, "/readyz")
        assert status == 200, "without its broker the hub is degraded, and ready"
        rig.broker_wire.flow()
        await rig.until_part("mqtt", "up", 20)

        await rig.check(downs={"mqtt": 1})


async def test_kills_of_the_broker_lose_nothing_though_it_forgets_what_it_acknowledged(tmp_path: Path) -> None:
    """The subscriber is behind a wire that holds all back, so the broker has acknowledged much that it has not told."""
    async with Rig(tmp_path) as rig:
        for away_s in (0.0, 3.0):
            await rig.work(1.5)
            rig.reader_wire.hang()
            await asyncio.sleep(0.7)
            rig.broker.kill()
            TALLY.fault("broker killed")
            rig.reader_wire.reset_peers()
            rig.reader_wire.flow()
            await rig.until_part("mqtt", "down", 25)
            await asyncio.sleep(away_s)
            assert rig.fleet.online == rig.modems
            await rig.broker.start()
            await rig.until_part("mqtt", "up", 25)

        await rig.check(downs={"mqtt": 2})


async def test_a_frozen_broker_that_loses_its_connections_costs_nothing(tmp_path: Path) -> None:
    async with Rig(tmp_path) as rig:
        for _ in range(3):
            rig.broker.stall()
            TALLY.fault("broker frozen, connection reset")
            await rig.work(1)
            rig.broker.resume()
            rig.broker_wire.reset_peers()
            await rig.until_part("mqtt", "down", 5)
            await rig.until_part("mqtt", "up", 20)
        rig.broker_wire.down.latency_s = 0.5
        await rig.work(2)
        rig.broker_wire.heal()

        await rig.check(downs={"mqtt": 3})


async def test_a_broker_that_refuses_us_is_named_and_asked_rarely(tmp_path: Path) -> None:
    async with Mosquitto(tmp_path, users={"irzhub": "right"}) as broker, Proxy(broker.port) as wire:
        mqtt: dict[str, Any] = {"broker": "external", "port": wire.port, "username": "irzhub", "password": "wr0ng"}
        async with HubProcess(tmp_path / "hub", {"mqtt": mqtt}) as hub:

            async def is_named() -> bool:
                return "refused us" in (await parts_of(hub.web_port))["mqtt"].get("detail", "")

            await until(is_named, 10, "the refusal in /readyz")
            TALLY.fault("broker refuses")
            began, tries = time.monotonic(), wire.accepted
            async with SimulatedModem("127.0.0.1", hub.modem_port, "868441036775234") as modem:
                await until(_polls(hub, modem.imei), 10, "polls without a broker")
                while time.monotonic() - began < 6:
                    await until(_polls(hub, modem.imei), 5, "polls without a broker")
            tries = wire.accepted - tries

            assert 1 <= tries <= 1 + (time.monotonic() - began) / 2
            assert "wr0ng" not in hub.log
            assert len(re.findall("mqtt is down", hub.log)) == 1


def _polls(hub: HubProcess, imei: str) -> Any:
    async def polls() -> bool:
        shown = await hub.modems()
        reader, writer = await asyncio.open_connection("127.0.0.1", shown[imei]["port"])
        writer.write(b"?WHO now\n")
        async with asyncio.timeout(4):
            answer = await reader.readline()
        writer.close()
        await asyncio.sleep(0.3)
        return answer == f"!WHO {imei} now\n".encode()

    return polls
