"""The connect loop: always back, never in a hurry, and honest about why not."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from irzhub.config.settings import MqttSettings
from irzhub.core.bus import Bus
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.core.tasks import Tasks
from irzhub.mqtt.client import Backoff, MqttClient
from irzhub.mqtt.session import V5, V311, MqttSession
from irzhub.mqtt.wire import Message, MqttRefused, Timing
from tests.mosquitto import Mosquitto, TlsPair, free_port, make_certificate, needs_mosquitto

WILL = Message("will", b"gone")
Serve = Callable[[MqttSession], Awaitable[None]]


class Use:
    """Greets and serves; keeps the sessions it was given."""

    def __init__(self) -> None:
        self.sessions: list[MqttSession] = []
        self.refusal: MqttRefused | None = None
        self.fault: Exception | None = None
        self.stop = asyncio.Event()

    async def greet(self, session: MqttSession) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.sessions.append(session)

    async def serve(self, session: MqttSession) -> None:
        if self.fault is not None:
            raise self.fault
        await self.stop.wait()


class Running:
    """A client at work."""

    def __init__(self, client: MqttClient, use: Use, health: Health, metrics: Metrics) -> None:
        self.client = client
        self.use = use
        self.health = health
        self.metrics = metrics
        self.task: asyncio.Task[None] | None = None

    @property
    def state(self) -> str:
        found = self.health.get("mqtt")
        return "" if found is None else found.state

    @property
    def detail(self) -> str:
        found = self.health.get("mqtt")
        return "" if found is None else found.detail

    @property
    def connected(self) -> float:
        return self.metrics.gauge("mqtt_connected", "").read()[()]

    async def until(self, holds: Callable[[], object], timeout_s: float = 10.0) -> None:
        deadline = time.monotonic() + timeout_s
        while not holds():
            assert time.monotonic() < deadline, f"it did not come true in time; mqtt is {self.state}: {self.detail}"
            await asyncio.sleep(0.01)


@asynccontextmanager
async def running(
    port: int, *, backoff: Backoff | None = None, timing: Timing | None = None, version: int = V5, **settings: Any
) -> AsyncIterator[Running]:
    health, metrics, use, tasks = Health(Bus()), Metrics(), Use(), Tasks("test")
    client = MqttClient(
        MqttSettings(broker="external", port=port, **settings),
        "irzhub-test",
        WILL,
        health,
        metrics,
        timing=timing or Timing(ping_after_s=0.3, lost_after_s=1.0),
        backoff=backoff or Backoff(first_s=0.05, away_s=0.1, refused_s=0.2),
        first_version=version,
    )
    found = Running(client, use, health, metrics)
    found.task = tasks.spawn(client.run(use.greet, use.serve), "client")
    try:
        yield found
    finally:
        await tasks.close()


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def scripted(talk: Talk) -> AsyncIterator[int]:
    """Listen on a port and talk to whoever connects, as no real broker would; yield the port."""
    talking: set[asyncio.Task[None] | None] = set()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talking.add(asyncio.current_task())
        try:
            await talk(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(meet, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        if talking:
            await asyncio.wait({task for task in talking if task is not None})


async def test_it_connects_and_says_so(broker: Mosquitto) -> None:
    async with running(broker.port) as client:
        await client.until(lambda: client.state == "up")
        assert client.detail == f"127.0.0.1:{broker.port}, MQTT 5"
        assert client.connected == 1
    assert client.connected == 0


async def test_it_ends_for_good_when_serving_ends(broker: Mosquitto) -> None:
    async with running(broker.port) as client:
        await client.until(lambda: client.state == "up")
        client.use.stop.set()
        assert client.task is not None
        await asyncio.wait_for(client.task, 5)


async def test_it_waits_for_a_broker_that_is_not_there_yet(tmp_path: Path) -> None:
    broker = Mosquitto(tmp_path)
    async with running(broker.port) as client:
        await client.until(lambda: client.state == "down")
        assert client.detail == f"127.0.0.1:{broker.port}: connection refused"
        async with broker:
            await client.until(lambda: client.state == "up")


async def test_each_outage_gets_a_fresh_session(broker: Mosquitto) -> None:
    async with running(broker.port) as client:
        for count in range(1, 4):
            await client.until(lambda: client.state == "up")
            assert len(client.use.sessions) == count
            broker.kill()
            await client.until(lambda: client.state == "down")
            assert client.connected == 0
            await broker.start()
    assert len({id(session) for session in client.use.sessions}) == 3


async def test_a_broker_that_knows_only_311_gets_311() -> None:
    """It hangs up on MQTT 5 with the refusal that 3.1.1 has for it, as amqtt does."""
    seen: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connect = await reader.read(1000)
        seen.append(connect[connect.index(b"MQTT") + 4])
        writer.write(b"\x20\x02\x00\x01" if seen[-1] == 5 else b"\x20\x02\x00\x00")
        if seen[-1] != 5:
            await reader.read()

    async with scripted(serve) as port, running(port) as client:
        await client.until(lambda: client.state == "up")
        assert client.detail.endswith("MQTT 3.1.1")
    assert seen == [5, 4]


async def test_311_can_be_asked_for_at_once(broker: Mosquitto) -> None:
    async with running(broker.port, version=V311) as client:
        await client.until(lambda: client.state == "up")
        assert client.detail.endswith("MQTT 3.1.1")


async def test_a_goodbye_of_the_broker_is_told_in_words() -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(b"\x20\x03\x00\x00\x00")
        await asyncio.sleep(0.05)
        writer.write(b"\xe0\x02\x8e\x00")
        await asyncio.sleep(0.05)

    async with scripted(serve) as port, running(port) as client:
        await client.until(lambda: client.state == "down")
        assert "another client has taken our client id" in client.detail


async def test_two_hubs_with_one_id_are_told_so(broker: Mosquitto) -> None:
    async with running(broker.port) as first, running(broker.port) as second:
        await first.until(lambda: "same hub.id" in first.detail + second.detail)


async def test_one_that_never_answers_is_given_up() -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        async with running(mute.getsockname()[1], timing=Timing(connect_s=0.3)) as client:
            await client.until(lambda: client.state == "down")
            assert "no answer to CONNECT within 0.3 s" in client.detail


@pytest.mark.parametrize("noise", [b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00" * 4096, b"\xff" * 4096])
async def test_one_that_talks_nonsense_is_given_up(noise: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1000)
        writer.write(noise)
        await asyncio.sleep(0.1)

    async with scripted(serve) as port, running(port, timing=Timing(connect_s=0.5)) as client:
        await client.until(lambda: client.state == "down")
        assert client.use.sessions == []


async def test_at_most_two_tries_a_second_whatever_the_broker_does() -> None:
    tries = 0

    async def hang_up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal tries
        tries += 1

    async with scripted(hang_up) as port, running(port, backoff=Backoff()):
        await asyncio.sleep(4)
    assert 2 <= tries <= 9


async def test_a_refusal_in_greeting_is_shown_and_tried_again(broker: Mosquitto) -> None:
    async with running(broker.port) as client:
        client.use.refusal = MqttRefused("set mqtt.base_topic")
        await client.until(lambda: "set mqtt.base_topic" in client.detail)
        assert client.connected == 0
        client.use.refusal = None
        await client.until(lambda: client.state == "up")


async def test_a_bug_in_serving_is_logged_and_does_not_end_it(
    broker: Mosquitto, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(broker.port) as client:
        client.use.fault = ZeroDivisionError("a bug")
        await client.until(lambda: "ZeroDivisionError" in client.detail)
        client.use.fault = None
        await client.until(lambda: client.state == "up")
    assert "the MQTT bridge failed" in caplog.text


@pytest.fixture
def certificate(tmp_path: Path) -> TlsPair:
    return make_certificate(tmp_path)


@needs_mosquitto
async def test_tls_with_a_known_authority(tmp_path: Path, certificate: TlsPair) -> None:
    async with (
        Mosquitto(tmp_path, tls=certificate) as broker,
        running(broker.port, tls=True, ca_file=certificate.certificate) as client,
    ):
        await client.until(lambda: client.state == "up")
        await client.use.sessions[0].confirm(Message("in", b"1"))


@needs_mosquitto
async def test_tls_with_strangers_is_refused(tmp_path: Path, certificate: TlsPair) -> None:
    other = make_certificate(tmp_path, "other.example")
    async with Mosquitto(tmp_path, tls=certificate) as broker, Mosquitto(tmp_path, tls=other) as foreign:
        for port, ca_file, words in (
            (broker.port, None, "certificate verify failed"),
            (broker.port, other.certificate, "certificate verify failed"),
            (foreign.port, other.certificate, "certificate"),
            (broker.port, tmp_path / "nothing.pem", "mqtt.ca_file"),
        ):
            async with running(port, tls=True, ca_file=ca_file) as client:
                await client.until(lambda: client.state == "down")
                assert words in client.detail
                assert client.use.sessions == []


@needs_mosquitto
async def test_plain_words_to_a_tls_port_are_given_up(tmp_path: Path, certificate: TlsPair) -> None:
    async with Mosquitto(tmp_path, tls=certificate) as broker, running(broker.port) as client:
        await client.until(lambda: client.state == "down")
        assert client.use.sessions == []


def test_the_wait_grows_and_starts_again() -> None:
    backoff = Backoff()
    waits = [backoff.next_s(is_refused=False) for _ in range(50)]
    assert all(0.5 <= wait <= 5 for wait in waits)
    assert max(waits[10:]) > 2.5
    assert len(set(waits[10:])) > 10, "without jitter a fleet of hubs comes back at once"
    refused = [backoff.next_s(is_refused=True) for _ in range(50)]
    assert 15 <= max(refused) <= 30
    backoff.reset()
    assert backoff.next_s(is_refused=False) <= 1


async def test_nobody_there_costs_nothing_but_time() -> None:
    async with running(free_port(), backoff=Backoff()) as client:
        await client.until(lambda: client.state == "down")
        await asyncio.sleep(0.3)
        assert client.state == "down"
