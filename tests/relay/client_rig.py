"""A channel behind a real port, with a meter that a test speaks for."""

import asyncio
import socket
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar

from irzhub.core.clock import SystemClock
from irzhub.core.metrics import Metrics
from irzhub.relay.channel import Channel
from irzhub.relay.context import ClientSide
from irzhub.relay.messages import ClientClosed, ClientOpened, ToHub
from irzhub.relay.pipe import SMALL, MeterEnd, Pipe
from irzhub.relay.polling_port import PollingPorts
from irzhub.relay.settings import ModemSettings, RelaySettings, SharingSettings

_M = TypeVar("_M", bound=ToHub)
PATIENCE_S = 5.0
QUICK = SharingSettings(idle_s=0.15, late_guard_s=0.15, late_guard_max_s=1.0, answer_timeout_s=1.0, answer_gap_s=0.1)
"""The usual rules in a shorter time."""


async def until(condition: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.005)


@dataclass
class Meter:
    """A modem's session as its channel sees it: keeps what it is told, and how long it was not read."""

    channel: Channel
    generation: int = 1
    is_write_paused: bool = False
    heard: bytearray = field(default_factory=bytearray)
    writes: int = 0
    paused_at: float | None = None
    pauses: list[float] = field(default_factory=list)
    answers: Callable[[bytes], bytes | None] | None = None
    pipe: Pipe | None = None
    passed_bytes: tuple[int, int] = (0, 0)

    @property
    def meter_end(self) -> MeterEnd:
        return MeterEnd(bytes, None, self.write)

    def passed(self, rx_bytes: int, tx_bytes: int, heard_at: float | None) -> None:
        assert (heard_at is not None) == (rx_bytes > 0)
        self.passed_bytes = self.passed_bytes[0] + rx_bytes, self.passed_bytes[1] + tx_bytes

    def write(self, payload: bytes) -> None:
        self.heard += payload
        self.writes += 1
        if self.answers is not None and (answer := self.answers(payload)) is not None:
            asyncio.get_running_loop().call_soon(self.says, answer)

    def pause_reading(self) -> None:
        assert self.paused_at is None
        self.paused_at = time.monotonic()

    def resume_reading(self) -> None:
        assert self.paused_at is not None
        self.pauses.append(time.monotonic() - self.paused_at)
        self.paused_at = None

    def says(self, data: bytes) -> None:
        """Say something, as a session passes it on."""
        if self.pipe is None or len(data) > SMALL or not self.pipe.answer(data):
            self.channel.modem_data(data)

    async def hears(self, data: bytes) -> None:
        """Wait until exactly this was sent to the meter, and forget it."""
        await until(lambda: len(self.heard) >= len(data))
        assert bytes(self.heard) == data
        self.heard.clear()

    async def pours(self, data: bytes, piece: int = 16384) -> None:
        """Say a lot, as a modem's socket would: nothing while it is not read, and not all in one turn."""
        for start in range(0, len(data), piece):
            while self.paused_at is not None:
                await asyncio.sleep(0.001)
            self.says(data[start : start + piece])
            await asyncio.sleep(0)


class Client:
    """A polling program: a socket of its own, read only when a test says so."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._loop = asyncio.get_running_loop()

    @property
    def name(self) -> str:
        host, port = self.sock.getsockname()[:2]
        return f"{host}:{port}"

    async def says(self, data: bytes) -> None:
        await self._loop.sock_sendall(self.sock, data)

    async def hears(self, data: bytes) -> None:
        assert await self.reads(len(data)) == data

    async def reads(self, size: int) -> bytes:
        """Return `size` bytes, fewer when the other side closes before."""
        received = bytearray()
        while len(received) < size:
            data = await asyncio.wait_for(self._loop.sock_recv(self.sock, size - len(received)), PATIENCE_S)
            if not data:
                break
            received += data
        return bytes(received)

    async def is_closed(self) -> bool:
        """Wait until the other side closes; nothing may come before."""
        try:
            return await asyncio.wait_for(self._loop.sock_recv(self.sock, 1), PATIENCE_S) == b""
        except ConnectionResetError:
            return True

    async def hears_nothing(self, seconds: float = 0.05) -> None:
        await asyncio.sleep(seconds)
        try:
            received = self.sock.recv(65536)
        except BlockingIOError:
            return
        raise AssertionError(f"{received!r} came")

    def half_close(self) -> None:
        self.sock.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self.sock.close()

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


class Rig:
    """One modem's client side, from port to link."""

    def __init__(self, relay: RelaySettings | None = None, *, is_modem_there: bool = True, **settings: Any) -> None:
        self.messages: list[ToHub] = []
        self.metrics = Metrics()
        self.clients: list[Client] = []
        self.side = ClientSide(relay or RelaySettings(), self.messages.append, SystemClock(), self.metrics)
        defaults = {"modem": "868441036775234", "imei": "868441036775234", "host": "127.0.0.1", "sharing": QUICK}
        self.channel = Channel(ModemSettings(**{**defaults, **settings}), self.side)
        self.ports = PollingPorts(self.side)
        self.meter = Meter(self.channel)
        self.port = 0
        self._is_modem_there = is_modem_there

    async def __aenter__(self) -> Self:
        await self.ports.__aenter__()
        self.ports.put(self.channel)
        if self._is_modem_there:
            self.channel.attach(self.meter)
        await until(lambda: (port := self.ports.get(self.channel.settings.modem)) and port.is_open)
        port = self.ports.get(self.channel.settings.modem)
        assert port is not None
        self.port = port.port
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.ports.__aexit__(kind, error, trace)
        self.channel.close("hub_stop")
        for client in self.clients:
            client.close()
        await asyncio.sleep(0.01)

    async def connect(self, *, receive_buffer: int | None = None, is_admitted: bool = True) -> Client:
        """Connect a program and wait until the channel has it."""
        there = len(self.opened)
        sock = socket.socket()
        sock.setblocking(False)
        if receive_buffer is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.clients.append(client := Client(sock))
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.port))
        if is_admitted:
            await until(lambda: len(self.opened) > there)
        return client

    def told(self, kind: type[_M]) -> list[_M]:
        """Return the messages of one kind that the hub got so far."""
        return [message for message in self.messages if isinstance(message, kind)]

    @property
    def opened(self) -> list[ClientOpened]:
        return self.told(ClientOpened)

    async def closed(self, count: int = 1) -> list[ClientClosed]:
        """Wait until so many programs are gone, and return how."""
        await until(lambda: len(self.told(ClientClosed)) >= count)
        return self.told(ClientClosed)

    @property
    def dropped(self) -> dict[str, float]:
        """Return the dropped bytes by reason."""
        return {labels[0]: value for labels, value in self.side.dropped.values.items()}

    def recorded(self) -> list[tuple[str, bytes]]:
        """Return what the flight recorder has, without the times."""
        entries = self.side.rings.read(self.channel.settings.modem, 0.0, 0.0)
        return [(direction, data) for _, direction, data in entries]
