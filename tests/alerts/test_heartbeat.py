"""The sign of life: over the web and over a topic, with the troubles of the hub; what does not leave is a trouble."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from irzhub.alerts.heartbeat import MISSES, Heartbeat
from irzhub.config.settings import HeartbeatSettings, OutboundSettings
from irzhub.core.bus import Bus
from irzhub.core.health import Health
from irzhub.core.services import Delivery, DeliveryOutcome, Services, delivery_on
from irzhub.core.tasks import Tasks
from irzhub.outbound.client import Outbound
from tests.alerts.outbox_rig import HandClock


class Waiting:
    """An outbox with three SMS that wait."""

    def waiting(self, channel: str) -> int:
        return 3 if channel == "sms" else 0


class Listener:
    """Who hears the signs of life."""

    def __init__(self) -> None:
        self.heard: list[bytes] = []
        self.status = 200

    async def take(self, request: web.Request) -> web.Response:
        self.heard.append(await request.read())
        return web.Response(status=self.status)


@pytest.fixture
async def listener() -> AsyncIterator[tuple[Listener, str]]:
    made, app = Listener(), web.Application()
    app.router.add_post("/beat", made.take)
    async with TestServer(app, host="127.0.0.1") as server:
        yield made, str(server.make_url("/beat"))


def heart(settings: HeartbeatSettings, services: Services, outbound: Outbound | None) -> tuple[Heartbeat, Health]:
    health = Health(Bus())
    return Heartbeat(settings, "main", health, services, outbound, HandClock(), Waiting()), health


async def test_the_hub_shows_that_it_lives_and_how_it_is(listener: tuple[Listener, str]) -> None:
    heard, url = listener
    sent: list[Delivery] = []

    async def publish(delivery: Delivery) -> DeliveryOutcome:
        sent.append(delivery)
        return DeliveryOutcome(status="sent")

    services = Services()
    services.register(delivery_on("mqtt"), publish)
    async with Outbound(OutboundSettings(networks=("127.0.0.1/32",), ports=(), plain_http=True)) as outbound:
        beating, health = heart(HeartbeatSettings(url=url, topic="watch/hub", every_s=60), services, outbound)
        health.set("database", "down", "mysql is away")
        await beating.beat()

    body = json.loads(heard.heard[0])
    assert (body["hub"], body["state"], body["waiting_sms"], body["every_s"]) == ("main", "degraded", 3, 60)
    assert body["troubles"] == [{"part": "database", "state": "down", "detail": "mysql is away"}]
    assert [(each.to, json.loads(each.text)) for each in sent] == [("watch/hub", body)]
    assert health.get("heartbeat").state == "up"  # type: ignore[union-attr]


async def test_signs_that_nobody_takes_are_a_warning(listener: tuple[Listener, str]) -> None:
    heard, url = listener
    heard.status = 503
    async with Outbound(OutboundSettings(networks=("127.0.0.1/32",), ports=(), plain_http=True)) as outbound:
        beating, health = heart(HeartbeatSettings(url=url, topic="watch/hub"), Services(), outbound)
        for _ in range(MISSES):
            assert health.get("heartbeat") is None
            await beating.beat()

    part = health.get("heartbeat")
    assert part is not None
    assert part.state == "degraded"
    assert "answers 503" in part.detail
    assert "nobody offers messages over MQTT" in part.detail


def test_nobody_listens_until_somebody_is_named() -> None:
    assert not heart(HeartbeatSettings(), Services(), None)[0].is_wanted
    assert heart(HeartbeatSettings(topic="a"), Services(), None)[0].is_wanted


async def test_the_first_sign_comes_once_the_hub_is_ready(listener: tuple[Listener, str]) -> None:
    heard, url = listener
    tasks = Tasks("test")
    async with Outbound(OutboundSettings(networks=("127.0.0.1/32",), ports=(), plain_http=True)) as outbound:
        beating, health = heart(HeartbeatSettings(url=url), Services(), outbound)
        health.set("local_store", "up")
        tasks.spawn(beating.run(), "heartbeat")
        await asyncio.sleep(0.05)
        assert heard.heard == []

        health.set("relay", "up")
        async with asyncio.timeout(5):
            while not heard.heard:
                await asyncio.sleep(0.01)
        await tasks.close()

    assert json.loads(heard.heard[0])["state"] == "ok"
