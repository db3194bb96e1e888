"""Counters, gauges, histograms."""

import pytest

from irzhub.core.metrics import Metrics


def test_counter_adds_up_for_each_label() -> None:
    counter = Metrics().counter("relay_bytes_total", "Bytes.", "direction")
    counter.add(5, "up")
    counter.add(2, "up")
    counter.add(1, "down")

    assert counter.values == {("up",): 7, ("down",): 1}


def test_counter_without_labels_counts_by_one() -> None:
    counter = Metrics().counter("connects_total", "Connects.")
    counter.add()
    counter.add()

    assert counter.values == {(): 2}


def test_gauge_keeps_the_newest_value_or_asks_its_source() -> None:
    gauge = Metrics().gauge("modems", "Modems.", "state")
    gauge.set(3, "online")
    gauge.set(4, "online")
    assert gauge.read() == {("online",): 4}

    gauge.source = lambda: {("online",): 9}
    assert gauge.read() == {("online",): 9}


def test_histogram_counts_below_each_bound_and_above_the_last() -> None:
    histogram = Metrics().histogram("latency_seconds", "Latency.", (0.1, 1.0))
    for value in (0.05, 0.1, 0.5, 1.0, 7.0):
        histogram.observe(value)

    assert histogram.counts == [2, 2, 1]
    assert histogram.total == pytest.approx(8.65)


def test_histogram_that_saw_nothing_has_no_counts() -> None:
    assert Metrics().histogram("latency_seconds", "Latency.").counts == []


def test_one_name_is_one_metric_whoever_asks_first() -> None:
    metrics = Metrics()
    counter = metrics.counter("a_total", "First help.")

    assert metrics.counter("a_total", "Second help.") is counter
    assert [metric.help for metric in metrics] == ["First help."]


def test_one_name_cannot_be_two_kinds() -> None:
    metrics = Metrics()
    metrics.counter("a", "A.")
    metrics.gauge("b", "B.")
    with pytest.raises(TypeError, match="metric a is a Counter, not a Gauge"):
        metrics.gauge("a", "A.")
    with pytest.raises(TypeError, match="metric b is a Gauge, not a Counter"):
        metrics.counter("b", "B.")
    with pytest.raises(TypeError, match="metric a is a Counter, not a Histogram"):
        metrics.histogram("a", "A.")


@pytest.mark.parametrize("values", [[], [0.05], [0.2, 0.3], [0.05, 0.1, 0.5, 1.0, 7.0]])
def test_histogram_counts_many_like_one_by_one(values: list[float]) -> None:
    together = Metrics().histogram("latency_seconds", "Latency.", (0.1, 1.0))
    single = Metrics().histogram("latency_seconds", "Latency.", (0.1, 1.0))
    for value in values:
        single.observe(value)

    together.observe_all(values)

    assert together.counts == single.counts
    assert together.total == pytest.approx(single.total)
