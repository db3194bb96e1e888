"""The hub as a whole in one process: parts up in order, down in reverse."""

import asyncio
import dataclasses
import urllib.request
from pathlib import Path

import pytest

from irzhub.bootstrap import Hub
from irzhub.config.settings import (
    DatabaseSettings,
    HubSettings,
    ModemsSettings,
    MqttSettings,
    PollingSettings,
    PortPool,
    RelayConfig,
    Settings,
    WebSettings,
)
from irzhub.core.exceptions import StartError
from irzhub.core.health import HealthChanged
from tests.mosquitto import free_port, needs_mosquitto


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a small hub on loopback with free ports."""
    return Settings(
        hub=HubSettings(data_dir=tmp_path),
        relay=RelayConfig(
            modems=ModemsSettings(host="127.0.0.1", port=0),
            polling=PollingSettings(pools=(PortPool(host="127.0.0.1", first=27200, last=27210),)),
        ),
        mqtt=MqttSettings(port=free_port()),
        database=DatabaseSettings(url=f"sqlite:///{tmp_path / 'history.db'}"),
        web=WebSettings(port=0),
    )


@needs_mosquitto
async def test_parts_come_up_in_order_and_all_go_down(settings: Settings) -> None:
    hub = Hub(settings)
    order: list[str] = []
    hub.bus.subscribe(HealthChanged, lambda change: order.append(change.health.part))
    async with hub:
        async with asyncio.timeout(10):
            while not hub.health.is_ready or hub.health.is_degraded:
                await asyncio.sleep(0.02)
        body = await asyncio.to_thread(lambda: urllib.request.urlopen(hub.web.url + "readyz", timeout=5).read())
        assert b"ready" in body

    first_seen = list(dict.fromkeys(order))
    assert first_seen.index("local_store") < first_seen.index("broker") < first_seen.index("relay")
    assert first_seen[-1] == "web"


async def test_second_hub_on_one_folder_is_refused_and_leaves_nothing_behind(settings: Settings) -> None:
    outside = dataclasses.replace(settings, mqtt=MqttSettings(broker="external", port=free_port()))
    async with Hub(outside):
        second = Hub(outside)
        second.store.lock_wait_s = 0.1
        with pytest.raises(StartError, match=r"another irzhub .*hub.data_dir"):
            await second.__aenter__()


async def test_port_of_the_page_that_is_taken_stops_the_start_with_the_line_to_set(settings: Settings) -> None:
    outside = dataclasses.replace(settings, mqtt=MqttSettings(broker="external", port=free_port()))
    async with Hub(outside) as first:
        taken = dataclasses.replace(
            outside,
            hub=HubSettings(data_dir=settings.hub.data_dir / "second"),
            relay=dataclasses.replace(
                outside.relay, polling=PollingSettings(pools=(PortPool(host="127.0.0.1", first=27220, last=27230),))
            ),
            web=WebSettings(port=first.web.port),
        )
        with pytest.raises(StartError, match=r"web\.port"):
            await Hub(taken).__aenter__()
