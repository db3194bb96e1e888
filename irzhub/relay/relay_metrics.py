"""What a relay counts, declared once: the relay itself counts, and a pool adds up what its workers counted."""

from collections.abc import Iterator

from irzhub.core.metrics import Counter, Histogram, Metrics


class RelayMetrics:
    """The relay's counters and histograms in the metrics of its process."""

    __slots__ = ("connects", "disconnects", "dropped", "handshake", "latency", "relayed")

    def __init__(self, metrics: Metrics) -> None:
        self.connects = metrics.counter("modem_connects_total", "Sessions of modems that began")
        self.disconnects = metrics.counter("modem_disconnects_total", "Sessions of modems that ended", "reason")
        self.handshake = metrics.histogram("modem_handshake_seconds", "From the accepted socket to the answer")
        self.relayed = metrics.counter("relay_bytes_total", "Bytes of meters and programs", "direction")
        self.dropped = metrics.counter("relay_dropped_bytes_total", "Meter bytes that reached nobody.", "reason")
        self.latency = metrics.histogram("relay_latency_seconds", "From a question to the first byte of its answer.")

    def __iter__(self) -> Iterator[Counter | Histogram]:
        return iter((self.connects, self.disconnects, self.handshake, self.relayed, self.dropped, self.latency))
