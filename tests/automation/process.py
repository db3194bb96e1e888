"""The automations of one process with a real store and journal; people, modems and the broker are lists."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from irzhub.alerts.messages import Message
from irzhub.automation.journal_feed import JournalFeed
from irzhub.automation.notification_desk import NotificationDesk
from irzhub.automation.part import Automations
from irzhub.automation.recorded import Recorded
from irzhub.automation.surroundings import Surroundings
from irzhub.config.settings import HubSettings, Settings
from irzhub.core.bus import Bus
from irzhub.core.clock import SystemClock
from irzhub.core.events import Event, GpiChanged, Level
from irzhub.core.exceptions import IrzhubError
from irzhub.core.health import Health
from irzhub.core.hub import HubPhaseChanged
from irzhub.core.metrics import Metrics
from irzhub.core.services import Services
from irzhub.core.state import ModemState, StateStore
from irzhub.journal.journal import Journal
from irzhub.storage.local import LocalStore
from tests.automation.rig import MODEM

TELL = """
- id: r
  triggers: [{trigger: gpi, input: 1}]
  actions: [{action: notify, target: duty, text: "{{ modem.name }} {{ trigger.level }}", damp: "off"}]
"""


@dataclass
class People:
    """An outbox that keeps at once; with `is_away` nothing is kept until `come_back`."""

    told: list[Message] = field(default_factory=list)
    is_away: bool = False
    open: list["asyncio.Future[object]"] = field(default_factory=list)

    def tell(self, message: Message) -> Awaitable[object]:
        self.told.append(message)
        kept: asyncio.Future[object] = asyncio.get_running_loop().create_future()
        if self.is_away:
            self.open.append(kept)
        else:
            kept.set_result(None)
        return kept


@dataclass
class OtherPrograms:
    """A broker of which the tests see all."""

    published: list[tuple[str, str, bool]] = field(default_factory=list)
    listeners: dict[str, Callable[[str, str], None]] = field(default_factory=dict)
    is_away: bool = False

    def publish(self, topic: str, payload: str, *, retain: bool) -> None:
        if self.is_away:
            raise IrzhubError("the broker is away")
        self.published.append((topic, payload, retain))

    def listen(self, topic_filter: str, listener: Callable[[str, str], None]) -> Callable[[], None]:
        self.listeners[topic_filter] = listener
        return lambda: self.listeners.pop(topic_filter, None) and None


class Process:
    """Enter it again with the same folder, and it is the same hub after a restart."""

    def __init__(self, folder: Path, rules: str | None = TELL, csq: int | None = None) -> None:
        self.folder = folder
        self.csq = csq
        self.settings = Settings(config_dir=folder / "config", hub=HubSettings(data_dir=folder / "data"))
        if rules is not None:
            self.write(rules)
        self.clock = SystemClock()
        self.bus = Bus()
        self.health = Health(self.bus)
        self.metrics = Metrics()
        self.services = Services()
        self.states = StateStore(self.bus)
        self.store = LocalStore(self.settings.hub.data_dir)
        self.journal = Journal(self.store, self.bus, self.clock, self.health, self.metrics)
        self.feed = JournalFeed(self.journal, self.store, self.bus)
        self.people = People()
        self.broker = OtherPrograms()
        self.notifications = NotificationDesk(self.store, self.clock, self.bus)
        self.automations = Automations(
            Surroundings(
                settings=self.settings,
                store=self.store,
                states=self.states,
                bus=self.bus,
                services=self.services,
                health=self.health,
                metrics=self.metrics,
                clock=self.clock,
                feed=self.feed,
                outbox=self.people,
                broker=self.broker,
                notifications=self.notifications,
                recorded=Recorded(self.journal, None, "main"),
            )
        )
        self.stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            for part in (self.store, self.journal, self.notifications, self.feed, self.automations):
                await stack.enter_async_context(part)
            self.states.add(
                ModemState(modem=MODEM, imei=MODEM, name="Котельная", link="online", group="Север", csq=self.csq)
            )
            self.stack = stack.pop_all()
        self.bus.publish(HubPhaseChanged("starting"))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stack.aclose()

    def write(self, rules: str) -> None:
        self.settings.config_dir.mkdir(exist_ok=True)
        (self.settings.config_dir / "automations.yaml").write_text(rules, "utf-8")

    def gpi(self, level: Level, pin: int = 1) -> None:
        previous: Level = "OFF" if level == "ON" else "ON"
        event: Event = GpiChanged(
            ts=self.clock.now(), modem=MODEM, pin=pin, level=level, previous=previous, source="report"
        )
        self.journal.append(event)

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.people.told]

    async def until(self, holds: Callable[[], Any], within_s: float = 5.0) -> None:
        """Wait until something holds."""
        async with asyncio.timeout(within_s):
            while not holds():
                await asyncio.sleep(0.005)
