"""Incidents on a real disk and journal, with a clock that is turned by hand; what was told is a list."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from irzhub.alerts.incident_words import Words
from irzhub.alerts.incidents import Incidents
from irzhub.config.settings import AlertSettings, CommonCause
from irzhub.core.alerts import AlertShown
from irzhub.core.bus import Bus
from irzhub.core.events import Event, GpiChanged, Level
from irzhub.core.health import Health
from irzhub.core.hub import HubPhaseChanged
from irzhub.core.metrics import Metrics
from irzhub.core.state import ModemState, StateStore
from irzhub.journal.journal import Journal
from irzhub.storage.inputs import InputRow
from irzhub.storage.local import LocalStore
from tests.alerts.turned_clock import TurnedClock

NOW: Final = datetime(2026, 11, 23, 2, 14, 3, tzinfo=UTC)
MODEM: Final = "868441036775234"
OTHER: Final = "868441036775242"
ALARM: Final = ("alert_opened", "alert_changed", "alert_closed")
SETTINGS: Final = AlertSettings(common_cause=CommonCause(modems=10))


def later(seconds: float) -> datetime:
    """The moment so many seconds behind NOW."""
    return NOW + timedelta(seconds=seconds)


def number_of(index: int) -> str:
    """The modem of that index in a fleet."""
    return f"8684410{index:08d}"


def online(modem: str = MODEM, **fields: Any) -> ModemState:
    """A modem that is connected."""
    return ModemState(modem=modem, imei=modem, link="online", **({"last_seen": NOW} | fields))


def door(level: Level = "ON", *, at: datetime = NOW, modem: str = MODEM, pin: int = 1) -> GpiChanged:
    """A door that opens (`ON` is no normal level here) or closes."""
    previous: Level = "OFF" if level == "ON" else "ON"
    return GpiChanged(
        ts=at, modem=modem, pin=pin, level=level, previous=previous, source="report", name="дверь",
        alarm=level == "ON",
    )  # fmt: skip


@dataclass
class HandClock(TurnedClock):
    """Stands at `NOW` until it is turned."""

    moment: datetime = NOW


@dataclass
class Rig:
    """A hub's worth of parts around the incidents."""

    clock: HandClock
    bus: Bus
    states: StateStore
    health: Health
    store: LocalStore
    journal: Journal
    incidents: Incidents
    waiting: list[str]
    inputs: dict[str, dict[int, InputRow]]
    told: list[Event] = field(default_factory=list)
    shown: dict[int, Any] = field(default_factory=dict)

    def happens(self, event: Event) -> None:
        """Have an event journaled; it is taken when it is committed."""
        self.journal.append(event)

    async def settle(self) -> None:
        """Wait until all that follows from what happened is on the disk."""
        position = -1
        while position != self.journal.last_seq:
            position = self.journal.last_seq
            await self.journal.flush()
        await self.store.write(lambda _connection: None)

    async def pass_time(self, seconds: float, step_s: float = 5.0) -> None:
        """Let time pass with a look in each step."""
        await self.settle()
        until = self.clock.moment + timedelta(seconds=seconds)
        while self.clock.moment < until:
            self.clock.turn(min(step_s, (until - self.clock.moment).total_seconds()))
            self.incidents.look()
        await self.settle()

    def known(self, *states: ModemState) -> None:
        """Have modems in the fleet."""
        for state in states:
            self.states.add(state)

    def link(self, modem: str, link: str) -> None:
        """A modem's link is another now."""
        self.states.update(modem, link=link)

    def lines(self) -> list[str]:
        """What was told of incidents, each in a line."""
        return [_line(event) for event in self.told]


def _line(event: Event) -> str:
    words = {name: getattr(event, name, "") for name in ("alert", "kind", "change", "count")}
    last = words["change"] or words["count"]
    return " ".join(str(part) for part in (event.type, words["alert"], words["kind"], last) if part != "")


@asynccontextmanager
async def rig(folder: Path, settings: AlertSettings = SETTINGS, clock: HandClock | None = None) -> AsyncIterator[Rig]:
    """Make the parts, as a hub that is up; entered twice on one folder it is a restart."""
    clock, bus = clock or HandClock(), Bus()
    states, health, waiting = StateStore(bus), Health(bus), list[str]()
    inputs: dict[str, dict[int, InputRow]] = {}
    async with (
        LocalStore(folder) as store,
        Journal(store, bus, clock, health, Metrics()) as journal,
    ):
        words = Words("ru", lambda modem: (states.get(modem).name or modem) if modem in states else modem)
        incidents = Incidents(
            settings, store, journal, states, bus, clock, health, words, lambda: waiting,
            lambda modem: inputs.get(modem) or {pin: InputRow(modem, pin, normal="OFF") for pin in range(1, 6)},
        )  # fmt: skip
        made = Rig(clock, bus, states, health, store, journal, incidents, waiting, inputs)
        bus.subscribe(Event, lambda event: made.told.append(event) if event.type in ALARM else None)
        bus.subscribe(AlertShown, lambda shown: made.shown.update({shown.number: shown.shown}))
        await incidents.begin()
        try:
            yield made
        finally:
            incidents.end()
            await made.settle()


async def come_up(made: Rig) -> None:
    """The fleet is known and the hub's word on it can be trusted."""
    made.bus.publish(HubPhaseChanged("online"))
    await made.incidents.catch_up()


def each_second(start: float, stop: float) -> Iterator[datetime]:
    """Moments a second apart."""
    for second in range(int(start), int(stop)):
        yield later(second)
