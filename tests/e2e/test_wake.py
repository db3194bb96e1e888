"""A polling program that knows nothing of modems reads a meter behind one that sleeps, through the whole product."""

import asyncio
import json
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from irzhub.simulator.cellular import Cellular
from irzhub.simulator.meters import EchoMeter
from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import ModemOptions
from tests.e2e.hub_process import HubProcess
from tests.e2e.test_bulk_commands import call

IMEI, DEAF, OFF = "868441036775234", "868441036775242", "868441036775259"
FIRST, SECOND, OTHER = "+79210000001", "+79210000002", "+79210000003"
QUESTION = b"?WHO is asked\n"
PROGRAM_TIMEOUT_S = 15.0


@asynccontextmanager
async def listening(network: Cellular) -> AsyncIterator[int]:
    """Carry what the hub's GSM side asks for into the simulated network."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wish = json.loads(await reader.readline())
        how = network.call(wish["call"]) if "call" in wish else str(network.send(wish["sms"], wish["text"]))
        writer.write(f"{how}\n".encode())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def read_meter(port: int) -> bytes:
    """Ask as any polling program does: connect, ask, wait for the answer as long as its own time-out says."""
    async with asyncio.timeout(PROGRAM_TIMEOUT_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(QUESTION)
        answer = await reader.readline()
        writer.close()
        return answer


async def test_a_program_reads_a_meter_behind_a_modem_that_sleeps(tmp_path: Path) -> None:
    folder, network = tmp_path / "hub", Cellular()
    shutil.copytree(Path(__file__).parent / "cellular_line", folder / "integrations" / "cellular_line")
    async with listening(network) as phone_port:
        hub = HubProcess(
            folder,
            {
                "relay": {
                    "polling": {"offline": "wake", "wake": {"after_call": "2s", "after_sms": "2s", "hold": "30s"}},
                    "workers": 1,
                },
                "integrations": {"cellular_line": {"port": phone_port}},
            },
        )
        hub.changes["wake"] = {"address": f"127.0.0.1:{hub.modem_port}"}
        traits = ModemOptions(sleeps=True, wake_s=(0.2, 0.5), tells_cause=True, awake_s=30.0)
        deaf = ModemOptions(sleeps=True, wake_s=(0.2, 0.5), wakes_on=frozenset({"sms"}))
        sleepers = {
            IMEI: SimulatedModem("127.0.0.1", hub.modem_port, IMEI, traits, meter=EchoMeter(IMEI)),
            DEAF: SimulatedModem("127.0.0.1", 1, DEAF, deaf, meter=EchoMeter(DEAF)),
        }
        network.subscribers = {FIRST: sleepers[IMEI], SECOND: sleepers[DEAF]}
        async with hub:
            ports: dict[str, int] = {}
            for imei, number in ((IMEI, FIRST), (DEAF, SECOND), (OFF, OTHER)):
                made = await call(hub, "POST", "/api/v1/modems", {"imei": imei, "phone_sim1": number})
                ports[imei] = made["port"]
            for modem in sleepers.values():
                modem.start()
            try:
                await _read_all(hub, ports, network)
            finally:
                for modem in sleepers.values():
                    await modem.stop()


async def _read_all(hub: HubProcess, ports: dict[str, int], network: Cellular) -> None:
    began = time.monotonic()
    called, written, given_up = await asyncio.gather(*(read_meter(ports[imei]) for imei in (IMEI, DEAF, OFF)))

    assert called == f"!WHO {IMEI} is asked\n".encode()
    assert written == f"!WHO {DEAF} is asked\n".encode()  # it hears no calls, and knows the hub from the SMS alone
    assert given_up == b""  # nobody can reach it: the program learns that before its own time-out
    assert time.monotonic() - began < PROGRAM_TIMEOUT_S
    assert sorted(network.log) == sorted(
        [f"call {FIRST}", f"call {SECOND}", f"sms {SECOND}", f"call {OTHER}", f"sms {OTHER}"]
    )
    for _ in range(2):  # while it is awake nobody is called again
        assert await read_meter(ports[IMEI]) == called
    assert network.log.count(f"call {FIRST}") == 1

    states = {imei: await hub.get(f"/api/v1/modems/{imei}/wake") for imei in ports}
    assert [_end(states[imei]) for imei in (IMEI, DEAF, OFF)] == [
        ("online", "call", 1, 0),
        ("online", "sms", 1, 1),
        ("failed", None, 1, 1),
    ]
    told = [event["type"] for event in (await hub.get(f"/api/v1/events?modem={IMEI}&limit=20"))["items"]]
    assert [kind for kind in told if kind.startswith("wake")] == ["wake_started", "wake_succeeded"]


def _end(state: dict[str, Any]) -> tuple[Any, ...]:
    last = state["last"]
    return last["status"], last["by"], last["calls"], last["sms"]
