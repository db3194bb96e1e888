"""A process of its own follows a hub over a real broker: every event once, in order, also those that it missed."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from irzhub.config.settings import MqttSettings
from irzhub.core.bus import Bus
from irzhub.core.clock import SystemClock
from irzhub.core.events import Event, GpiChanged
from irzhub.core.health import Health
from irzhub.core.hub import HubPhaseChanged
from irzhub.core.metrics import Metrics
from irzhub.core.services import MODEM_COMMAND, CommandOutcome, ModemCommand
from irzhub.core.state import StateStore
from irzhub.core.tasks import Tasks
from irzhub.mqtt import follower as follower_module
from irzhub.mqtt.client import Backoff
from irzhub.mqtt.follower import HubFollower
from irzhub.mqtt.wire import Timing
from tests.mosquitto import Mosquitto
from tests.mqtt.hub import IMEI, BridgedHub
from tests.mqtt.reader import Reader


@dataclass
class Place:
    """How far a process has come; a test keeps it over the life of several."""

    position: int = 0

    def advance(self, seq: int) -> None:
        assert seq >= self.position, "it goes forward only"
        self.position = seq


@dataclass
class Process:
    """What a process of its own has: states, a bus, and the follower."""

    port: int
    place: Place
    bus: Bus = field(default_factory=Bus)
    phases: list[str] = field(default_factory=list)
    states: StateStore = field(init=False)
    follower: HubFollower = field(init=False)

    def __post_init__(self) -> None:
        self.states = StateStore(self.bus)
        self.bus.subscribe(HubPhaseChanged, lambda change: self.phases.append(change.phase))
        self.follower = HubFollower(
            MqttSettings(broker="external", host="127.0.0.1", port=self.port),
            *("main", "automation", self.states, self.place, self.bus, SystemClock(), Health(self.bus), Metrics()),
            timing=Timing(ping_after_s=0.5, lost_after_s=2.0, answer_s=3.0),
            backoff=Backoff(first_s=0.05, away_s=0.1, refused_s=0.3),
        )

    async def take(self, count: int) -> list[Event]:
        """Take events as an engine does, one after the other, until there were so many."""
        taken: list[Event] = []
        async with asyncio.timeout(15):
            while len(taken) < count:
                await self.follower.wait()
                for event in await self.follower.take(100):
                    taken.append(event)
                    self.follower.acknowledge(event.seq)
        return taken

    async def until(self, holds: Callable[[], object]) -> None:
        deadline = time.monotonic() + 15
        while not holds():
            assert time.monotonic() < deadline, "it did not come true in time"
            await asyncio.sleep(0.01)


@pytest.fixture
async def hub(broker: Mosquitto, tmp_path: Path) -> AsyncIterator[BridgedHub]:
    async with BridgedHub(tmp_path, port=broker.port, commands=True) as running:
        running.add(name="Котельная 5", link="offline")
        running.online()
        yield running


def toggle(hub: BridgedHub, times: int) -> None:
    for number in range(times):
        hub.switch(1, "OFF" if number % 2 else "ON")


async def test_what_was_missed_is_asked_for_by_number(
    hub: BridgedHub, broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower_module, "_PAGE", 40)
    monkeypatch.setattr(follower_module, "_READY_MOST", 60)
    place = Place()
    toggle(hub, 3)
    await hub.journal.flush()

    process = Process(broker.port, place)
    async with process.follower, Reader(broker.port, ("irzhub/bridge/part/#",)) as reader:
        await process.until(lambda: process.follower.is_level)
        assert process.phases == ["online"]
        assert place.position == 3, "whoever stops here goes on from here"
        await process.until(lambda: IMEI in process.states)
        assert process.states.get(IMEI).name == "Котельная 5"
        toggle(hub, 5)
        seen = await process.take(5)
        assert [event.seq for event in seen] == [4, 5, 6, 7, 8], "it begins with what happens from now on"
        assert isinstance(seen[0], GpiChanged) and seen[0].level == "ON"
        await process.until(lambda: process.states.get(IMEI).gpi.get(1) == "ON")
        await reader.message("irzhub/bridge/part/automation/state", "online")
    assert place.position == 8

    toggle(hub, 100)  # nobody follows now
    await hub.journal.flush()
    process = Process(broker.port, place)
    async with process.follower, Reader(broker.port, ("irzhub/bridge/part/#",)) as reader:
        await process.until(lambda: process.phases == ["online"])
        assert process.follower.is_level is False, "there is more than fits: it comes as events are taken"
        seen = await process.take(100)
        assert [event.seq for event in seen] == list(range(9, 109))
        assert await process.follower.take(1) == []
        assert (process.follower.lost, place.position) == (0, 108)

        broker.kill()
        toggle(hub, 50)  # the broker is away
        await hub.journal.flush()
        await broker.start()
        seen = await process.take(50)
        assert [event.seq for event in seen] == list(range(109, 159))
    async with Reader(broker.port, ("irzhub/bridge/part/#",)) as reader:
        await reader.message("irzhub/bridge/part/automation/state", "offline")


async def test_a_command_reaches_the_hub_and_its_outcome_comes_back(hub: BridgedHub, broker: Mosquitto) -> None:
    taken: list[ModemCommand] = []

    async def run(command: ModemCommand) -> CommandOutcome:
        taken.append(command)
        return CommandOutcome(status="ok", data={"output": 4, "on": True})

    hub.services.register(MODEM_COMMAND, run)
    process, tasks = Process(broker.port, Place()), Tasks("test")
    async with process.follower:
        await process.until(lambda: process.follower.is_level)
        expires_at = SystemClock().now() + timedelta(seconds=20)
        command = ModemCommand(
            modem=IMEI, command="set_output", args={"output": 4, "on": True}, expires_at=expires_at, origin="rule:r"
        )
        outcome = await process.follower.commands.run(command)
    await tasks.close()
    assert outcome == CommandOutcome(status="ok", data={"output": 4, "on": True})
    assert [(each.modem, each.command, each.args) for each in taken] == [(IMEI, "set_output", command.args)]


async def test_alarms_do_not_wait_for_ever_for_a_hub_that_does_not_answer(
    broker: Mosquitto, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follower_module, "_GIVE_UP_S", 0.2)
    monkeypatch.setattr(follower_module, "_ANSWER_S", 0.1)
    process = Process(broker.port, Place(7))
    async with process.follower, Reader(broker.port, ("irzhub/#",)) as reader:
        question = (await reader.message("irzhub/bridge/request/events")).json
        assert question["after_seq"] == 7
        event = {"id": "01KAM3S4K0J8QZ4M6T2B7YV9XE", "seq": 11, "ts": "2026-11-21T18:57:03.120Z", "type": "gpi_changed"}
        data = '{"pin":1,"level":"ON","previous":"OFF","source":"report"}'
        fields = ",".join(f'"{name}":{value!r}'.replace("'", '"') for name, value in event.items())
        reader.publish(f"irzhub/modem/{IMEI}/event", "not JSON")
        reader.publish(f"irzhub/modem/{IMEI}/event", f'{{{fields},"modem":"{IMEI}","data":{data}}}')
        [alarm] = await process.take(1)
    assert (alarm.seq, process.follower.lost) == (11, 3)
