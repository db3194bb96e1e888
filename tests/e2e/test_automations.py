"""Rules in the whole product: a change at a modem becomes a message to another program, over broken files and kills."""

import asyncio
import os
import signal
import time
from pathlib import Path
from typing import Any

from irzhub.simulator.modem import SimulatedModem
from tests.e2e.hub_process import HubProcess
from tests.e2e.test_reload import says
from tests.mosquitto import needs_mosquitto
from tests.mqtt.reader import Reader

IMEI = "868441036775234"
RULES = """
- id: door
  mode: parallel
  triggers: [{trigger: gpi, input: 1}]
  actions: [{action: mqtt, topic: "scada/{{ modem.id }}/door", payload: "{{ trigger.level }}"}]
- id: flood
  triggers: [{trigger: gpi, input: 2, for: 4s}]
  actions: [{action: notify, target: duty, text: "{{ modem.id }} {{ trigger.level }}"}]
- id: pump
  triggers: [{trigger: mqtt, topic: "scada/pump"}]
  actions: [{action: command, command: signal, modem: "868441036775234", wait: true}]
"""


async def runs(hub: HubProcess, rule: str, count: int = 1) -> list[dict[str, Any]]:
    """Wait until a rule has run so often; return its traces, the newest first."""
    async with asyncio.timeout(20):
        while True:
            answer = await hub.get(f"/api/v1/automations/{rule}/traces")
            if len(found := answer["items"]) >= count:
                return list(found)
            await asyncio.sleep(0.1)


def write(hub: HubProcess, rules: str) -> None:
    (hub.folder / "automations.yaml").write_text(rules, "utf-8")


@needs_mosquitto
async def test_rules_outlive_broken_files_and_kills(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path / "hub")
    hub.folder.mkdir()
    write(hub, RULES)
    async with hub:
        modem = SimulatedModem("127.0.0.1", hub.modem_port, IMEI)
        async with modem, Reader(hub.mqtt_port, ("scada/#",)) as reader:
            await hub.get("/api/v1/automations")
            await modem.wait_for("online")
            await asyncio.sleep(1)  # the first picture of the inputs is no event
            modem.set_pin(1, True)
            await reader.message(f"scada/{IMEI}/door", "ON")

            reader.publish("scada/pump", "how is it?")
            (trace,) = await runs(hub, "pump")
            assert trace["result"] == "done"
            assert [step["result"] for step in trace["steps"]] == ["sent", "ok"]

            write(hub, RULES.replace("action: mqtt", "action: mqqt"))
            os.kill(hub.pid, signal.SIGHUP)
            await says(hub, "automations.yaml, line 5: [0].actions[0].action: expected notify")
            modem.set_pin(1, False)
            await reader.message(f"scada/{IMEI}/door", "OFF")

            deadline = time.monotonic() + 10
            while len((await hub.get("/api/v1/automations/door/traces"))["items"]) < 2:
                assert time.monotonic() < deadline, "the second run is not kept"
                await asyncio.sleep(0.1)
            modem.set_pin(2, True)
            await asyncio.sleep(1.5)
            hub.kill()
            await hub.start()
            (trace,) = await runs(hub, "flood")
            assert (trace["result"], trace["steps"][-1]["text"]) == ("done", f"{IMEI} ON")
            assert len((await hub.get("/api/v1/automations/door/traces"))["items"]) == 2
