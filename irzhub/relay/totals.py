"""The snapshots of several workers as one, and their counters in the hub's metrics."""

from irzhub.core.metrics import Counter, Histogram, Metrics
from irzhub.relay.messages import Snapshot
from irzhub.relay.relay_metrics import RelayMetrics


class Totals:
    """Keeps the latest snapshot of each worker and adds what has grown since to the hub's metrics.

    A worker that is started again counts from zero; what its predecessor counted stays.
    """

    def __init__(self, metrics: Metrics) -> None:
        counted = tuple(RelayMetrics(metrics))
        self._counters = {each.name: each for each in counted if isinstance(each, Counter)}
        self._histograms = {each.name: each for each in counted if isinstance(each, Histogram)}
        self._latest: dict[int, Snapshot] = {}

    def note(self, worker: int, snapshot: Snapshot) -> None:
        """Take a worker's snapshot."""
        before = self._latest.get(worker)
        self._latest[worker] = snapshot
        for name, value in snapshot.counters.items():
            grown = value - (0.0 if before is None else before.counters.get(name, 0.0))
            if grown > 0:
                self._count(name, grown)
        for name, numbers in snapshot.histograms.items():
            self._observe(name, numbers, None if before is None else before.histograms.get(name))

    def forget(self, worker: int) -> None:
        """The worker is gone: nothing of it is present any more."""
        self._latest.pop(worker, None)

    def merged(self) -> Snapshot:
        """Return all as one: sums, the worst lag, and the descriptors of the process that is nearest to its limit."""
        latest = list(self._latest.values())
        counters: dict[str, float] = {}
        for snapshot in latest:
            for name, value in snapshot.counters.items():
                counters[name] = counters.get(name, 0.0) + value
        fullest = max(latest, key=lambda each: each.descriptors / max(each.descriptor_limit, 1), default=None)
        return Snapshot(
            modems_online=sum(each.modems_online for each in latest),
            clients=sum(each.clients for each in latest),
            listeners=sum(each.listeners for each in latest),
            descriptors=0 if fullest is None else fullest.descriptors,
            descriptor_limit=0 if fullest is None else fullest.descriptor_limit,
            ring_bytes=sum(each.ring_bytes for each in latest),
            counters=counters,
            loop_lag_s=max((each.loop_lag_s for each in latest), default=0.0),
        )

    def __len__(self) -> int:
        return len(self._latest)

    def _count(self, name: str, grown: float) -> None:
        plain, _, labels = name.partition("{")
        if plain in self._counters:
            values = tuple(labels.removesuffix("}").split(",")) if labels else ()
            self._counters[plain].add(grown, *values)

    def _observe(self, name: str, numbers: list[float], before: list[float] | None) -> None:
        histogram = self._histograms.get(name)
        if histogram is None or len(numbers) != len(histogram.bounds) + 2:
            return
        grown = [new - old for new, old in zip(numbers, before or [0.0] * len(numbers), strict=True)]
        if not histogram.counts:
            histogram.counts = [0] * (len(histogram.bounds) + 1)
        for place, count in enumerate(grown[:-1]):
            histogram.counts[place] += int(count)
        histogram.total += grown[-1]
