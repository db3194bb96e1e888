"""The broker killed, stalled, restarted and denied while events flow: nothing is lost, order holds."""

import asyncio
from pathlib import Path

import pytest
from paho.mqtt.enums import MQTTProtocolVersion

from irzhub.mqtt.payloads import decode_event
from tests.mosquitto import Mosquitto
from tests.mqtt.hub import BridgedHub
from tests.mqtt.reader import Reader, read_retained


def modem(number: int) -> str:
    return str(868_441_036_000_000 + number)


class Traffic:
    """Switches inputs of ten modems, so many times a second."""

    def __init__(self, hub: BridgedHub, per_second: int) -> None:
        self._hub = hub
        self._pause_s = 1 / per_second
        self.count = 0

    async def run(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        began, before = loop.time(), self.count
        while (elapsed := loop.time() - began) < seconds:
            while self.count - before < elapsed / self._pause_s:
                self._hub.switch(1 + self.count % 3, "ON" if self.count // 30 % 2 else "OFF", modem(self.count % 10))
                self.count += 1
            await asyncio.sleep(0.01)


async def assert_all_arrive(reader: Reader, count: int, timeout_s: float = 20.0) -> None:
    """Wait until events 1..count have come; fail on a repeat with another id or a step back within a modem."""
    await reader.until(lambda: len({got.json["seq"] for got in list(reader.messages)}) >= count, timeout_s)
    ids: dict[int, str] = {}
    newest: dict[str, int] = {}
    for got in reader.messages:
        event = decode_event(got.payload)
        assert event.modem is not None
        is_new = event.seq not in ids
        assert ids.setdefault(event.seq, event.id) == event.id, f"event {event.seq} came with two ids"
        if is_new:
            assert event.seq > newest.get(event.modem, 0), f"event {event.seq} of {event.modem} came late"
            newest[event.modem] = event.seq
    assert set(ids) == set(range(1, count + 1))


async def assert_retained_is_true(hub: BridgedHub, broker: Mosquitto) -> None:
    """Fail unless what the broker retains for each modem is what the hub knows."""
    kept = await read_retained(broker.port, "irzhub/modem/+/gpi/+")
    known = {
        f"irzhub/modem/{state.modem}/gpi/{pin}": level.encode()
        for state in hub.states
        for pin, level in state.gpi.items()
        if level is not None
    }
    assert kept == known


@pytest.mark.parametrize("version", [MQTTProtocolVersion.MQTTv5, MQTTProtocolVersion.MQTTv311])
@pytest.mark.parametrize("away_s", [0.0, pytest.param(3.0, marks=pytest.mark.slow)])
async def test_a_killed_broker_costs_a_persistent_subscriber_nothing(
    broker: Mosquitto, tmp_path: Path, away_s: float, version: MQTTProtocolVersion
) -> None:
    async with (
        BridgedHub(tmp_path, port=broker.port) as hub,
        Reader(broker.port, ("irzhub/modem/+/event",), client_id="scada", version=version) as reader,
    ):
        for number in range(10):
            hub.add(modem(number), link="online")
        await reader.until(hub.is_up)
        traffic = Traffic(hub, 200)
        await traffic.run(1.0)
        await broker.saved()
        broker.kill()
        await traffic.run(away_s)
        await broker.start()
        await traffic.run(2.0)
        await assert_all_arrive(reader, traffic.count)
        await assert_retained_is_true(hub, broker)


async def test_a_stalled_broker_is_left_and_found_again(broker: Mosquitto, tmp_path: Path) -> None:
    async with (
        BridgedHub(tmp_path, port=broker.port) as hub,
        Reader(broker.port, ("irzhub/modem/+/event",), client_id="scada") as reader,
    ):
        for number in range(10):
            hub.add(modem(number), link="online")
        await reader.until(hub.is_up)
        traffic = Traffic(hub, 200)
        await traffic.run(0.5)
        broker.stall()
        await traffic.run(4.0)
        assert not hub.is_up()
        broker.resume()
        await reader.until(hub.is_up)
        await assert_all_arrive(reader, traffic.count)
        await assert_retained_is_true(hub, broker)


@pytest.mark.slow
async def test_ten_outages_in_a_row_leave_the_client_whole(broker: Mosquitto, tmp_path: Path) -> None:
    """Trap 4: packet ids leaked at every outage until each publish raised OverflowError."""
    async with (
        BridgedHub(tmp_path, port=broker.port) as hub,
        Reader(broker.port, ("irzhub/modem/+/event",), client_id="scada") as reader,
    ):
        for number in range(10):
            hub.add(modem(number), link="online")
        hub.online()
        traffic = Traffic(hub, 500)
        for _ in range(10):
            await reader.until(hub.is_up)
            await traffic.run(0.3)
            await broker.saved()
            await broker.restart()
            await reader.until(lambda: not hub.is_up())
        await assert_all_arrive(reader, traffic.count)
        await reader.until(hub.is_up)
        await assert_retained_is_true(hub, broker)
    assert (await read_retained(broker.port, "irzhub/bridge/state"))["irzhub/bridge/state"] == b"offline"


async def test_twenty_restarts_end_online(broker: Mosquitto, tmp_path: Path) -> None:
    async with BridgedHub(tmp_path, port=broker.port) as hub:
        hub.online()
        async with Reader(broker.port, ()) as waiting:
            for _ in range(20):
                await waiting.until(hub.is_up)
                await broker.restart()
                await waiting.until(lambda: not hub.is_up())
            await waiting.until(hub.is_up)
        await asyncio.sleep(0.5)
        assert (await read_retained(broker.port, "irzhub/bridge/state"))["irzhub/bridge/state"] == b"online"


async def test_a_hub_older_than_its_broker_publishes_what_happened_before_the_first_connect(tmp_path: Path) -> None:
    """Trap 1: publishing before the first connect raised AttributeError, and nobody tried again."""
    broker = Mosquitto(tmp_path)
    async with BridgedHub(tmp_path, port=broker.port) as hub:
        hub.add(modem(1))
        hub.switch(1, "ON", modem(1))
        await hub.journal.flush()
        async with broker, Reader(broker.port) as reader:
            await reader.message(f"irzhub/modem/{modem(1)}/gpi/1", "ON")
            await reader.message(f"irzhub/modem/{modem(1)}/event")


@pytest.mark.parametrize("acl", ["topic read irzhub/#", "topic write irzhub/#"])
async def test_a_denied_topic_is_seen_and_said(tmp_path: Path, acl: str) -> None:
    """Trap 9: an ACL that denies looks like success to gmqtt."""
    secret = "top-secret"
    async with (
        Mosquitto(tmp_path, users={"hub": secret}, acl=f"user hub\n{acl}\n") as broker,
        BridgedHub(tmp_path, port=broker.port, username="hub", password=secret) as hub,
        Reader(broker.port, (), username="hub", password=secret) as reader,
    ):
        hub.add(modem(1))
        hub.switch(1, "ON", modem(1))
        await reader.until(lambda: "access rules" in hub.detail(), 15)

        assert not hub.is_up()
        assert "irzhub/" in hub.detail()
        assert secret not in hub.detail()
        assert hub.journal.cursor("mqtt").position == 0


async def test_a_wrong_password_is_tried_rarely_and_never_shown(tmp_path: Path) -> None:
    async with Mosquitto(tmp_path, users={"hub": "right"}, extra=["log_type all"]) as broker:
        async with BridgedHub(tmp_path, port=broker.port, username="hub", password="wrong-secret") as hub:
            hub.bridge._client._backoff.first_s = 0.5  # type: ignore[union-attr]
            await asyncio.sleep(3)
            assert "as user 'hub'" in hub.detail()
            assert "wrong-secret" not in hub.detail()
        assert 1 <= broker.log.count("not authorised") <= 6
