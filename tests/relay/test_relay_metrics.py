"""What a relay counts has one name in every process."""

from irzhub.core.metrics import Metrics
from irzhub.relay.relay_metrics import RelayMetrics


def test_two_of_one_process_count_together() -> None:
    metrics = Metrics()
    RelayMetrics(metrics).connects.add()
    RelayMetrics(metrics).connects.add()
    assert RelayMetrics(metrics).connects.values == {(): 2}


def test_the_names_are_those_of_the_contract() -> None:
    assert [metric.name for metric in RelayMetrics(Metrics())] == [
        "modem_connects_total",
        "modem_disconnects_total",
        "modem_handshake_seconds",
        "relay_bytes_total",
        "relay_dropped_bytes_total",
        "relay_latency_seconds",
    ]
