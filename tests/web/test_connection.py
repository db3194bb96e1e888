"""Slow and silent peers lose their sockets; the others are served meanwhile. Real sockets, short limits."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest

from irzhub.config.settings import WebSettings
from irzhub.web.connection import HttpLimits
from tests.web.conftest import IMEI, TOKENS, Hub

SHORT = HttpLimits(head_s=0.3, idle_s=0.6, body_s=0.3, handler_s=1.0, stall_s=0.5, connections=60)
PATCH = (
    f"PATCH /api/v1/modems/{IMEI} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKENS['admin']}\r\n"
    "Content-Type: application/json\r\nContent-Length: 100\r\n\r\n"
).encode()
LIST = (
    f"GET /api/v1/modems?limit=1000 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKENS['admin']}\r\n\r\n"
).encode()
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def limits(request: pytest.FixtureRequest) -> HttpLimits:
    given: HttpLimits = getattr(request, "param", SHORT)
    return given


@dataclass
class Peer:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def say(self, data: bytes) -> None:
        if self.writer.is_closing():  # uvloop would not call it a lost connection
            raise ConnectionResetError
        self.writer.write(data)
        await self.writer.drain()

    async def rest(self, within_s: float = 3.0) -> bytes:
        """Read until the server closes."""
        async with asyncio.timeout(within_s):
            with contextlib.suppress(ConnectionResetError):
                return await self.reader.read(1 << 20)
            return b""

    async def whole_rest(self, within_s: float = 3.0) -> bytes:
        found = b""
        async with asyncio.timeout(within_s):
            with contextlib.suppress(ConnectionResetError):
                while chunk := await self.reader.read(65536):
                    found += chunk
        return found

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


@dataclass
class Peers:
    hub: Hub
    all: list[Peer]

    async def dial(self, count: int = 1, limit: int = 65536) -> list[Peer]:
        opened = [
            Peer(*await asyncio.open_connection("127.0.0.1", self.hub.server.port, limit=limit)) for _ in range(count)
        ]
        self.all += opened
        return opened


@pytest.fixture
async def peers(hub: Hub) -> AsyncIterator[Peers]:
    found = Peers(hub, [])
    yield found
    for peer in found.all:
        await peer.close()


async def test_fifty_half_sent_headers_are_cut(peers: Peers) -> None:
    opened = await peers.dial(50)
    for peer in opened:
        await peer.say(b"GET /healthz HTTP/1.1\r\nHost: loc")

    rests = await asyncio.gather(*(peer.whole_rest() for peer in opened))

    assert rests == [b""] * 50
    assert (await peers.hub.get("/healthz")).status == 200


async def test_a_header_that_drips_is_cut_all_the_same(peers: Peers) -> None:
    (peer,) = await peers.dial()
    began = asyncio.get_running_loop().time()

    with contextlib.suppress(ConnectionError):
        for byte in HEALTH * 10:
            if peer.reader.at_eof() or peer.writer.is_closing():
                break
            await peer.say(bytes((byte,)))
            await asyncio.sleep(0.02)

    assert await peer.whole_rest() == b""
    assert asyncio.get_running_loop().time() - began < 2


async def test_fifty_that_say_nothing_are_cut(peers: Peers) -> None:
    opened = await peers.dial(50)

    assert await asyncio.gather(*(peer.whole_rest() for peer in opened)) == [b""] * 50


async def test_fifty_half_sent_bodies_are_told_and_cut(peers: Peers) -> None:
    peers.hub.add_modem()
    opened = await peers.dial(50)
    for peer in opened:
        await peer.say(PATCH + b'{"name":')

    rests = await asyncio.gather(*(peer.whole_rest() for peer in opened))

    assert {rest.partition(b"\r\n")[0] for rest in rests} == {b"HTTP/1.1 408 Request Timeout"}
    assert all(b'"code": "body_too_slow"' in rest for rest in rests)


async def test_who_leaves_in_the_middle_of_a_body_fills_no_log(peers: Peers, caplog: pytest.LogCaptureFixture) -> None:
    peers.hub.add_modem()
    for rest in (b'{"name":', b""):
        (peer,) = await peers.dial()
        await peer.say(PATCH + rest)
        await asyncio.sleep(0.05)
        await peer.close()
    async with asyncio.timeout(2):
        while len(peers.hub.server._connections) > 0:
            await asyncio.sleep(0.02)
    await asyncio.sleep(0.1)

    assert caplog.text == ""


async def test_a_socket_is_used_again_and_cut_when_it_is_idle(peers: Peers) -> None:
    (peer,) = await peers.dial()
    await peer.say(HEALTH)
    await asyncio.sleep(0.4)  # longer than a header may take, shorter than idle may last
    await peer.say(HEALTH)

    rest = await peer.whole_rest()

    assert rest.count(b"HTTP/1.1 200 OK") == 2


@pytest.mark.parametrize("limits", [replace(SHORT, idle_s=60)], indirect=True)
async def test_a_header_that_stops_after_a_good_request_is_cut_too(peers: Peers) -> None:
    (peer,) = await peers.dial()
    await peer.say(HEALTH)
    await asyncio.sleep(0.1)
    await peer.say(b"GET /healthz HT")

    assert (await peer.whole_rest()).count(b"HTTP/1.1 200 OK") == 1


@pytest.mark.parametrize("limits", [replace(SHORT, idle_s=60)], indirect=True)
async def test_one_that_does_not_read_its_answers_is_cut(peers: Peers, caplog: pytest.LogCaptureFixture) -> None:
    for number in range(2000):
        peers.hub.add_modem(str(868441036000000 + number))
    (peer,) = await peers.dial(limit=1)
    with contextlib.suppress(ConnectionError):
        for _ in range(30):
            await peer.say(LIST)

    async with asyncio.timeout(5):
        while len(peers.hub.server._connections) > 0:
            await asyncio.sleep(0.05)

    assert (await peers.hub.get("/healthz")).status == 200
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize("limits", [replace(SHORT, idle_s=0.4)], indirect=True)
async def test_a_slow_reader_of_long_answers_gets_all_of_them(peers: Peers) -> None:
    for number in range(1000):
        peers.hub.add_modem(str(868441036000000 + number))
    (peer,) = await peers.dial(limit=1)
    for _ in range(10):
        await peer.say(LIST)
    found, began = b"", asyncio.get_running_loop().time()

    async with asyncio.timeout(20):
        while chunk := await peer.reader.read(100_000):
            found += chunk
            await asyncio.sleep(0.02)

    assert found.count(b"HTTP/1.1 200 OK") == 10
    assert asyncio.get_running_loop().time() - began > 0.8  # twice what an idle one may take


async def test_beyond_the_number_of_sockets_the_longest_idle_one_goes(peers: Peers) -> None:
    first, *_ = await peers.dial(60)
    (newcomer,) = await peers.dial()

    await newcomer.say(HEALTH)

    assert (await newcomer.rest()).startswith(b"HTTP/1.1 200 OK")
    assert await first.whole_rest(0.25) == b""


async def test_what_is_no_http_is_told_once_without_a_trace(peers: Peers, caplog: pytest.LogCaptureFixture) -> None:
    for noise in (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"SSH-2.0-scan\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
    ):
        (peer,) = await peers.dial()
        await peer.say(noise)
        rest = await peer.whole_rest()
        assert b" 400 Bad Request\r\n" in rest, noise
        assert b"application/problem+json" in rest
        assert b"Content-Security-Policy" in rest
    assert "Traceback" not in caplog.text


async def test_stopping_does_not_wait_for_silent_peers(peers: Peers) -> None:
    await peers.dial(5)
    began = asyncio.get_running_loop().time()

    await peers.hub.server.__aexit__(None, None, None)

    assert asyncio.get_running_loop().time() - began < 1


def test_by_default_the_web_is_on_loopback() -> None:
    assert WebSettings().host == "127.0.0.1"
