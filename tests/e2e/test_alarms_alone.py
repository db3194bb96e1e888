"""Broker and database away together: an alarm still leaves by SMS, from one process, also after a kill of it."""

import asyncio
from pathlib import Path
from typing import Any

from irzhub.simulator.gsm_firmware import GsmFirmware
from irzhub.simulator.gsm_modem import GsmModem
from irzhub.simulator.modem import SimulatedModem
from tests.e2e.hub_process import HubProcess
from tests.mariadb import MariaDb
from tests.mosquitto import Mosquitto, needs_mosquitto

IMEI = "868441036775234"
DUTY = "+79211234567"
RULES = """
- id: door
  mode: parallel
  triggers: [{trigger: gpi, input: 1}]
  actions: [{action: notify, target: duty, severity: alarm, text: "дверь {{ trigger.level }}", damp: "off"}]
"""


async def parts(hub: HubProcess, *names: str, state: str) -> None:
    """Wait until these parts of the hub are so."""
    async with asyncio.timeout(60):
        while True:
            told = (await hub.get("/readyz"))["parts"]
            if all(told.get(name, {}).get("state") == state for name in names):
                return
            await asyncio.sleep(0.1)


async def says(phone: GsmModem, text: str) -> None:
    """Wait until the GSM modem was given this text for who is on duty."""
    async with asyncio.timeout(30):
        while (DUTY, text) not in [(each.to, each.text) for each in phone.firmware.texts()]:
            await asyncio.sleep(0.02)


async def sent(hub: HubProcess, count: int) -> list[dict[str, Any]]:
    """Wait until so many messages have left; return all."""
    async with asyncio.timeout(30):
        while True:
            found: list[dict[str, Any]] = (await hub.get("/api/v1/messages"))["items"]
            if len(found) == count and all(each["state"] in ("sent", "delivered") for each in found):
                return found
            await asyncio.sleep(0.1)


@needs_mosquitto
async def test_an_alarm_leaves_without_broker_and_database(tmp_path: Path, own_mariadb: MariaDb) -> None:
    async with Mosquitto(tmp_path) as broker, GsmModem(GsmFirmware(), tmp_path / "usb-modem") as phone:
        settings: dict[str, dict[str, Any]] = {
            "mqtt": {"broker": "external", "port": broker.port},
            "database": {"url": own_mariadb.new_database()},
            "integrations": {"gsm_modem": {"port": str(tmp_path / "usb-modem")}},
            "contacts": {"duty": [{"sms": DUTY}]},
        }
        hub = HubProcess(tmp_path / "hub", settings)
        hub.folder.mkdir()
        (hub.folder / "automations.yaml").write_text(RULES, "utf-8")
        async with hub, SimulatedModem("127.0.0.1", hub.modem_port, IMEI) as modem:
            await parts(hub, "mqtt", "database", "gsm_modem", state="up")
            await modem.wait_for("online")
            await asyncio.sleep(1)  # the first picture of the inputs is no event

            broker.kill()
            own_mariadb.kill()
            await parts(hub, "mqtt", state="down")
            modem.set_pin(1, True)
            await says(phone, "дверь ON")
            await sent(hub, 1)

            hub.kill()
            modem.set_pin(1, False)  # seen when it dials in again
            await hub.start()
            await parts(hub, "mqtt", "database", state="down")
            await says(phone, "дверь OFF")

            events = (await hub.get("/api/v1/events?type=gpi_changed"))["items"]
            assert [each["data"]["level"] for each in events] == ["ON", "OFF"], "the log is complete"
            assert [each["text"] for each in await sent(hub, 2)] == ["дверь OFF", "дверь ON"]
            assert [each.text for each in phone.firmware.texts()] == ["дверь ON", "дверь OFF"], "each once"
