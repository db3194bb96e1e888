"""Conformance of amqtt with our fixes; these fail when an update of amqtt changes what they rest on."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from importlib.metadata import version
from pathlib import Path

import pytest
from amqtt.broker import Broker
from paho.mqtt.enums import MQTTProtocolVersion

from irzhub.config.settings import MqttSettings
from irzhub.core.bus import Bus
from irzhub.core.health import Health
from irzhub.mqtt.amqtt_fixes import FixedBroker, RetainedStore, SteadyDict
from irzhub.mqtt.broker import EmbeddedBroker
from tests.mosquitto import free_port
from tests.mqtt.reader import Reader, read_retained

V311 = MQTTProtocolVersion.MQTTv311


@pytest.fixture
async def port(tmp_path: Path) -> AsyncIterator[int]:
    number = free_port()
    async with EmbeddedBroker(MqttSettings(port=number), tmp_path, Health(Bus()), find=lambda: None):
        yield number


def test_amqtt_is_the_version_that_the_fixes_are_for() -> None:
    assert version("amqtt") == "0.12.1"
    assert hasattr(Broker, "_publish_retained_messages_for_subscription")
    assert "_subscriptions" in Broker._del_all_subscriptions.__code__.co_names


async def test_a_newcomer_gets_what_it_subscribed_to_and_nothing_else(port: int) -> None:
    """As it comes, amqtt sent 2,999 retained messages of other people's subscriptions to one that wanted one."""
    async with Reader(port, ("secret/#",), version=V311) as other:
        for number in range(500):
            other.publish(f"secret/{number}", "x", retain=True)
        await other.message("secret/499")
        async with Reader(port, ("secret/7",), version=V311) as reader:
            await reader.message("secret/7")
            await asyncio.sleep(0.5)
            assert reader.topics() == ["secret/7"]


async def test_delivery_survives_clients_that_come_and_go(port: int) -> None:
    """As it comes, the loop over subscriptions died of `dictionary changed size during iteration`."""
    async with AsyncExitStack() as stack:
        readers = [
            await stack.enter_async_context(Reader(port, (f"to/{number}",), version=V311)) for number in range(10)
        ]
        writer = await stack.enter_async_context(Reader(port, (), version=V311))
        for round_ in range(10):
            for number in range(10):
                writer.publish(f"to/{number}", str(round_))
            async with Reader(port, (f"other/{round_}",), version=V311):
                pass
        for reader in readers:
            await reader.until(lambda reader=reader: len(reader.messages) == 10)  # type: ignore[misc]
            assert [got.text for got in reader.messages] == [str(round_) for round_ in range(10)]


async def test_a_subscriber_gets_every_retained_message(port: int) -> None:
    async with Reader(port, (), version=V311) as writer:
        for number in range(2000):
            writer.publish(f"kept/{number}", str(number), retain=True)
        async with Reader(port, ("kept/1999",), version=V311) as last:
            await last.message("kept/1999", timeout_s=30)
    kept = await read_retained(port, "kept/#", quiet_s=1.0, version=V311)

    assert kept == {f"kept/{number}": str(number).encode() for number in range(2000)}


async def test_a_will_is_published_and_retained(port: int) -> None:
    async with Reader(port, ("will",), version=V311) as reader:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        connect = b"\x00\x04MQTT\x04\x2e\x00\x0a\x00\x01w\x00\x04will\x00\x04gone"
        writer.write(bytes([0x10, len(connect)]) + connect)
        await asyncio.sleep(0.3)
        writer.close()
        await reader.message("will", "gone")
    assert await read_retained(port, "will", version=V311) == {"will": b"gone"}


def test_the_store_keeps_the_newest_and_forgets_the_cleared(tmp_path: Path) -> None:
    path = str(tmp_path / "retained.db")
    store = RetainedStore(path)
    assert store.load() == {}
    store.note("a", b"1", 1)
    store.note("b", b"\x00\xff", None)
    store.note("a", b"2", 0)
    store.note("c", b"", 1)
    store.close()
    again = RetainedStore(path)
    assert again.load() == {"a": (b"2", 0), "b": (b"\x00\xff", None)}
    again.note("a", b"", 1)
    again.close()

    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT topic FROM retained").fetchall() == [("b",)]
    connection.close()


async def test_the_store_writes_while_it_runs(tmp_path: Path) -> None:
    path = str(tmp_path / "retained.db")
    store = RetainedStore(path)
    await asyncio.to_thread(store.load)
    writing = asyncio.get_running_loop().create_task(store.write_for_ever())
    store.note("a", b"1", 1)
    await asyncio.sleep(0.5)
    other = RetainedStore(path)
    assert await asyncio.to_thread(other.load) == {"a": (b"1", 1)}
    await asyncio.to_thread(other.close)
    writing.cancel()
    await asyncio.wait((writing,))
    await asyncio.to_thread(store.close)


async def test_the_broker_walks_over_a_steady_dict() -> None:
    broker = FixedBroker({"listeners": {"default": {"type": "tcp", "bind": "127.0.0.1:0"}}, "plugins": {}})
    await broker.start()
    assert isinstance(broker._subscriptions, SteadyDict)
    await broker.shutdown()
    assert isinstance(broker._subscriptions, SteadyDict)


def test_a_steady_dict_may_change_while_it_is_walked() -> None:
    walked = SteadyDict(a=1, b=2)
    for key in walked:
        walked[key * 2] = 0
    for key, value in walked.items():
        walked[key * 3] = value
    assert len(walked) == 8
