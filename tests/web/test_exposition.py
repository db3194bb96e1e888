"""How plain metrics are printed."""

from irzhub.core.metrics import Metrics
from irzhub.web.exposition import Exposition


def test_a_page_of_each_kind() -> None:
    metrics = Metrics()
    metrics.counter("relay_bytes_total", "Bytes", "direction").add(7, "rx")
    metrics.gauge("mqtt_connected", "Whether the broker is there").set(1)
    seconds = metrics.histogram("relay_latency_seconds", "From question to answer", (0.01, 0.1))
    for value in (0.005, 0.01, 0.05, 3.0):
        seconds.observe(value)

    assert Exposition(metrics).text().decode().splitlines() == [
        "# HELP irzhub_relay_bytes_total Bytes",
        "# TYPE irzhub_relay_bytes_total counter",
        'irzhub_relay_bytes_total{direction="rx"} 7.0',
        "# HELP irzhub_mqtt_connected Whether the broker is there",
        "# TYPE irzhub_mqtt_connected gauge",
        "irzhub_mqtt_connected 1.0",
        "# HELP irzhub_relay_latency_seconds From question to answer",
        "# TYPE irzhub_relay_latency_seconds histogram",
        'irzhub_relay_latency_seconds_bucket{le="0.01"} 2.0',
        'irzhub_relay_latency_seconds_bucket{le="0.1"} 3.0',
        'irzhub_relay_latency_seconds_bucket{le="+Inf"} 4.0',
        "irzhub_relay_latency_seconds_count 4.0",
        "irzhub_relay_latency_seconds_sum 3.065",
    ]


def test_a_histogram_that_saw_nothing_is_printed_all_the_same() -> None:
    metrics = Metrics()
    metrics.histogram("modem_handshake_seconds", "From accept to answer")

    assert b"irzhub_modem_handshake_seconds_count 0.0" in Exposition(metrics).text()


def test_a_label_value_cannot_break_the_page() -> None:
    metrics = Metrics()
    metrics.counter("modem_disconnects_total", "Ends", "reason").add(1, 'a"\n} 5')

    assert rb'irzhub_modem_disconnects_total{reason="a\"\n} 5"} 1.0' in Exposition(metrics).text()
