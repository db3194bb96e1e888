"""Whatever dials the modems' port: a clear close, few log lines, flat memory, no row and no topic."""

import asyncio
import contextlib
import re
import socket
import time
from collections import Counter

import pytest

from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import ModemOptions
from tests.e2e.hub_process import HubProcess
from tests.e2e.subscriber import Subscriber

IMEI = "868441036775234"
GREETINGS = {
    "http": b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n",
    "tls": bytes.fromhex("16030100f8010000f40303") + bytes(200),
    "mqtt": bytes.fromhex("101000044d5154540402003c000461626364"),
    "ssh": b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n",
    "socks": b"\x05\x01\x00",
    "no newline": b"AT$IMEI=" + b"9" * 65536,
    "garbage": bytes(range(256)) * 8,
    "nul": b"AT$IMEI=86844103677\x00234,PSW=1,\n",
    "path": b"AT$IMEI=../../../etc/passwd,PSW=1,\n",
    "topic": b"AT$IMEI=+/#,PSW=1,\n",
    "quotes": b"AT$IMEI='; DROP TABLE modems;--,\n",
    "arabic digits": "AT$IMEI=٨٦٨٤٤١٠٣٦٧٧٥٢٣٤,PSW=1,\n".encode(),
    "full-width digits": "AT$IMEI=８６８４４１０３６７７５２３４,PSW=1,\n".encode(),
    "short": b"AT$IMEI=8684410,PSW=1,\n",
    "long": b"AT$IMEI=868441036775234868,PSW=1,\n",
    "channel 9": b"AT$IMEI=868441036775234,CHN=9999999,\n",
    "empty": b"AT$IMEI=,,,,\n",
}


async def answer_of(port: int, data: bytes, within_s: float = 5.0) -> bytes:
    """Send bytes and return what comes until the hub closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
        async with asyncio.timeout(within_s):
            with contextlib.suppress(ConnectionError):
                return await reader.read(65536)
        return b""
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def test_strangers_are_closed_at_once_and_leave_no_trace_but_few_log_lines(hub: HubProcess) -> None:
    with Subscriber(hub.mqtt_port) as reader:
        await asyncio.to_thread(reader.wait, lambda r: r.retained().get("irzhub/bridge/state") == b"online")
        before = hub.rss

        for _ in range(20):
            for name, greeting in GREETINGS.items():
                assert await answer_of(hub.modem_port, greeting) == b"", name

        assert hub.rss - before < 10 * 1024 * 1024
        assert await hub.modems() == {}
        await asyncio.sleep(1)
        topics = {message.topic for message in reader.messages}
        assert topics <= {"irzhub/bridge/state", "irzhub/bridge/info", "irzhub/bridge/event"}
        rejected = Counter(event["data"]["reason"] for event in reader.events("rejected"))
        assert rejected
        assert max(rejected.values()) <= 2, rejected
    lines = Counter(re.sub(r"\d+", "N", line.partition(" ")[2]) for line in hub.log.splitlines() if "127.0.0.1" in line)
    assert max(lines.values()) <= 3, lines.most_common(3)
    assert "Traceback" not in hub.log


async def test_slow_and_silent_sockets_do_not_keep_a_good_modem_out(hub: HubProcess) -> None:
    loop, before = asyncio.get_running_loop(), hub.rss
    sockets = [await dial(hub.modem_port) for _ in range(2020)]
    dripping = sockets[2000:]

    async def drip() -> None:
        for byte in b"AT$IMEI=8684410367752":
            for each in dripping:
                with contextlib.suppress(OSError):
                    each.send(bytes((byte,)))
            await asyncio.sleep(1)

    task = loop.create_task(drip())
    began = time.monotonic()
    async with SimulatedModem("127.0.0.1", hub.modem_port, IMEI):
        assert time.monotonic() - began < 3
        assert hub.rss - before < 40 * 1024 * 1024

        async with asyncio.timeout(45):
            for each in sockets:
                with contextlib.suppress(ConnectionError):
                    assert await loop.sock_recv(each, 1) == b""
        assert set(await hub.modems()) == {IMEI}
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    for each in sockets:
        each.close()


async def dial(port: int) -> socket.socket:
    """Return a plain connected socket: nothing reads it and nothing writes to it."""
    dialled = socket.socket()
    dialled.setblocking(False)
    await asyncio.get_running_loop().sock_connect(dialled, ("127.0.0.1", port))
    return dialled


@pytest.mark.parametrize("password", ["wrong-one", None, "right-one ", "х" * 20])
async def test_wrong_password_never_displaces_the_modem(hub: HubProcess, password: str | None) -> None:
    began = time.monotonic()
    async with SimulatedModem("127.0.0.1", hub.modem_port, IMEI, ModemOptions(password="right-one")) as modem:
        psw = "" if password is None else f"PSW={password},"
        for _ in range(50):
            assert await answer_of(hub.modem_port, f"AT$IMEI={IMEI},{psw}TYP=ATM,CSQ=5,\n".encode()) == b""

        assert modem.is_online
        assert modem.counts.dials == 1
        found = (await hub.modems())[IMEI]
        assert found["state"] == "online"
    lines = [line for line in hub.log.splitlines() if "turned away" in line or "reject" in line]
    minutes = 1 + (time.monotonic() - began) // 60  # two reasons, each told once a minute
    assert 1 <= len(lines) <= 2 * minutes, lines
    # Words and no digits: a port or a time may read like a number.
    assert not any(secret in hub.log for secret in ("right-one", "wrong-one"))
