"""The fleet with a real relay: start, comeback, edits, deletion, drain."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from irzhub.config.settings import HubSettings, ModemsSettings, PollingSettings, PortPool, RelayConfig, Settings
from irzhub.core.bus import Bus
from irzhub.core.clock import SystemClock
from irzhub.core.event_json import event_type
from irzhub.core.events import Event
from irzhub.core.health import Health
from irzhub.core.hub import HubPhaseChanged
from irzhub.core.metrics import Metrics
from irzhub.core.services import TRAFFIC_RECORD, Services, TrafficRecord
from irzhub.core.state import StateStore
from irzhub.fleet.fleet import Fleet
from irzhub.fleet.ground import Ground
from irzhub.journal.journal import Journal
from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import ModemOptions
from irzhub.storage.inputs import InputRow
from irzhub.storage.local import LocalStore

IMEI = "868441036775234"
FIRST = 27100


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a small hub on loopback."""
    return Settings(
        hub=HubSettings(data_dir=tmp_path, start_grace_s=1.0),
        relay=RelayConfig(
            modems=ModemsSettings(host="127.0.0.1", port=0),
            polling=PollingSettings(pools=(PortPool(host="127.0.0.1", first=FIRST, last=FIRST + 50),)),
        ),
    )


@dataclasses.dataclass
class Running:
    """A running fleet, and what it has said on the bus."""

    fleet: Fleet
    ground: Ground
    phases: list[HubPhaseChanged]
    events: list[Event]

    async def until(self, *types: str) -> None:
        """Wait until the events so far are of these types."""
        async with asyncio.timeout(10):
            while [event_type(event) for event in self.events] != list(types):
                await asyncio.sleep(0.01)

    async def online(self) -> None:
        """Wait until the hub trusts its picture."""
        async with asyncio.timeout(10):
            while not self.phases or self.phases[-1].phase != "online":
                await asyncio.sleep(0.01)

    @property
    def modem_port(self) -> int:
        """The port that modems dial."""
        assert self.fleet.modem_port is not None
        return self.fleet.modem_port


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Running]:
    """Run a fleet on the folder of `settings`."""
    bus, clock, metrics = Bus(), SystemClock(), Metrics()
    health = Health(bus)
    async with LocalStore(settings.hub.data_dir) as store, Journal(store, bus, clock, health, metrics) as journal:
        ground = Ground(
            settings=settings, store=store, journal=journal, bus=bus, states=StateStore(bus), services=Services(),
            health=health, metrics=metrics, clock=clock,
        )  # fmt: skip
        phases: list[HubPhaseChanged] = []
        events: list[Event] = []
        bus.subscribe(HubPhaseChanged, phases.append)
        bus.subscribe(Event, events.append)
        async with Fleet(ground) as fleet:
            yield Running(fleet, ground, phases, events)


async def leave_online(settings: Settings) -> None:
    """Run a hub and stop it while its one modem is online."""
    async with running(settings) as hub:
        modem = SimulatedModem("127.0.0.1", hub.modem_port, IMEI, ModemOptions(reconnect_s=None))
        modem.start()
        await hub.until("registered", "connected")
    assert [event_type(event) for event in hub.events] == ["registered", "connected"]
    assert hub.phases[-1].phase == "stopping"
    await modem.stop()


async def test_new_hub_is_online_at_once_and_ready(settings: Settings) -> None:
    async with running(settings) as hub:
        await hub.online()
        async with asyncio.timeout(5):
            while not hub.ground.health.is_ready:
                await asyncio.sleep(0.01)

        assert [phase.phase for phase in hub.phases] == ["starting", "online"]


async def test_modem_registers_and_its_port_answers_after_a_restart_too(settings: Settings) -> None:
    await leave_online(settings)

    async with running(settings) as again:
        async with SimulatedModem("127.0.0.1", again.modem_port, IMEI):
            await again.until("connected")
            reader, writer = await asyncio.open_connection("127.0.0.1", FIRST)
            writer.write(b"?WHO port\n")
            async with asyncio.timeout(5):
                assert await reader.readline() == b"!WHO " + IMEI.encode() + b" port\n"
            writer.close()
            await writer.wait_closed()
            assert again.fleet.address(IMEI, "127.0.0.1") == f"127.0.0.1:{FIRST}"
        await again.online()
        assert again.phases[-1].returned == 1


async def test_modem_that_does_not_return_is_declared_lost_after_the_grace(settings: Settings) -> None:
    await leave_online(settings)

    async with running(settings) as again:
        state = again.ground.states.get(IMEI)
        assert (state.link, state.confirmed) == ("online", False)
        await again.online()

        assert (again.phases[-1].returned, again.phases[-1].missing) == (0, 1)
        await again.until("disconnected")
        assert again.ground.states.get(IMEI).link == "offline"

    async with running(settings) as third:
        await third.online()
        assert third.events == []


async def test_edit_reaches_registry_state_and_inputs(settings: Settings) -> None:
    async with running(settings) as hub, SimulatedModem("127.0.0.1", hub.modem_port, IMEI):
        async with asyncio.timeout(10):
            while not hub.ground.states or not (IMEI in hub.ground.states and hub.ground.states.get(IMEI).gpi):
                await asyncio.sleep(0.01)
        before = hub.ground.states.get(IMEI).gpi[1]

        await hub.fleet.edit(IMEI, name="Котельная", inputs={1: InputRow(IMEI, 1, name="Дверь", invert=True)})

        state = hub.ground.states.get(IMEI)
        assert (state.name, hub.fleet.get(IMEI).name, hub.fleet.inputs(IMEI)[1].name) == ("Котельная",) * 2 + ("Дверь",)
        assert {before, state.gpi[1]} == {"ON", "OFF"}


async def test_deleted_modem_loses_session_port_and_state(settings: Settings) -> None:
    async with running(settings) as hub:
        modem = SimulatedModem("127.0.0.1", hub.modem_port, IMEI)
        modem.start()
        await hub.until("registered", "connected")
        modem.options = dataclasses.replace(modem.options, reconnect_s=None)

        await hub.fleet.delete(IMEI)
        async with asyncio.timeout(5):
            while modem.is_online:
                await asyncio.sleep(0.01)

        assert IMEI not in hub.ground.states
        with pytest.raises(OSError, match="refused"):
            await asyncio.open_connection("127.0.0.1", FIRST)
        await modem.stop()


async def test_flight_recorder_is_offered_as_a_service(settings: Settings) -> None:
    async with running(settings) as hub, SimulatedModem("127.0.0.1", hub.modem_port, IMEI):
        await hub.until("registered", "connected")
        reader, writer = await asyncio.open_connection("127.0.0.1", FIRST)
        writer.write(b"?WHO ring\n")
        async with asyncio.timeout(5):
            await reader.readline()
        writer.close()
        await writer.wait_closed()

        entries = await hub.ground.services.call(TRAFFIC_RECORD, TrafficRecord(modem=IMEI))

        assert any(b"?WHO ring" in data for _, _, data in entries)
