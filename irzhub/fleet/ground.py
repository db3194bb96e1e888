"""What the fleet stands on: the parts of the hub that were there before it."""

from dataclasses import dataclass

from irzhub.config.settings import Settings
from irzhub.core.bus import Bus
from irzhub.core.clock import Clock
from irzhub.core.handover import Handover
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.core.services import Services
from irzhub.core.state import StateStore
from irzhub.journal.journal import Journal
from irzhub.outbound.client import Outbound
from irzhub.storage.local import LocalStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Those parts, by name."""

    settings: Settings
    store: LocalStore
    journal: Journal
    bus: Bus
    states: StateStore
    services: Services
    health: Health
    metrics: Metrics
    clock: Clock
    handover: Handover | None = None
    outbound: Outbound | None = None
