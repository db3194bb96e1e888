"""The embedded broker as a child process: it serves, comes back when killed, and dies with the hub."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import psutil
import pytest
from paho.mqtt.enums import MQTTProtocolVersion

from irzhub.config.settings import MqttSettings
from irzhub.core.bus import Bus
from irzhub.core.exceptions import StartError
from irzhub.core.health import Health
from irzhub.mqtt.broker import BrokerTiming, EmbeddedBroker
from irzhub.mqtt.mosquitto import find_mosquitto
from tests.mosquitto import free_port, needs_mosquitto
from tests.mqtt.reader import Reader, read_retained

QUICK = BrokerTiming(port_s=0.5, restart_first_s=0.1)
V311 = MQTTProtocolVersion.MQTTv311


def nothing() -> None:
    return None


BOTH = pytest.mark.parametrize(
    "find", [pytest.param(find_mosquitto, marks=needs_mosquitto, id="mosquitto"), pytest.param(nothing, id="amqtt")]
)


def build(
    folder: Path,
    find: Callable[[], Path | None] = find_mosquitto,
    *,
    port: int | None = None,
    timing: BrokerTiming = QUICK,
    host: str = "127.0.0.1",
    username: str | None = None,
    password: str | None = None,
) -> tuple[EmbeddedBroker, int, Health]:
    port = port or free_port()
    health = Health(Bus())
    settings = MqttSettings(host=host, port=port, username=username, password=password)
    return EmbeddedBroker(settings, folder, health, find=find, timing=timing), port, health


def state(health: Health) -> str:
    found = health.get("broker")
    return "" if found is None else found.state


async def until(holds: Callable[[], object], timeout_s: float = 15.0) -> None:
    deadline = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < deadline, "it did not come true in time"
        await asyncio.sleep(0.02)


@BOTH
async def test_it_serves_and_says_what_it_is(tmp_path: Path, find: Callable[[], Path | None]) -> None:
    broker, port, health = build(tmp_path, find)
    async with broker, Reader(port, version=V311) as reader:
        reader.publish("hello", "world")
        await reader.message("hello", "world")
        found = health.get("broker")

    assert found is not None and found.state == "up"
    assert ("1,500 messages" in found.detail) == (broker.kind == "amqtt")
    assert broker.pid is None


@BOTH
async def test_what_was_retained_is_there_after_a_restart(tmp_path: Path, find: Callable[[], Path | None]) -> None:
    broker, port, _ = build(tmp_path, find)
    async with broker, Reader(port, version=V311) as reader:
        for number in range(100):
            reader.publish(f"kept/{number}", "x", retain=True)
        reader.publish("kept/7", "", retain=True)
        await reader.message("kept/7", "")
    again, port, _ = build(tmp_path, find)
    async with again:
        kept = await read_retained(port, version=V311)

    assert set(kept) == {f"kept/{number}" for number in range(100)} - {"kept/7"}


@BOTH
async def test_it_comes_back_after_a_kill_with_what_it_retained(
    tmp_path: Path, find: Callable[[], Path | None]
) -> None:
    broker, port, health = build(tmp_path, find)
    async with broker:
        async with Reader(port, version=V311) as reader:
            for number in range(100):
                reader.publish(f"kept/{number}", "x", retain=True)
            await reader.message("kept/99")
        await asyncio.sleep(3)  # it writes once a second

        def is_another(pid: int) -> bool:
            return broker.pid != pid and state(health) == "up"

        for _ in range(2):
            first = broker.pid
            assert first is not None
            os.kill(first, signal.SIGKILL)
            await until(partial(is_another, first))
        assert len(await read_retained(port, version=V311)) == 100


@BOTH
async def test_a_password_is_asked_for(tmp_path: Path, find: Callable[[], Path | None]) -> None:
    broker, port, _ = build(tmp_path, find, username="hub", password="right")
    async with broker:
        async with Reader(port, version=V311, username="hub", password="right") as reader:
            reader.publish("in", "1")
            await reader.message("in", "1")
        for name, password in (("hub", "wrong"), ("other", "right"), (None, None)):
            with pytest.raises(AssertionError, match="did not come"):
                await Reader(port, version=V311, username=name, password=password, patience_s=1.0).__aenter__()


@needs_mosquitto
async def test_the_password_lies_nowhere_in_clear(tmp_path: Path) -> None:
    for find in (find_mosquitto, nothing):
        broker, _, _ = build(tmp_path, find, username="hub", password="very-secret")
        async with broker:
            assert broker.pid is not None
            assert "very-secret" not in " ".join(psutil.Process(broker.pid).cmdline())
            for path in (tmp_path / "broker").iterdir():
                assert b"very-secret" not in path.read_bytes()
    assert (tmp_path / "broker" / "passwords").stat().st_mode & 0o777 == 0o600


@BOTH
async def test_a_killed_hub_takes_its_broker_with_it(tmp_path: Path, find: Callable[[], Path | None]) -> None:
    port = free_port()
    code = f"""
        import asyncio, sys
        from pathlib import Path
        from irzhub.config.settings import MqttSettings
        from irzhub.core.bus import Bus
        from irzhub.core.health import Health
        from irzhub.mqtt.broker import EmbeddedBroker
        from irzhub.mqtt.mosquitto import find_mosquitto

        async def main():
            find = find_mosquitto if {find is find_mosquitto} else lambda: None
            settings = MqttSettings(port={port})
            async with EmbeddedBroker(settings, Path({str(tmp_path)!r}), Health(Bus()), find=find) as broker:
                print(broker.pid, flush=True)
                await asyncio.sleep(60)

        asyncio.run(main())
    """
    hub = subprocess.Popen([sys.executable, "-c", textwrap.dedent(code)], stdout=subprocess.PIPE, text=True)
    try:
        assert hub.stdout is not None
        child = psutil.Process(int(hub.stdout.readline()))
        hub.kill()
        hub.wait(5)
        await until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, 5.0)
        again, _, health = build(tmp_path, find, port=port, timing=BrokerTiming())
        async with again:
            assert state(health) == "up"
    finally:
        hub.kill()
        hub.wait(5)
        assert hub.stdout is not None
        hub.stdout.close()


async def test_a_busy_port_is_refused_with_the_line_to_set(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        broker, _, _ = build(tmp_path, port=port)
        began = time.monotonic()
        with pytest.raises(StartError, match=r"mqtt\.port.*mqtt\.broker: external"):
            await broker.__aenter__()
        assert time.monotonic() - began >= 0.5


@needs_mosquitto
async def test_a_port_that_becomes_free_in_time_is_taken(tmp_path: Path) -> None:
    other = socket.socket()
    other.bind(("127.0.0.1", 0))
    other.listen()
    broker, _, health = build(tmp_path, port=other.getsockname()[1], timing=BrokerTiming())
    asyncio.get_running_loop().call_later(0.5, other.close)
    async with broker:
        assert state(health) == "up"


@pytest.mark.parametrize(
    ("host", "username", "password", "words"),
    [
        ("0.0.0.0", None, None, "mqtt.username"),
        ("0.0.0.0", "hub", None, "mqtt.password"),
        ("10.0.0.5", None, None, "mqtt.host: 127.0.0.1"),
        ("127.0.0.1", "hub", None, "mqtt.password"),
        ("127.0.0.1", "a:b", "x", "without a colon"),
        ("127.0.0.1", "a\nb", "x", "printable"),
    ],
)
async def test_strangers_are_kept_out_from_the_start(
    tmp_path: Path, host: str, username: str | None, password: str | None, words: str
) -> None:
    broker, _, _ = build(tmp_path, host=host, username=username, password=password)
    with pytest.raises(StartError, match=words):
        await broker.__aenter__()


@needs_mosquitto
async def test_a_database_that_cannot_be_read_is_set_aside(tmp_path: Path) -> None:
    folder = tmp_path / "broker"
    folder.mkdir()
    (folder / "mosquitto.db").write_bytes(b"\x00\xb5\x00mosquitto db" + bytes(range(200)))
    broker, port, health = build(tmp_path)
    async with broker, Reader(port) as reader:
        assert state(health) == "up"
        reader.publish("hello", "world")
        await reader.message("hello", "world")

    assert (folder / "mosquitto.db.unreadable").exists()


@needs_mosquitto
async def test_a_broker_that_cannot_start_says_why(tmp_path: Path) -> None:
    broker, _, _ = build(tmp_path, lambda: Path("/bin/false"))
    with pytest.raises(StartError, match="exit status 1"):
        await broker.__aenter__()


@needs_mosquitto
async def test_thousands_of_retained_topics_do_not_slow_it_down(tmp_path: Path) -> None:
    broker, port, _ = build(tmp_path)
    async with broker, Reader(port) as reader:
        reader.publish("before", "1")
        await reader.message("before")
        began = time.monotonic()
        for number in range(3000):
            reader.publish(f"kept/{number}", "x" * 300, retain=True)
        await reader.message("kept/2999", timeout_s=60)
        assert time.monotonic() - began < 20, "it writes its database after each message: that takes 40 s"
