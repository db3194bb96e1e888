"""Servers for the one HTTP client: a listener of asyncio that answers what a test tells it to."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import pytest

Talk: TypeAlias = Callable[[asyncio.StreamReader, asyncio.StreamWriter, str], Awaitable[None]]
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood"


@dataclass
class Listener:
    """A server on some of this machine's addresses, with one port on all of them.

    `asked` holds each request as it came: the address that was called, and the bytes.
    """

    port: int = 0
    answer: bytes = OK
    talk: Talk | None = None
    asked: list[tuple[str, bytes]] = field(default_factory=list)
    servers: list[asyncio.Server] = field(default_factory=list)

    async def open(self, *hosts: str) -> None:
        for host in hosts:
            server = await asyncio.start_server(self._serve, host, self.port)
            self.port = server.sockets[0].getsockname()[1]
            self.servers.append(server)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called = writer.get_extra_info("sockname")[0]
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next((int(each[15:]) for each in head.split(b"\r\n") if each.startswith(b"Content-Length:")), 0)
            self.asked.append((called, head + await reader.readexactly(length)))
            if self.talk is not None:
                await self.talk(reader, writer, called)
            else:
                writer.write(self.answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def close(self) -> None:
        for server in self.servers:
            server.close()
            await server.wait_closed()


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    """A server on 127.0.0.2."""
    server = Listener()
    await server.open("127.0.0.2")
    yield server
    await server.close()


class Names:
    """A resolver that knows what a test tells it; a list of lists answers another one each time."""

    def __init__(self, **names: Any) -> None:
        self._names = {name.replace("_", "."): found for name, found in names.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        found = self._names.get(host)
        if found is None:
            raise OSError(f"no such name: {host}")
        return list(found.pop(0)) if isinstance(found[0], list) else list(found)
