"""What automations stand on, in a hub and in a process of their own."""

from dataclasses import dataclass
from typing import Any, Self

from irzhub.automation.notification_desk import NotificationDesk
from irzhub.automation.ports import Broker, Feed, Incidents, Outbox, People
from irzhub.automation.recorded import Recorded
from irzhub.config.settings import Settings
from irzhub.core.bus import Bus
from irzhub.core.clock import Clock
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.core.services import Services
from irzhub.core.state import StateStore
from irzhub.fleet.ground import Ground
from irzhub.storage.local import LocalStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What automations need of their process.

    Args:
        feed: events in order. outbox: takes messages for people.
        broker: of other programs' messages. incidents: what is open. notifications: settings that become rules.
        recorded: events of the past, for dry runs. directory: calendars for conditions, names for dry runs.
    """

    settings: Settings
    store: LocalStore
    states: StateStore
    bus: Bus
    services: Services
    health: Health
    metrics: Metrics
    clock: Clock
    feed: Feed
    outbox: Outbox
    broker: Broker | None = None
    incidents: Incidents | None = None
    notifications: NotificationDesk | None = None
    recorded: Recorded | None = None
    directory: People | None = None

    @classmethod
    def of(cls, ground: Ground, **more: Any) -> Self:
        """Return them for a hub, of what stands under all its parts; `more` is the rest by name."""
        names = ("settings", "store", "states", "bus", "services", "health", "metrics", "clock")
        return cls(**{name: getattr(ground, name) for name in names}, **more)
