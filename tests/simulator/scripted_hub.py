"""A hub of a few lines, written by hand from docs/protocol.md: it answers hellos and does what the test says."""

import asyncio
from typing import Self

ANSWER = b"20260922140000,MOD=DAT,\r"


class ScriptedHub:
    """Listens on loopback; each accepted modem is a `Line` in `lines`."""

    def __init__(self, answer: bytes | None = ANSWER) -> None:
        self.answer = answer
        self.lines: list[Line] = []
        self._server: asyncio.Server | None = None
        self._arrived = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, backlog=1024)
        return self

    async def __aexit__(self, *exc: object) -> None:
        assert self._server is not None
        self._server.close()
        for line in self.lines:
            line.writer.transport.abort()
        await self._server.wait_closed()
        await asyncio.sleep(0)

    @property
    def port(self) -> int:
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def line(self, number: int = 0) -> "Line":
        """Wait until so many modems have said hello, and return that one's line."""
        async with asyncio.timeout(5):
            while len(self.lines) <= number:
                self._arrived.clear()
                await self._arrived.wait()
        return self.lines[number]

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            hello = await reader.readuntil(b",\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        if self.answer is not None:
            writer.write(self.answer)
        self.lines.append(Line(reader, writer, hello))
        self._arrived.set()


class Line:
    """One modem's connection, seen from the hub."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hello: bytes) -> None:
        self.reader = reader
        self.writer = writer
        self.hello = hello

    def says(self, data: str | bytes) -> None:
        """Write bytes, given as they are or in hex."""
        self.writer.write(bytes.fromhex(data) if isinstance(data, str) else data)

    async def hears(self, size: int) -> str:
        """Return the next `size` bytes in hex."""
        async with asyncio.timeout(5):
            return (await self.reader.readexactly(size)).hex().upper()

    async def hears_end(self) -> bool:
        """Wait until the modem closes or resets, True when it does within five seconds."""
        try:
            async with asyncio.timeout(5):
                return await self.reader.read() == b""
        except ConnectionResetError:
            return True
        except TimeoutError:
            return False

    async def hears_nothing(self, for_s: float = 0.1) -> bool:
        """Say whether the modem stays silent for so long."""
        try:
            async with asyncio.timeout(for_s):
                await self.reader.read(1)
        except TimeoutError:
            return True
        return False
