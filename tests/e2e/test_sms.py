"""SMS through the running product: REST to a modem on a terminal and back to MQTT, kill -9 in between."""

import asyncio
import json
import urllib.request
from pathlib import Path
from typing import Any

from irzhub.simulator.gsm_firmware import GsmFirmware
from irzhub.simulator.gsm_modem import GsmModem
from irzhub.simulator.gsm_pdu import build_delivers
from tests.e2e.hub_process import HubProcess
from tests.e2e.subscriber import Subscriber
from tests.integrations.gsm_modem.oracles import by_gsmmodem, by_smspdudecoder

TO = "+79211234567"
TEXT = "Котельная 5: дверь открыта 🚨 " * 4


async def sends(hub: HubProcess, text: str) -> dict[str, Any]:
    """Send an SMS over REST, as a program with a token."""
    await hub.get("/api/v1/gsm_modems")
    request = urllib.request.Request(
        f"http://127.0.0.1:{hub.web_port}/api/v1/sms",
        data=json.dumps({"to": TO, "text": text, "urgency": "now"}).encode(),
        headers={"Authorization": f"Bearer {hub._token}", "Content-Type": "application/json"},
    )

    def read() -> dict[str, Any]:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return dict(json.loads(answer.read()))

    return await asyncio.to_thread(read)


async def stands(hub: HubProcess, order: dict[str, Any], *statuses: str) -> dict[str, Any]:
    """Wait until the order stands so."""
    async with asyncio.timeout(20):
        while (told := await hub.get(f"/api/v1/sms/{order['id']}"))["status"] not in statuses:
            await asyncio.sleep(0.1)
    return dict(told)


async def ready(hub: HubProcess) -> None:
    """Wait until the GSM modem of the hub is."""
    async with asyncio.timeout(20):
        while not (told := (await hub.get("/api/v1/gsm_modems"))["items"]) or told[0]["state"] != "ready":
            await asyncio.sleep(0.1)


async def test_sms_go_out_and_come_in(tmp_path: Path) -> None:
    settings = {"integrations": {"gsm_modem": {"port": str(tmp_path / "usb-modem"), "allow": ["+7"]}}}
    async with (
        GsmModem(GsmFirmware(), tmp_path / "usb-modem") as modem,
        HubProcess(tmp_path / "hub", settings) as hub,
    ):
        with Subscriber(hub.mqtt_port) as reader:
            await ready(hub)
            told = await stands(hub, await sends(hub, TEXT), "delivered")
            assert (told["to"], told["by"], told["attempts"]) == (TO, "main", 1)
            for oracle in (by_gsmmodem, by_smspdudecoder):
                read = [oracle(pdu) for pdu in modem.firmware.submitted]
                assert {each.number for each in read} == {TO}
                whole = "".join(each.text for each in read)
                assert whole.encode("utf-16-be", "surrogatepass").decode("utf-16-be") == TEXT

            for pdu, length in reversed(build_delivers(TO, f"OK 17 {TEXT}", 3)):
                modem.firmware.deliver_pdu(pdu, length)
            modem.firmware.ring("+79210000009")
            await asyncio.to_thread(
                reader.wait, lambda seen: bool(seen.events("sms_received") and seen.events("call_received"))
            )
            (came,) = reader.events("sms_received")
            assert came["data"] == {"number": TO, "text": f"OK 17 {TEXT}", "by": "main"}
            (rang,) = reader.events("call_received")
            assert rang["data"] == {"number": "+79210000009", "by": "main"}

        # Killed behind the text: what may have left waits, is marked as a possible repeat, and is not lost.
        modem.firmware.expect("text", None)
        order = await sends(hub, "Затопление")
        async with asyncio.timeout(10):
            while len(modem.firmware.submitted) < 6 and modem.firmware.texts()[-1].text != "Затопление":
                await asyncio.sleep(0.02)
        hub.kill()
        await hub.start()
        told = await hub.get(f"/api/v1/sms/{order['id']}")
        assert (told["status"], told["may_repeat"]) == ("queued", True)
