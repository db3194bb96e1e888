"""SIGHUP: new settings, the same sessions."""

import asyncio
import os
import re
import signal
from pathlib import Path

import pytest

from irzhub.simulator.meters import EchoMeter
from irzhub.simulator.modem import SimulatedModem
from tests.e2e.hub_process import HubProcess

IMEI = "868441036775234"


async def reloads(hub: HubProcess, **polling: object) -> None:
    """Change `relay.polling` in the file and tell the hub."""
    hub.changes = {**hub.changes, "relay": {**hub.changes.get("relay", {}), "polling": polling}}
    hub.write_settings()
    os.kill(hub.pid, signal.SIGHUP)


async def says(hub: HubProcess, text: str, times: int = 1) -> None:
    """Wait for a line of the hub's log."""
    async with asyncio.timeout(10):
        while hub.log.count(text) < times:
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("workers", [0, 2])
async def test_new_settings_reach_the_lines_and_no_session_ends(tmp_path: Path, workers: int) -> None:
    async with HubProcess(tmp_path / "hub", {"relay": {"workers": workers}}) as hub:
        modem = SimulatedModem("127.0.0.1", hub.modem_port, IMEI, meter=EchoMeter(IMEI))
        async with modem:
            port = (await hub.modems())[IMEI]["port"]
            reader, first = await asyncio.open_connection("127.0.0.1", port)
            first.write(b"?WHO one\n")
            assert await reader.readline() == f"!WHO {IMEI} one\n".encode()

            await reloads(hub, sharing={"mode": "exclusive"})
            await says(hub, "relay.polling.sharing.mode changed, for 1 modems")
            second_reader, second = await asyncio.open_connection("127.0.0.1", port)
            async with asyncio.timeout(5):
                assert await second_reader.read() == b""  # the line is taken, and programs no longer take turns
            first.write(b"?WHO still\n")
            assert await reader.readline() == f"!WHO {IMEI} still\n".encode()

            await reloads(
                hub, sharing={"mode": "exclusive"}, pools=[{"host": "127.0.0.1", "first": 20000, "last": 20100}]
            )
            await says(hub, "only a restart changes relay.polling.pools")

            (hub.folder / "irzhub.yaml").write_text("relay:\n  modems:\n    port: many\n")
            os.kill(hub.pid, signal.SIGHUP)
            await says(hub, "the settings stay as they are")
            line = next(line for line in hub.log.splitlines() if "the settings stay as they are" in line)
            assert re.search(r"irzhub\.yaml\D{1,8}3\b.* relay\.modems\.port", line), line
            first.write(b"?WHO even now\n")
            assert await reader.readline() == f"!WHO {IMEI} even now\n".encode()
            events = await hub.get("/api/v1/events?limit=100")
            assert [each["type"] for each in events["items"] if each["type"] in ("connected", "disconnected")] == [
                "connected"
            ]
            first.close()
            second.close()
