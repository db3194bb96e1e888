"""The alerts as one part of the hub: from an event to what is told, over restarts, with the uplink in view."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from irzhub.alerts.messages import Message
from irzhub.alerts.outbox_book import Told
from irzhub.alerts.part import Alerts
from irzhub.config.settings import AlertSettings, HubSettings, Settings
from irzhub.core.bus import Bus
from irzhub.core.clock import SystemClock
from irzhub.core.events import Event
from irzhub.core.health import Health
from irzhub.core.hub import HubPhaseChanged
from irzhub.core.metrics import Metrics
from irzhub.core.services import Services
from irzhub.core.state import StateStore
from irzhub.journal.journal import Journal
from irzhub.storage.history import HistoryStore
from irzhub.storage.inputs import InputRow
from irzhub.storage.local import LocalStore
from tests.alerts.incident_rig import MODEM, NOW, door, online
from tests.web.routes.whole_hub import WholeHub


@dataclass
class Part:
    """The part, and what came of it."""

    alerts: Alerts
    journal: Journal
    bus: Bus
    events: list[str] = field(default_factory=list)
    told: list[Message] = field(default_factory=list)


async def until(claim: object, within_s: float = 15.0) -> None:
    """Wait until a claim holds."""
    await WholeHub.until(None, claim, within_s)  # type: ignore[arg-type]  # it asks nothing of a hub


@asynccontextmanager
async def part_on(folder: Path, **alerts: object) -> AsyncIterator[Part]:
    clock, bus = SystemClock(), Bus()
    states, health, metrics = StateStore(bus), Health(bus), Metrics()
    settings = Settings(
        hub=HubSettings(data_dir=folder),
        alerts=AlertSettings(hold_s=0.0, **alerts),  # type: ignore[arg-type]
    )
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(LocalStore(folder))
        history = await stack.enter_async_context(HistoryStore("sqlite:///history.db", folder, "main"))
        journal = await stack.enter_async_context(Journal(store, bus, clock, health, metrics))
        part = Alerts(
            settings, store, history, journal, states, bus, clock, health, newcomers=tuple,
            inputs=lambda modem: {1: InputRow(modem, 1, normal="OFF")}, services=Services(), metrics=metrics,
        )  # fmt: skip
        made = Part(part, journal, bus)
        bus.subscribe(Event, lambda event: made.events.append(event.type))
        await stack.enter_async_context(part)
        tell = part.outbox.tell

        def noted(message: Message) -> asyncio.Future[Told]:
            made.told.append(message)
            return tell(message)

        part.outbox.tell = noted  # type: ignore[method-assign]
        states.add(online(name="ТП-1187"))
        bus.publish(HubPhaseChanged("online"))
        yield made


async def test_an_event_becomes_an_incident_and_its_end_is_paired(tmp_path: Path) -> None:
    async with part_on(tmp_path, tell=("duty",)) as part:
        part.journal.append(door(at=SystemClock().now()))
        await until(lambda: "alert_opened" in part.events)
        part.journal.append(door("OFF", at=SystemClock().now()))
        await until(lambda: "alert_closed" in part.events)

        assert [(each.incident, each.closes, each.targets) for each in part.told] == [
            (1, False, ("duty",)),
            (1, True, ("duty",)),
        ]
        assert part.told[0].text == "ТП-1187: дверь" and part.told[1].text.startswith("Закончилось, длилось")


async def test_what_was_open_is_open_after_a_restart(tmp_path: Path) -> None:
    async with part_on(tmp_path) as part:
        part.journal.append(door(at=SystemClock().now()))
        await until(lambda: "alert_opened" in part.events)
    async with part_on(tmp_path) as part:
        assert [row.number for row in part.alerts.incidents] == [1]
        shift = await part.alerts.room.shift.entries(since=None, before=None, limit=10)

        assert [entry.kind for entry in shift] == ["opened"]


async def test_one_look_that_fails_does_not_end_the_watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("irzhub.alerts.part._LOOK_S", 0.01)
    async with part_on(tmp_path) as part:
        looks: list[datetime] = []

        def look() -> None:
            looks.append(NOW)
            raise ValueError("a row that cannot be")

        monkeypatch.setattr(part.alerts.incidents, "look", look)
        await until(lambda: len(looks) > 2)

        assert part.alerts.incidents.incident_for(door(modem=MODEM)) is None
