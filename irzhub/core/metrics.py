"""Plain counters, gauges and histograms (CONTRACT 6); workers send snapshots, `web` prints them.

Base units, no IMEI label: a label takes a handful of values that are known beforehand.
"""

import bisect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

Labels = tuple[str, ...]

LATENCY_BUCKETS: Final = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


@dataclass(slots=True)
class Counter:
    """A number that only grows, for each combination of label values."""

    name: str
    help: str
    labels: Labels = ()
    values: dict[Labels, float] = field(default_factory=dict)

    def add(self, amount: float = 1, *labels: str) -> None:
        """Add `amount` to the number kept for these label values."""
        self.values[labels] = self.values.get(labels, 0) + amount


@dataclass(slots=True)
class Gauge:
    """A number that goes up and down, or is read from `source` when somebody asks."""

    name: str
    help: str
    labels: Labels = ()
    values: dict[Labels, float] = field(default_factory=dict)
    source: Callable[[], dict[Labels, float]] | None = None

    def set(self, value: float, *labels: str) -> None:
        """Keep `value` for these label values."""
        self.values[labels] = value

    def read(self) -> dict[Labels, float]:
        """Return the value for each combination of label values, asked from `source` where there is one."""
        return self.source() if self.source is not None else self.values


@dataclass(slots=True)
class Histogram:
    """How often a measured value fell below each bound."""

    name: str
    help: str
    bounds: tuple[float, ...] = LATENCY_BUCKETS
    counts: list[int] = field(default_factory=list)
    total: float = 0.0

    def observe(self, value: float) -> None:
        """Count one measured value, in the metric's base unit."""
        if not self.counts:
            self.counts = [0] * (len(self.bounds) + 1)
        self.counts[bisect.bisect_left(self.bounds, value)] += 1
        self.total += value

    def observe_all(self, values: Sequence[float]) -> None:
        """Count many values, which mostly lie close together."""
        if not values:
            return
        if not self.counts:
            self.counts = [0] * (len(self.bounds) + 1)
        lowest, highest = bisect.bisect_left(self.bounds, min(values)), bisect.bisect_left(self.bounds, max(values))
        if lowest == highest:
            self.counts[lowest] += len(values)
        else:
            for value in values:
                self.counts[bisect.bisect_left(self.bounds, value)] += 1
        self.total += sum(values)


Metric = Counter | Gauge | Histogram


class Metrics:
    """All metrics of the hub by name; asking twice for one name gives the same object."""

    def __init__(self) -> None:
        self._metrics: dict[str, Metric] = {}

    def counter(self, name: str, help_: str, *labels: str) -> Counter:
        """Return the counter of that name, made at the first call."""
        found = self._metrics.setdefault(name, Counter(name, help_, labels))
        if not isinstance(found, Counter):
            raise TypeError(f"metric {name} is a {type(found).__name__}, not a Counter")
        return found

    def gauge(self, name: str, help_: str, *labels: str) -> Gauge:
        """Return the gauge of that name, made at the first call."""
        found = self._metrics.setdefault(name, Gauge(name, help_, labels))
        if not isinstance(found, Gauge):
            raise TypeError(f"metric {name} is a {type(found).__name__}, not a Gauge")
        return found

    def histogram(self, name: str, help_: str, bounds: tuple[float, ...] = LATENCY_BUCKETS) -> Histogram:
        """Return the histogram of that name, made at the first call."""
        found = self._metrics.setdefault(name, Histogram(name, help_, bounds))
        if not isinstance(found, Histogram):
            raise TypeError(f"metric {name} is a {type(found).__name__}, not a Histogram")
        return found

    def __iter__(self) -> Iterator[Metric]:
        return iter(self._metrics.values())
