"""What is told by the clock."""

from irzhub.core.metrics import Metrics
from irzhub.relay.messages import Snapshot, Traffic
from irzhub.relay.orders import PutModem
from irzhub.relay.pulse import buckets, flatten
from irzhub.relay.relay_metrics import RelayMetrics
from tests.relay.modem_rig import IMEI, Hub, modem_settings, until


def test_counters_are_flat_and_only_the_relays_own() -> None:
    metrics = Metrics()
    metrics.counter("modem_disconnects_total", "", "reason").add(2, "closed")
    metrics.counter("modem_connects_total", "").add(3)
    metrics.counter("journal_events_total", "").add(9)
    metrics.histogram("modem_handshake_seconds", "").observe(0.25)
    metrics.histogram("modem_handshake_seconds", "").observe(0.5)
    metrics.gauge("modems", "", "state").set(1, "online")
    assert flatten(RelayMetrics(metrics)) == {
        "modem_disconnects_total{closed}": 2,
        "modem_connects_total": 3,
        "modem_handshake_seconds_count": 2,
        "modem_handshake_seconds_sum": 0.75,
        "relay_latency_seconds_count": 0,
        "relay_latency_seconds_sum": 0,
    }
    assert buckets(RelayMetrics(metrics)) == {"modem_handshake_seconds": [*[0] * 8, 1, 1, *[0] * 6, 0.75]}


async def test_growth_is_told_once_a_second_and_never_twice() -> None:
    async with Hub() as hub:
        hub.send(PutModem(settings=modem_settings()))
        modem = await hub.dials()
        await modem.says(b"12345")
        await hub.hears(Traffic)
        await modem.says(b"678")
        await hub.hears(Traffic, 2)
        assert [message.grown[IMEI][:2] for message in hub.all(Traffic)] == [(5, 0), (3, 0)]
        assert hub.metrics.counter("relay_bytes_total", "", "direction").values[("rx",)] == 8


async def test_a_snapshot_comes_every_five_seconds() -> None:
    async with Hub() as hub:
        await until(lambda: hub.all(Snapshot), 6.5)
