"""The bad wire does what it says, so that a test through it proves something."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from tests.faults.proxy import Proxy


@pytest.fixture
async def wire() -> AsyncIterator[Proxy]:
    """A proxy before a server that sends everything back."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
            writer.write(b"bye")
        except ConnectionError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with Proxy(server.sockets[0].getsockname()[1]) as proxy:
        yield proxy
    server.close()


async def test_a_healthy_wire_changes_nothing_and_passes_a_half_close(wire: Proxy) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    writer.write(bytes(range(256)) * 4096)
    writer.write_eof()

    assert await reader.read(-1) == bytes(range(256)) * 4096 + b"bye"
    assert wire.accepted == 1
    writer.close()


async def test_latency_delays_and_costs_no_throughput(wire: Proxy) -> None:
    wire.up.latency_s = 0.3
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    began = time.monotonic()
    for number in range(10):
        writer.write(b"%d" % number)
        await asyncio.sleep(0.02)

    assert await reader.readexactly(10) == b"0123456789"
    assert 0.25 <= time.monotonic() - began < 2.5
    writer.close()


async def test_bandwidth_and_slices(wire: Proxy) -> None:
    wire.up.slice_bytes, wire.up.bytes_per_s = 1, 500
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    began = time.monotonic()
    writer.write(b"x" * 200)

    first = await reader.read(100)
    assert len(first) < 100
    await reader.readexactly(200 - len(first))
    assert time.monotonic() - began >= 0.4
    writer.close()


async def test_a_hang_holds_all_back_and_then_lets_it_go(wire: Proxy) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    wire.hang()
    writer.write(b"held")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.read(4), 0.3)
    wire.flow()

    assert await asyncio.wait_for(reader.read(4), 5) == b"held"
    writer.close()


async def test_the_limit_a_reset_and_a_closed_wire_are_resets(wire: Proxy) -> None:
    wire.down.limit_bytes = 100
    for data in (b"x" * 101, b"x"):
        reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
        writer.write(data)
        if data == b"x":
            assert await reader.read(1) == b"x"
            wire.reset_peers()
        with pytest.raises(ConnectionResetError):
            await asyncio.wait_for(reader.read(-1), 5)
        writer.close()
    wire.close()
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", wire.port)
    await wire.open()
    _, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    writer.close()


async def test_no_answer_comes_to_the_last_words(wire: Proxy) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    wire.last_words = b"COMMIT"
    writer.write(b"INSERT")
    assert await reader.readexactly(6) == b"INSERT"
    writer.write(b"COMMIT")
    with pytest.raises(ConnectionResetError):
        await asyncio.wait_for(reader.read(-1), 5)
    writer.close()

    wire.heal()
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    writer.write(b"COMMIT")
    assert await reader.readexactly(6) == b"COMMIT"
    writer.close()


async def test_a_slow_close_comes_late(wire: Proxy) -> None:
    wire.up.slow_close_s = 0.3
    reader, writer = await asyncio.open_connection("127.0.0.1", wire.port)
    began = time.monotonic()
    writer.write_eof()

    assert await reader.read(-1) == b"bye"
    assert time.monotonic() - began >= 0.25
    writer.close()
