"""A bad wire: a TCP proxy on loopback that delays, slows, cuts up, holds back and breaks what goes through it.

    async with Proxy(hub.modem_port) as wire:
        ... dial wire.port ...
        wire.up.slice_bytes = 1
        wire.hang()

The names of the ills are those of toxiproxy; they may be changed at any moment and hold for every connection.
"""

import asyncio
import contextlib
import random
import socket
import struct
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

_CHUNK = 16384
_TAKEN_S = 0.2  # in which the far end does what it was told last
_AHEAD = 64
"""Chunks that may be on their way in one direction: the latency of a wire is not its throughput."""


@dataclass
class Ills:
    """What one direction does to bytes.

    Args:
        latency_s, jitter_s: each chunk comes so much later, give or take.
        bytes_per_s: bandwidth. slice_bytes, slice_gap_s: into which segments, and how far apart.
        limit_bytes: so many bytes of each connection pass, then both its ends are reset.
        slow_close_s: how long after the one end's FIN the other end gets it.
    """

    latency_s: float = 0.0
    jitter_s: float = 0.0
    bytes_per_s: float | None = None
    slice_bytes: int | None = None
    slice_gap_s: float = 0.0
    limit_bytes: int | None = None
    slow_close_s: float = 0.0

    def pieces(self, data: bytes) -> list[bytes]:
        """Cut data as the wire does."""
        size = self.slice_bytes or len(data)
        return [data[start : start + size] for start in range(0, len(data), size)]


@dataclass
class Proxy:
    """Listens on a port of its own and passes on to `target`; `up` is towards the target, `down` back.

    Attributes:
        last_words: once these bytes have gone up, nothing comes back any more: all connections are reset a moment
            later, and the wire hangs until `heal`.
    """

    target: int
    seed: int = 0
    up: Ills = field(default_factory=Ills)
    down: Ills = field(default_factory=Ills)
    port: int = 0
    accepted: int = 0
    last_words: bytes = b""
    _server: asyncio.Server | None = None
    _flowing: asyncio.Event = field(default_factory=asyncio.Event)
    _ends: set[asyncio.StreamWriter] = field(default_factory=set)

    async def __aenter__(self) -> Self:
        self._chance = random.Random(self.seed)
        self._flowing.set()
        await self.open()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.flow()
        self.close()
        for _ in range(200):
            if not self._ends:
                return
            await asyncio.sleep(0.01)

    async def open(self) -> None:
        """Accept connections, on the same port as before."""
        if self._server is None:
            self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port, backlog=4096)
            self.port = self._server.sockets[0].getsockname()[1]

    def close(self) -> None:
        """Refuse connections from now on, and reset those there are."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.reset_peers()

    def hang(self) -> None:
        """Partition: connections stay open and new ones are taken, but no byte passes."""
        self._flowing.clear()

    def flow(self) -> None:
        """End of `hang`: what waited goes on."""
        self._flowing.set()

    def reset_peers(self) -> None:
        """Reset both ends of every connection."""
        for end in tuple(self._ends):
            _reset(end)

    def heal(self) -> None:
        """End all ills."""
        self.up, self.down = Ills(), Ills()
        self.flow()

    async def _go_silent(self) -> None:
        self.hang()
        await asyncio.sleep(_TAKEN_S)
        self.last_words = b""
        self.reset_peers()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        self._ends.add(writer)
        far: asyncio.StreamWriter | None = None
        try:
            await self._flowing.wait()
            far_reader, far = await asyncio.open_connection("127.0.0.1", self.target)
            self._ends.add(far)
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass_on(reader, far, is_up=True))
                group.create_task(self._pass_on(far_reader, writer, is_up=False))
        except* (OSError, RuntimeError):  # uvloop raises the latter on a transport that was reset just now
            _reset(writer)
            if far is not None:
                _reset(far)
        finally:
            for end in (writer, far):
                if end is not None:
                    self._ends.discard(end)
                    end.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_up: bool) -> None:
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(_AHEAD)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._write(queue, writer, is_up))
            while data := await reader.read(_CHUNK):
                ills = self.up if is_up else self.down
                delay_s = ills.latency_s + self._chance.uniform(-ills.jitter_s, ills.jitter_s)
                await queue.put((loop.time() + max(delay_s, 0.0), data))
            await queue.put((loop.time() + (self.up if is_up else self.down).slow_close_s, b""))

    async def _write(
        self, queue: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter, is_up: bool
    ) -> None:
        loop, passed = asyncio.get_running_loop(), 0
        while True:
            due, data = await queue.get()
            await asyncio.sleep(max(due - loop.time(), 0.0))
            if not data:
                await self._flowing.wait()
                with contextlib.suppress(OSError):
                    writer.write_eof()
                return
            for piece in (self.up if is_up else self.down).pieces(data):
                await self._flowing.wait()
                ills = self.up if is_up else self.down
                if ills.limit_bytes is not None and passed + len(piece) > ills.limit_bytes:
                    raise ConnectionResetError("the limit of this wire is reached")
                passed += len(piece)
                writer.write(piece)
                await writer.drain()
                if is_up and self.last_words and self.last_words in piece:
                    await self._go_silent()
                if ills.slice_gap_s:
                    await asyncio.sleep(ills.slice_gap_s)
                if ills.bytes_per_s is not None:
                    await asyncio.sleep(len(piece) / ills.bytes_per_s)


def _reset(writer: asyncio.StreamWriter) -> None:
    transport = writer.transport
    sock: socket.socket | None = transport.get_extra_info("socket")
    with contextlib.suppress(OSError, ValueError):  # uvloop raises the latter when it is closed already
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
