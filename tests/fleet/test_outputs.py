"""Outputs: commanded, then confirmed or stuck, by their feedback or by what is read back."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from irzhub.core.bus import Bus
from irzhub.core.clock import SystemClock
from irzhub.core.event_json import event_data
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.core.state import ModemState, StateStore
from irzhub.fleet.outputs import OutputDesk
from irzhub.journal.journal import Journal
from irzhub.storage.commands import CommandRow
from irzhub.storage.local import LocalStore
from irzhub.storage.outputs import OutputRow, load_outputs

IMEI = "868441036775234"


@dataclass
class Rig:
    desk: OutputDesk
    bus: Bus
    states: StateStore
    journal: Journal
    store: LocalStore

    def switch(self, on: bool, output: int = 4, status: str = "done") -> None:
        """A command that sets an output ended."""
        now = SystemClock().now()
        self.desk.command_done(
            CommandRow(
                id="01K",
                modem=IMEI,
                command="set_output",
                args={"output": output, "on": on},
                origin="test",
                status=status,
                created_at=now,
                expires_at=now,
            )
        )

    def show(self, **changes: Any) -> None:
        self.states.update(IMEI, **changes)

    def state(self, output: int = 4) -> str | None:
        return self.desk.of(IMEI)[output].state

    async def stuck(self) -> list[dict[str, Any]]:
        await self.journal.flush()
        return [event_data(event) for event in await self.journal.read(0, 100)]


@pytest.fixture
async def rig(tmp_path: Path) -> AsyncIterator[Rig]:
    bus, clock, metrics = Bus(), SystemClock(), Metrics()
    states = StateStore(bus)
    async with LocalStore(tmp_path) as store, Journal(store, bus, clock, Health(bus), metrics) as journal:
        desk = OutputDesk(store, states, journal, clock)
        await desk.load(bus)
        states.add(ModemState(modem=IMEI, imei=IMEI, link="online"))
        yield Rig(desk, bus, states, journal, store)
        desk.close()


async def feedback(rig: Rig, **changes: Any) -> None:
    settings: dict[str, Any] = {"name": "Насос", "feedback": 1, "confirm_s": 0.05, **changes}
    await rig.desk.edit(IMEI, {4: OutputRow(IMEI, 4, **settings)})


async def test_the_feedback_confirms(rig: Rig) -> None:
    await feedback(rig)
    rig.show(gpi={1: "OFF"})
    rig.switch(True)
    assert rig.state() == "commanded"

    rig.show(gpi={1: "ON"})
    await asyncio.sleep(0.08)

    assert rig.state() == "confirmed"
    assert await rig.stuck() == []


async def test_an_inverted_feedback_confirms_by_the_other_level(rig: Rig) -> None:
    await feedback(rig, invert=True)

    rig.switch(True)
    rig.show(gpi={1: "OFF"})

    assert rig.state() == "confirmed"


async def test_an_output_that_does_not_follow_is_stuck_and_told_once(rig: Rig) -> None:
    await feedback(rig)
    rig.show(gpi={1: "OFF"}, gpo={4: "ON"})
    rig.switch(True)
    await asyncio.sleep(0.15)

    assert rig.state() == "stuck"
    assert await rig.stuck() == [{"output": 4, "commanded": "ON", "seen": "OFF", "feedback": 1, "name": "Насос"}]
    rig.show(gpi={1: "ON"})
    assert rig.state() == "confirmed"


async def test_a_confirmed_output_whose_feedback_falls_is_stuck(rig: Rig) -> None:
    await feedback(rig)
    rig.switch(True)
    rig.show(gpi={1: "ON"})
    assert rig.state() == "confirmed"

    rig.show(gpi={1: "OFF"})
    await asyncio.sleep(0.15)

    assert rig.state() == "stuck"


async def test_nothing_is_judged_while_the_modem_is_away(rig: Rig) -> None:
    await feedback(rig)
    rig.show(gpi={1: "OFF"})
    rig.switch(True)
    rig.show(link="offline")
    await asyncio.sleep(0.15)
    assert rig.state() == "commanded"

    rig.show(link="online")
    await asyncio.sleep(0.15)

    assert rig.state() == "stuck"


async def test_without_feedback_the_pin_read_back_confirms(rig: Rig) -> None:
    rig.switch(True)
    rig.show(gpo={4: "ON"})

    assert rig.state() == "confirmed"


async def test_an_output_that_nobody_can_read_stays_commanded(rig: Rig) -> None:
    await rig.desk.edit(IMEI, {7: OutputRow(IMEI, 7, confirm_s=0.02)})
    rig.switch(True, output=7)
    await asyncio.sleep(0.06)

    assert rig.state(7) == "commanded"
    assert await rig.stuck() == []


async def test_a_command_that_failed_says_nothing_of_the_output(rig: Rig) -> None:
    rig.switch(True, status="failed")

    assert rig.desk.of(IMEI) == {}


async def test_what_is_known_outlives_the_hub_and_an_edit_and_goes_with_the_modem(rig: Rig) -> None:
    rig.switch(True)
    rig.show(gpo={4: "ON"})
    await feedback(rig)
    await rig.journal.flush()
    again = OutputDesk(rig.store, rig.states, rig.journal, SystemClock())
    await again.load(rig.bus)

    row = again.of(IMEI)[4]
    assert (row.name, row.feedback, row.commanded, row.commanded_at is not None) == ("Насос", 1, "ON", True)
    rig.desk.forget(IMEI)
    await rig.journal.flush()
    await rig.store.write(lambda _: None)
    assert await rig.store.read(load_outputs) == []
