"""A clock that is turned by hand, a directory in memory, and channels that note what they are given."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from irzhub.alerts.budgets import Budget, Budgets
from irzhub.alerts.messages import Message, Recipient
from irzhub.alerts.outbox import Outbox
from irzhub.alerts.outbox_book import Tuning
from irzhub.alerts.outbox_flow import OutboxFlow
from irzhub.alerts.outbox_ports import Incidents, NoIncidents, Reached
from irzhub.core.bus import Bus
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.core.services import Delivery, DeliveryOutcome, Services, delivery_on
from irzhub.storage.local import LocalStore
from irzhub.storage.outbox import OutboxRow
from tests.alerts.turned_clock import TurnedClock

NOW: Final = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MOSCOW: Final = ZoneInfo("Europe/Moscow")
MODEM: Final = "868441036775234"
DUTY: Final = Recipient("sms", "+79211234567", "дежурный")
DUTY_MAIL: Final = Recipient("email", "duty@example.ru", "дежурный")


@dataclass
class HandClock(TurnedClock):
    """Stands at `NOW` until it is turned."""

    moment: datetime = NOW


@dataclass
class Book:
    """A directory of which every answer is set by hand."""

    targets: dict[str, tuple[Recipient, ...]] = field(default_factory=lambda: {"duty": (DUTY,)})
    ladders: frozenset[str] = frozenset()
    quiet_until: datetime | None = None
    next_way: dict[Recipient, Recipient] = field(default_factory=lambda: {DUTY: DUTY_MAIL})
    reports: Sequence[Recipient] = (Recipient("email", "chief@example.ru"),)

    def reach(self, message: Message, now: datetime) -> Reached:
        found = [each for name in message.targets for each in self.targets.get(name, ())]
        unknown = tuple(name for name in message.targets if name not in self.targets and name not in self.ladders)
        ladders = tuple(name for name in message.targets if name in self.ladders)
        return Reached(tuple(dict.fromkeys([*found, *message.recipients])), ladders, unknown)

    def held_until(self, recipient: Recipient, severity: str, now: datetime) -> datetime | None:
        if severity == "alarm" or self.quiet_until is None or self.quiet_until <= now:
            return None
        return self.quiet_until

    def language(self, contact: str) -> str:
        return "ru"

    def fallback(self, recipient: Recipient) -> Recipient | None:
        return self.next_way.get(recipient)

    def report_to(self, now: datetime) -> Sequence[Recipient]:
        return self.reports


@dataclass
class Cases:
    """Incidents in memory: `root` says which names the cause of which."""

    root: dict[int, int] = field(default_factory=dict)
    closed: set[int] = field(default_factory=set)
    acknowledged: dict[int, str] = field(default_factory=dict)
    silenced: set[int] = field(default_factory=set)

    def root_of(self, incident: int) -> int:
        return self.root.get(incident, incident)

    def is_open(self, incident: int) -> bool:
        return incident not in self.closed

    def is_acknowledged(self, incident: int) -> bool:
        return incident in self.acknowledged

    def is_silenced(self, incident: int) -> bool:
        return incident in self.silenced


@dataclass
class Channel:
    """Takes deliveries and answers each with the next of `outcomes`, then with `sent`."""

    outcomes: list[DeliveryOutcome] = field(default_factory=list)
    taken: list[Delivery] = field(default_factory=list)
    before: Callable[[Delivery], Awaitable[None]] | None = None

    async def __call__(self, delivery: Delivery) -> DeliveryOutcome:
        self.taken.append(delivery)
        if self.before is not None:
            await self.before(delivery)
        return self.outcomes.pop(0) if self.outcomes else DeliveryOutcome(status="sent")

    @property
    def texts(self) -> list[str]:
        return [each.text for each in self.taken]


def message(number: int = 1, **changes: Any) -> Message:
    """Return a message about the event `number`."""
    values: dict[str, Any] = {
        "rule": "lost",
        "subject": MODEM,
        "event_id": f"01E{number:023d}",
        "ts": NOW,
        "text": f"Котельная {number}: нет связи",
        "modem": MODEM,
        "targets": ("duty",),
    }
    return Message(**{**values, **changes})


def new_book(
    directory: Book | None = None,
    incidents: Incidents | None = None,
    limits: Mapping[str, Budget] | None = None,
    **tuning: Any,
) -> OutboxFlow:
    """Return an empty book."""
    budgets = Budgets(limits or {}, MOSCOW)
    return OutboxFlow(Tuning(**tuning), directory or Book(), incidents or NoIncidents(), budgets)


def tell(book: OutboxFlow, told: Message, now: datetime) -> list[OutboxRow]:
    """Have a book take a message; return its rows."""
    known: set[str] = {key for key, _ in book.take_changes().told}
    reached = book.directory.reach(told, now)
    result = book.accept(told, reached.recipients, known.__contains__, now)
    return [book.rows[id_] for id_ in result.ids]


def depart(book: OutboxFlow, now: datetime, channel: str = "sms", status: Any = "sent", **how: Any) -> OutboxRow | None:
    """Let the next message of a channel leave; it ends with `status`."""
    row = book.take(channel, now)
    if row is not None:
        book.finish(row, DeliveryOutcome(status=status, **how), now)
    return row


@dataclass
class Rig:
    """An outbox on a real store."""

    outbox: Outbox
    store: LocalStore
    services: Services
    clock: HandClock
    directory: Book
    metrics: Metrics
    health: Health

    def offer(self, name: Any, channel: Channel | None = None) -> Channel:
        """Offer a channel."""
        made = channel or Channel()
        self.services.register(delivery_on(name), made)
        self.outbox.wake()
        return made


@asynccontextmanager
async def rig(
    path: Path,
    clock: HandClock | None = None,
    directory: Book | None = None,
    limits: Mapping[str, Budget] | None = None,
    incidents: Incidents | None = None,
    **tuning: Any,
) -> AsyncIterator[Rig]:
    """Run an outbox over the store in `path`."""
    health, metrics, services = Health(Bus()), Metrics(), Services()
    clock, directory = clock or HandClock(), directory or Book()
    book = new_book(directory, incidents, limits, **tuning)
    async with LocalStore(path) as store, Outbox(book, store, services, clock, health, metrics) as outbox:
        yield Rig(outbox, store, services, clock, directory, metrics, health)
