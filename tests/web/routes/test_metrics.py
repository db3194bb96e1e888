"""`/metrics`: what Prometheus reads."""

from prometheus_client.parser import text_string_to_metric_families

from irzhub.const import VERSION
from irzhub.core.events import GpiChanged
from tests.web.conftest import WHEN, Hub


async def test_a_scraper_on_this_machine_needs_no_token(hub: Hub) -> None:
    hub.add_modem(link="online", clients=2)
    hub.add_modem("868441036775235")
    hub.metrics.counter("modem_disconnects_total", "Sessions that ended", "reason").add(3, "closed")
    hub.metrics.histogram("modem_handshake_seconds", "From accept to answer", (0.1, 1.0)).observe(0.5)
    hub.bus.publish(GpiChanged(ts=WHEN, pin=1, level="ON", previous="OFF", source="report"))

    reply = await hub.get("/metrics", token=None)

    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(reply.text)
        for sample in family.samples
    }
    assert reply.status == 200
    assert samples["irzhub_build_info", VERSION] == 1
    assert samples["irzhub_modems", "online"] == 1
    assert samples["irzhub_modems", "offline"] == 1
    assert samples["irzhub_modems", "quarantined"] == 0
    assert samples["irzhub_relay_clients",] == 2
    assert samples["irzhub_gpi_events_total",] == 1
    assert samples["irzhub_modem_disconnects_total", "closed"] == 3
    assert samples["irzhub_modem_handshake_seconds_bucket", "0.1"] == 0
    assert samples["irzhub_modem_handshake_seconds_bucket", "+Inf"] == 1
    assert ("irzhub_loop_lag_seconds",) in samples
    assert all(name.startswith("irzhub_") for name, *_ in samples)


async def test_a_scraper_behind_a_proxy_needs_one(hub: Hub) -> None:
    behind = {"X-Forwarded-For": "203.0.113.5"}

    assert (await hub.get("/metrics", token=None, headers=behind)).status == 401
    assert (await hub.get("/metrics", token="viewer", headers=behind)).status == 200


async def test_a_page_whose_name_was_rebound_to_loopback_reads_nothing(hub: Hub) -> None:
    assert (await hub.get("/metrics", token=None, headers={"Host": "evil.example"})).status == 401
