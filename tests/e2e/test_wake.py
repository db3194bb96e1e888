"""A polling program that knows nothing of modems reads a meter behind one that sleeps, through the whole product.

The hub has a GSM modem on a terminal; what that dials and sends reaches simulated modems by their numbers.
"""

import asyncio
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from irzhub.simulator.cellular import Cellular
from irzhub.simulator.gsm_firmware import GsmFirmware
from irzhub.simulator.gsm_modem import GsmModem
from irzhub.simulator.gsm_pdu import read_submit
from irzhub.simulator.meters import EchoMeter
from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import ModemOptions
from tests.e2e.hub_process import HubProcess
from tests.e2e.test_bulk_commands import call
from tests.e2e.test_sms import ready

IMEI, DEAF, OFF = "868441036775234", "868441036775242", "868441036775259"
FIRST, SECOND, OTHER = "+79210000001", "+79210000002", "+79210000003"
QUESTION = b"?WHO is asked\n"
PROGRAM_TIMEOUT_S = 30.0
WORDS = {"busy": "BUSY", "unreachable": "NO CARRIER", "no_answer": "rings"}


@dataclass
class NetworkedFirmware(GsmFirmware):
    """A module whose calls and SMS arrive somewhere."""

    network: Cellular = field(default_factory=Cellular)

    def _dial(self, number: str) -> str:
        self.answer_of_call = WORDS[self.network.call(number)]
        return super()._dial(number)

    def _sent(self, pdu: str) -> str:
        read = read_submit(pdu)
        self.network.send(read.to, read.text)
        return super()._sent(pdu)


async def read_meter(port: int) -> bytes:
    """Ask as any polling program does: connect, ask, wait for the answer as long as its own time-out says."""
    async with asyncio.timeout(PROGRAM_TIMEOUT_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(QUESTION)
        answer = await reader.readline()
        writer.close()
        return answer


def sleepers(hub: HubProcess) -> dict[str, SimulatedModem]:
    """One that a call wakes, and one that hears SMS only and knows no other server than the one in the SMS."""
    traits = ModemOptions(sleeps=True, wake_s=(0.2, 0.5), tells_cause=True, awake_s=60.0)
    deaf = ModemOptions(sleeps=True, wake_s=(0.2, 0.5), wakes_on=frozenset({"sms"}))
    return {
        IMEI: SimulatedModem("127.0.0.1", hub.modem_port, IMEI, traits, meter=EchoMeter(IMEI)),
        DEAF: SimulatedModem("127.0.0.1", 1, DEAF, deaf, meter=EchoMeter(DEAF)),
    }


async def test_a_program_reads_a_meter_behind_a_modem_that_sleeps(tmp_path: Path) -> None:
    network = Cellular()
    wake = {"after_call": "2s", "after_sms": "2s", "hold": "60s"}
    hub = HubProcess(
        tmp_path / "hub",
        {
            "relay": {"polling": {"offline": "wake", "wake": wake}, "workers": 1},
            "integrations": {"gsm_modem": {"port": str(tmp_path / "usb-modem"), "allow": ["+7921"]}},
        },
    )
    hub.changes["wake"] = {"address": f"127.0.0.1:{hub.modem_port}", "ring": "3s"}
    modems = sleepers(hub)
    network.subscribers = {FIRST: modems[IMEI], SECOND: modems[DEAF]}
    async with GsmModem(NetworkedFirmware(network=network), tmp_path / "usb-modem"), hub:
        ports: dict[str, int] = {}
        for imei, number in ((IMEI, FIRST), (DEAF, SECOND), (OFF, OTHER)):
            ports[imei] = (await call(hub, "POST", "/api/v1/modems", {"imei": imei, "phone_sim1": number}))["port"]
        for modem in modems.values():
            modem.start()
        await ready(hub)
        try:
            await read_all(hub, ports, network)
        finally:
            for modem in modems.values():
                await modem.stop()


async def read_all(hub: HubProcess, ports: dict[str, int], network: Cellular) -> None:
    began = time.monotonic()
    called, written, given_up = await asyncio.gather(*(read_meter(ports[imei]) for imei in (IMEI, DEAF, OFF)))

    assert called == f"!WHO {IMEI} is asked\n".encode()
    assert written == f"!WHO {DEAF} is asked\n".encode()
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
    assert states[OFF]["last"]["steps"][0]["error"] == "the network says NO CARRIER"
    told = [event["type"] for event in (await hub.get(f"/api/v1/events?modem={IMEI}&limit=20"))["items"]]
    assert [kind for kind in told if kind.startswith("wake")] == ["wake_started", "wake_succeeded"]


def _end(state: dict[str, Any]) -> tuple[Any, ...]:
    last = state["last"]
    return last["status"], last["by"], last["calls"], last["sms"]
