"""Each sharp edge of gmqtt 0.8.0, met on a real broker."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import gmqtt
import pytest

from irzhub.core.metrics import Counter
from irzhub.mqtt.session import V5, V311, MqttSession
from irzhub.mqtt.wire import Endpoint, Message, MqttLost, MqttRefused, Received, Timing, Wanted
from tests.mosquitto import Mosquitto, free_port
from tests.mqtt.reader import Reader, read_retained

BOTH = pytest.mark.parametrize("mqtt", [V5, V311], ids=["mqtt5", "mqtt311"])
NORMAL = Timing()
QUICK = Timing(ping_after_s=0.3, lost_after_s=1.0)


def build(broker: Mosquitto, mqtt: int = V5, timing: Timing = NORMAL, **options: Any) -> MqttSession:
    end = Endpoint(host=broker.host, port=broker.port, client_id="irzhub-test", **options)
    return MqttSession(end, mqtt, timing, Counter("published", ""))


@asynccontextmanager
async def connected(
    broker: Mosquitto, mqtt: int = V5, timing: Timing = NORMAL, **options: Any
) -> AsyncIterator[MqttSession]:
    session = build(broker, mqtt, timing, **options)
    try:
        await session.open()
        yield session
    finally:
        await session.close()


async def until(holds: Callable[[], object], timeout_s: float = 10.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(0.01)


def test_gmqtt_is_the_version_whose_private_names_we_use() -> None:
    assert version("gmqtt") == "0.8.0"
    client = gmqtt.Client("a")
    assert hasattr(client, "_connection")
    assert {"_last_data_in", "_last_data_out", "_transport", "_protocol"} <= set(
        gmqtt.client.MQTTConnection.__init__.__code__.co_names
    )
    assert hasattr(gmqtt.client.MQTTConnection, "_send_ping_request")
    assert "_transport" in gmqtt.mqtt.protocol.MQTTProtocol.write_data.__code__.co_names


@BOTH
async def test_a_burst_of_3000_is_acknowledged_whole_and_in_order(broker: Mosquitto, mqtt: int) -> None:
    acknowledged: list[int] = []
    async with Reader(broker.port, ("burst",)) as reader, connected(broker, mqtt) as session:
        for number in range(3000):
            await session.publish(Message("burst", str(number).encode()), partial(acknowledged.append, number))
        await until(lambda: len(acknowledged) == 3000)
        await reader.until(lambda: len(reader.messages) == 3000)

    assert acknowledged == list(range(3000))
    assert [int(got.payload) for got in reader.messages] == list(range(3000))
    assert {got.qos for got in reader.messages} == {1}


async def test_who_takes_a_thousand_messages_leaves_the_loop_to_others(broker: Mosquitto) -> None:
    """They lie ready at once, and what follows from each takes half a millisecond: rules, for one."""
    async with connected(broker) as session:
        session._received.extend(Received("flood", b"", False) for _ in range(1000))
        turns = list[float]()

        async def others() -> None:
            while True:
                turns.append(time.monotonic())
                await asyncio.sleep(0)

        ticking = asyncio.get_running_loop().create_task(others())
        await asyncio.sleep(0)
        while session._received:
            await session.receive()
            busy_until = time.thread_time() + 0.0005
            while time.thread_time() < busy_until:
                pass
        ticking.cancel()

    assert len(turns) > 50, "every five milliseconds"


async def test_a_broker_that_takes_20_at_a_time_gets_no_more(tmp_path: Path) -> None:
    """Trap 2: at the 20th message in flight gmqtt raises OverflowError."""
    async with Mosquitto(tmp_path, extra=["max_inflight_messages 20"]) as broker, connected(broker) as session:
        highest = 0
        for number in range(500):
            await session.publish(Message("few", str(number).encode()))
            highest = max(highest, session.in_flight)
        await until(lambda: session.in_flight == 0)

    assert 2 <= highest <= 19


async def test_a_broker_that_takes_one_at_a_time_gets_one(tmp_path: Path) -> None:
    async with Mosquitto(tmp_path, extra=["max_inflight_messages 1"]) as broker, connected(broker) as session:
        await session.subscribe([Wanted("one")])
        for number in range(50):
            await session.confirm(Message("one", str(number).encode()))
        got = [(await session.receive()).payload for _ in range(50)]

    assert got == [str(number).encode() for number in range(50)]


async def test_nobody_there_is_an_error_not_a_hang() -> None:
    session = MqttSession(Endpoint(host="127.0.0.1", port=free_port(), client_id="a"), V5, Timing(), Counter("", ""))

    with pytest.raises(MqttLost, match="connection refused"):
        await session.open()


async def test_publishing_after_the_end_is_an_error_not_a_loss(broker: Mosquitto) -> None:
    async with connected(broker) as session:
        broker.kill()
        await asyncio.wait_for(asyncio.shield(session.lost), 5)

        with pytest.raises(MqttLost, match="closed"):
            await session.publish(Message("late", b""))


async def test_a_stalled_broker_is_found_and_the_write_buffer_stays_small(broker: Mosquitto) -> None:
    """Trap 6: gmqtt put 96 MB into the buffer of a stalled broker, without an error."""

    async with connected(broker, timing=QUICK) as session:
        await session.confirm(Message("warm", b"up"))
        broker.stall()
        largest = handed_over = 0
        with pytest.raises(MqttLost, match="silent"):
            for _ in range(100_000):
                await session.publish(Message("flood", bytes(150_000)))
                handed_over += 150_000
                largest = max(largest, session.write_buffer_bytes)

    # What the kernel's own buffers take differs between machines; what was handed over stays within the window.
    assert 150_000 <= handed_over < 5 << 20
    assert largest < 5 << 20


@pytest.mark.slow
async def test_a_stalled_broker_is_found_within_25_s_when_nothing_is_said(broker: Mosquitto) -> None:
    async with connected(broker) as session:
        await asyncio.sleep(0.2)
        broker.stall()
        began = time.monotonic()

        await asyncio.wait_for(asyncio.shield(session.lost), 25)
        assert time.monotonic() - began > 15, "a healthy but silent broker must not be given up"


async def test_a_silent_but_healthy_broker_is_kept(broker: Mosquitto) -> None:
    async with connected(broker, timing=QUICK) as session:
        await asyncio.sleep(2.5)
        await session.confirm(Message("still", b"here"))


async def test_a_standstill_of_our_own_is_not_held_against_the_broker(broker: Mosquitto) -> None:
    async with connected(broker, timing=QUICK) as session:
        await asyncio.sleep(0.1)
        time.sleep(QUICK.lost_after_s + 2.5)  # noqa: TID251 - the whole process stands still
        await asyncio.sleep(1.0)
        await session.confirm(Message("still", b"here"))


async def test_incoming_order_is_kept(broker: Mosquitto) -> None:
    """Trap 7: with an async handler the order of ten messages became 0 2 4 6 8 1 3 5 7 9."""
    async with connected(broker) as session, Reader(broker.port, ()) as writer:
        await session.subscribe([Wanted("in")])
        for number in range(500):
            writer.publish("in", str(number))
        got = [int((await asyncio.wait_for(session.receive(), 5)).payload) for _ in range(500)]

    assert got == list(range(500))


async def test_what_nobody_takes_is_bounded_and_counted(broker: Mosquitto) -> None:
    async with connected(broker) as session, Reader(broker.port, ()) as writer:
        await session.subscribe([Wanted("in")])
        for number in range(1500):
            writer.publish("in", str(number))
        await until(lambda: session.dropped == 500)


async def test_the_will_fires_at_a_cut_and_not_at_a_goodbye(broker: Mosquitto) -> None:
    will = Message("will", b"gone", retain=True)
    async with Reader(broker.port, ("will",)) as reader:
        async with connected(broker, will=will):
            pass
        async with connected(broker, will=will) as session:
            await asyncio.sleep(0.2)
            assert reader.messages == []
            session.abort("cut")
        await reader.message("will", "gone")


async def test_a_retained_command_can_be_told_from_a_fresh_one(broker: Mosquitto) -> None:
    async with Reader(broker.port, ()) as writer, connected(broker) as session:
        await session.confirm(Message("old", b"1", retain=True))
        await session.subscribe([Wanted("old")])
        old = await asyncio.wait_for(session.receive(), 5)
        writer.publish("old", "2", response_topic="back", correlation_data=b"\x00\xff")
        fresh = await asyncio.wait_for(session.receive(), 5)

    assert (old.payload, old.retained) == (b"1", True)
    assert (fresh.payload, fresh.retained) == (b"2", False)
    assert (fresh.response_topic, fresh.correlation_data) == ("back", b"\x00\xff")


async def test_a_wrong_password_is_said_without_the_password(tmp_path: Path) -> None:
    async with Mosquitto(tmp_path, users={"hub": "right"}) as broker:
        for mqtt in (V5, V311):
            session = build(broker, mqtt, username="hub", password="not-the-secret")
            with pytest.raises(MqttRefused, match="as user 'hub'") as refused:
                await session.open()
            assert "not-the-secret" not in str(refused.value)
        async with connected(broker, username="hub", password="right") as session:
            await session.confirm(Message("in", b"1"))


async def test_what_was_retained_is_there_after_a_kill_a_second_later(broker: Mosquitto) -> None:
    async with connected(broker) as session:
        for number in range(1000):
            await session.publish(Message(f"kept/{number}", b"x", retain=True))
        await until(lambda: session.in_flight == 0)
    await broker.saved()
    await broker.restart()

    assert len(await read_retained(broker.port)) == 1000
