"""The hub's plain counters in the Prometheus text form, with the prefix `irzhub_`."""

from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric as Family
from prometheus_client.registry import Collector

from irzhub.core.metrics import Counter, Gauge, Histogram, Metric, Metrics

PREFIX: Final = "irzhub_"
CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


class MetricsCollector(Collector):
    """Reads `core.metrics` each time somebody scrapes."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Family]:
        """Return every metric as it stands now."""
        return [family_of(metric) for metric in tuple(self._metrics)]


class Exposition:
    """What `/metrics` says."""

    def __init__(self, metrics: Metrics) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(MetricsCollector(metrics))

    def text(self) -> bytes:
        """Return the whole page."""
        return generate_latest(self._registry)


def family_of(metric: Metric) -> Family:
    """Return one metric in the client library's form."""
    match metric:
        case Counter():
            return _with_values(
                CounterMetricFamily(PREFIX + metric.name, metric.help, labels=metric.labels), metric.values
            )
        case Gauge():
            return _with_values(
                GaugeMetricFamily(PREFIX + metric.name, metric.help, labels=metric.labels), metric.read()
            )
        case Histogram():
            family = HistogramMetricFamily(PREFIX + metric.name, metric.help)
            family.add_metric([], list(_buckets(metric)), metric.total)
            return family


def _with_values(
    family: CounterMetricFamily | GaugeMetricFamily, values: dict[tuple[str, ...], float]
) -> CounterMetricFamily | GaugeMetricFamily:
    for labels, value in tuple(values.items()):
        family.add_metric(labels, value)
    return family


def _buckets(metric: Histogram) -> Iterator[tuple[str, float]]:
    counts = metric.counts or [0] * (len(metric.bounds) + 1)
    bounds = [*(repr(bound) for bound in metric.bounds), "+Inf"]
    return zip(bounds, accumulate(counts), strict=True)
