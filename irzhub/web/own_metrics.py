"""The metrics that the web itself can tell: the fleet by state, the loop's lag, the build."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, get_args

from irzhub.const import VERSION
from irzhub.core.bus import Bus, Unsubscribe
from irzhub.core.clock import Clock
from irzhub.core.events import GpiChanged
from irzhub.core.metrics import Metrics
from irzhub.core.state import Link, StateStore
from irzhub.web.ports import Registry

_PROBE_S: Final = 0.25
_KEPT: Final = 60


@dataclass(slots=True)
class LoopLag:
    """How late the event loop is: the worst of the last 15 s."""

    clock: Clock
    _seen_s: "deque[float]" = field(default_factory=lambda: deque(maxlen=_KEPT))

    @property
    def worst_s(self) -> float:
        """The worst lag of the last 15 s, in seconds."""
        return max(self._seen_s, default=0.0)

    async def keep_measuring(self) -> None:
        """Measure for ever, four times a second."""
        while True:
            due = self.clock.monotonic() + _PROBE_S
            await asyncio.sleep(_PROBE_S)
            self._seen_s.append(max(0.0, self.clock.monotonic() - due))


def offer_metrics(metrics: Metrics, states: StateStore, registry: Registry, lag: LoopLag, bus: Bus) -> Unsubscribe:
    """Register what is read when somebody scrapes, and count inputs' changes until the returned function is called."""
    changes = metrics.counter("gpi_events_total", "Changes of inputs that were told")
    changes.add(0)
    metrics.gauge("build_info", "The version that runs", "version").set(1, VERSION)
    metrics.gauge("modems", "Modems by state", "state").source = count_modems(states, registry)
    metrics.gauge("relay_clients", "Polling programs connected").source = lambda: {
        (): float(sum(state.clients for state in states))
    }
    metrics.gauge("loop_lag_seconds", "Worst lag of the event loop in the last 15 s").source = lambda: {(): lag.worst_s}
    return bus.subscribe(GpiChanged, lambda _: changes.add())


def count_modems(states: StateStore, registry: Registry) -> Callable[[], dict[tuple[str, ...], float]]:
    """Return what counts the modems of each state, those in quarantine included."""

    def count() -> dict[tuple[str, ...], float]:
        found = Counter(state.link for state in states)
        found["quarantined"] += len(registry.quarantined())
        return {(link,): float(found[link]) for link in get_args(Link)}

    return count
