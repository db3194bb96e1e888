"""What the relay does by the clock: tell growth once a second and its counters every five, count descriptors."""

import asyncio
from collections.abc import Mapping
from typing import Final

from irzhub.core.metrics import Counter, Histogram, Metrics
from irzhub.relay.context import ClientSide
from irzhub.relay.descriptors import Descriptors
from irzhub.relay.messages import MetersPolled, Snapshot
from irzhub.relay.modem import Shared
from irzhub.relay.polling_port import PollingPorts
from irzhub.relay.rejections import Rejections
from irzhub.relay.relay_metrics import RelayMetrics

_SNAPSHOT_EVERY: Final = 5
_POLLS_EVERY: Final = 10
_CALIBRATE_EVERY: Final = 30
_PORTION: Final = 200
"""So many pipes in one turn of the loop: ten thousand at once would hold it for a tenth of a second."""
_TOLD_AT_ONCE: Final = 25
"""So many modems whose growth is told in one turn: who hears it needs some 40 us for each, and polls wait meanwhile."""


class Pulse:
    """Beats once a second while the relay runs."""

    def __init__(
        self,
        shared: Shared,
        side: ClientSide,
        descriptors: Descriptors,
        rejections: Rejections,
        ports: PollingPorts,
        metrics: Metrics,
    ) -> None:
        self._shared = shared
        self._side = side
        self._descriptors = descriptors
        self._rejections = rejections
        self._ports = ports
        self._counted = RelayMetrics(metrics)

    async def run(self) -> None:
        """Beat until cancelled."""
        beat = 0
        while True:
            await asyncio.sleep(1.0)
            beat += 1
            await self.tell_traffic()
            self._rejections.sweep()
            if beat % _CALIBRATE_EVERY == 0 or (self._descriptors.is_short and beat % _SNAPSHOT_EVERY == 0):
                await self._descriptors.calibrate()
            if beat % _SNAPSHOT_EVERY == 0:
                await self.settle()
                self.tell_snapshot()
            if beat % _POLLS_EVERY == 0:
                await self.tell_polls()

    async def tell_polls(self) -> None:
        """Tell how the questions to meters ended since the last time; thousands of lines take several turns."""
        for polls in self._side.polls.take(self._shared.unix_time()):
            self._shared.to_hub(MetersPolled(polls=polls))
            await asyncio.sleep(0)

    async def settle(self) -> None:
        """Let latency, polls and the flight recorder know what has passed through pipes."""
        for number, pipe in enumerate(tuple(self._side.pipes.values()), 1):
            pipe.settle()  # does nothing for a pipe that was closed meanwhile
            if number % _PORTION == 0:
                await asyncio.sleep(0)

    async def tell_traffic(self) -> None:
        """Tell the growth of all modems that were heard since the last beat, so many in each turn of the loop."""
        for number, pipe in enumerate(tuple(self._side.pipes.values()), 1):
            pipe.count()  # does nothing for a pipe that was closed meanwhile
            if number % _PORTION == 0:
                await asyncio.sleep(0)
        heard, self._shared.heard = self._shared.heard, []
        for first in range(0, len(heard), _TOLD_AT_ONCE):
            self._shared.tell_traffic(heard[first : first + _TOLD_AT_ONCE])
            await asyncio.sleep(0)

    def tell_snapshot(self) -> None:
        """Tell all counters now."""
        self._shared.to_hub(
            Snapshot(
                modems_online=self._shared.sessions,
                clients=self._side.clients,
                listeners=self._ports.listeners,
                descriptors=self._descriptors.used,
                descriptor_limit=self._descriptors.limit,
                ring_bytes=self._side.rings.size_bytes,
                counters=flatten(self._counted),
                histograms=buckets(self._counted),
                loop_lag_s=self._shared.wheel.take_worst_lag(),
            )
        )


def flatten(counted: RelayMetrics) -> dict[str, float]:
    """Return the relay's own counters as `name{label value}` -> number; a histogram as its count and sum."""
    numbers: dict[str, float] = {}
    for metric in counted:
        if isinstance(metric, Counter):
            numbers.update(_name_values(metric.name, metric.values))
        else:
            numbers[f"{metric.name}_count"] = sum(metric.counts)
            numbers[f"{metric.name}_sum"] = metric.total
    return numbers


def buckets(counted: RelayMetrics) -> dict[str, list[float]]:
    """Return each histogram that has observed anything: its counts from the lowest bound on, then its sum."""
    return {
        metric.name: [*metric.counts, metric.total]
        for metric in counted
        if isinstance(metric, Histogram) and metric.counts
    }


def _name_values(name: str, values: Mapping[tuple[str, ...], float]) -> dict[str, float]:
    return {f"{name}{{{','.join(labels)}}}" if labels else name: value for labels, value in values.items()}
