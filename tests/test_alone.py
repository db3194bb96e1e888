"""Automations in a process of their own follow a hub over a real broker, and miss nothing while they are away."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from irzhub.alone import AutomationProcess
from irzhub.config.load import load_settings
from irzhub.core.events import SmsReceived
from irzhub.core.services import MODEM_COMMAND, CommandOutcome, Delivery, DeliveryOutcome, ModemCommand, delivery_on
from tests.conftest import ROOT
from tests.mosquitto import PROGRAM, Mosquitto
from tests.mqtt.hub import IMEI, BridgedHub
from tests.mqtt.reader import Reader

RULES = """
- id: door
  triggers: [{trigger: gpi, input: 1, to: "on"}]
  actions:
    - {action: sms, to: "+79211234567", text: "{{ modem.name }}: дверь {{ trigger.event_id }}", damp: "off"}
  mode: parallel
- id: siren
  triggers: [{trigger: mqtt, topic: plant/siren}]
  actions:
    - {action: output, modem: "868441036775234", output: 4, on: true}
    - {action: mqtt, topic: plant/answer, payload: "{{ trigger.json.place }}"}
- id: sms
  triggers: [{trigger: sms, contains: проверка}]
  actions: [{action: sms, to: "+79211234567", text: "жив", damp: "off"}]
"""


@dataclass
class Alone:
    """The process on its own folder; what it would send as SMS is a list."""

    folder: Path
    port: int
    sent: list[Delivery] = field(default_factory=list)
    process: AutomationProcess | None = None

    async def __aenter__(self) -> Self:
        values: dict[str, object] = {
            "hub.data_dir": str(self.folder / "data"),
            "mqtt.port": self.port,
            "alerts.group_after": 1000,  # each message by itself
            "alerts.budgets": {"sms": {"per_recipient": 1000, "per_channel": 1000}},
        }
        settings = await asyncio.to_thread(load_settings, self.folder, {}, values)
        self.process = AutomationProcess(settings)
        self.process.services.register(delivery_on("sms"), self._deliver)
        await self.process.__aenter__()
        await until(lambda: self.process is not None and self.process.follower.is_level)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self.process is not None
        await self.process.__aexit__(kind, error, trace)

    async def _deliver(self, delivery: Delivery) -> DeliveryOutcome:
        self.sent.append(delivery)
        return DeliveryOutcome(status="sent")

    @property
    def texts(self) -> list[str]:
        return [each.text for each in self.sent]


async def until(holds: Callable[[], object], within_s: float = 15.0) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(0.01)


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    if PROGRAM is None:
        pytest.skip("no Mosquitto is installed (apt install mosquitto)")
    async with Mosquitto(tmp_path) as running:
        yield running


@pytest.fixture
async def hub(broker: Mosquitto, tmp_path: Path) -> AsyncIterator[BridgedHub]:
    async with BridgedHub(tmp_path / "hub", port=broker.port, commands=True) as running:
        running.add(name="Котельная 5")
        running.online()
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "rules"
    made.mkdir()
    (made / "automations.yaml").write_text(RULES)
    return made


async def opened(hub: BridgedHub, times: int) -> set[str]:
    """Open the door so often; return the ids of those events."""
    after = hub.journal.last_seq
    for _ in range(times):
        hub.switch(1, "ON")
        hub.switch(1, "OFF")
    await hub.journal.flush()
    found = await hub.journal.read(after, 1000)
    return {event.id for event in found if getattr(event, "level", None) == "ON"}


async def test_what_happens_at_the_hub_is_told_also_after_an_absence(
    hub: BridgedHub, broker: Mosquitto, folder: Path
) -> None:
    await opened(hub, 3)  # before there was anybody to hear
    told: list[str] = []
    async with Alone(folder, broker.port) as alone:
        expected = await opened(hub, 5)
        await until(lambda: len(alone.sent) >= 5)
        told += alone.texts
    expected |= await opened(hub, 40)
    async with Alone(folder, broker.port) as alone:
        await until(lambda: len(alone.sent) >= 40)
        expected |= await opened(hub, 1)
        await until(lambda: len(alone.sent) >= 41)
        told += alone.texts

    assert sorted(told) == sorted(f"Котельная 5: дверь {id_}" for id_ in expected), "each once, none of before"
    assert {each.to for each in alone.sent} == {"+79211234567"}


async def test_commands_and_messages_go_the_other_way(hub: BridgedHub, broker: Mosquitto, folder: Path) -> None:
    taken: list[ModemCommand] = []

    async def run(command: ModemCommand) -> CommandOutcome:
        taken.append(command)
        return CommandOutcome(status="ok")

    hub.services.register(MODEM_COMMAND, run)
    async with Alone(folder, broker.port) as alone, Reader(broker.port, ("plant/answer",)) as reader:
        assert alone.process is not None
        await until(lambda: alone.process and alone.process.follower.outside._session)
        while not reader.messages:
            reader.publish("plant/siren", json.dumps({"place": "Котельная 5"}))
            await asyncio.sleep(0.1)
        assert reader.messages[0].text == "Котельная 5"
        await until(lambda: taken)
        assert (taken[0].modem, taken[0].command, taken[0].args) == (IMEI, "set_output", {"output": 4, "on": True})
        assert alone.process.automations.traces("siren")[0]["result"] == "done"


async def test_an_sms_to_its_own_modem_sets_rules_off(hub: BridgedHub, broker: Mosquitto, folder: Path) -> None:
    async with Alone(folder, broker.port) as alone:
        assert alone.process is not None
        now = alone.process.clock.now()
        alone.process.journal.append(SmsReceived(ts=now, number="+79210000000", text="Проверка"))
        await until(lambda: alone.sent)
        assert alone.texts == ["жив"]
        expected = await opened(hub, 1)
        await until(lambda: len(alone.sent) == 2)
        assert alone.texts[1] == f"Котельная 5: дверь {expected.pop()}"


async def test_the_command_runs_until_it_is_told_to_stop(hub: BridgedHub, broker: Mosquitto, folder: Path) -> None:
    (folder / "irzhub.yaml").write_text(f"mqtt: {{port: {broker.port}}}\nhub: {{language: ru}}\n")
    command = (sys.executable, "-m", "irzhub", "run", "--only", "automation", "--config", str(folder))
    async with Reader(broker.port, ("irzhub/bridge/part/#",)) as reader:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )
        try:
            await reader.message("irzhub/bridge/part/automation/state", "online", 30)
            (folder / "automations.yaml").write_text("- {id: door, triggers: []}\n")
            with (folder / "irzhub.yaml").open("a") as settings:
                settings.write('contacts: {duty: [{sms: "+79211234567"}]}\n')
            os.kill(process.pid, signal.SIGHUP)
            await asyncio.sleep(0.5)
            process.terminate()
            out, _ = await asyncio.wait_for(process.communicate(), 15)
            await reader.message("irzhub/bridge/part/automation/state", "offline")
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
    text = out.decode()
    assert process.returncode == 0, text
    assert "только автоматизации" in text
    assert "automations.yaml, line 1: [0].triggers: expected 1 to 200 triggers, came 0" in text
    assert "settings read again: contacts changed" in text
    assert "stopped" in text
