"""A relay behind its door, with the hub's part played by the test and modems that are real sockets."""

import asyncio
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Self, TypeVar

from irzhub.core.clock import SystemClock
from irzhub.core.metrics import Metrics
from irzhub.relay.door import CodedDoor
from irzhub.relay.messages import ModemsListening, PortOpened, RegistrationWanted, ToHub, ToRelay
from irzhub.relay.orders import DecideRegistration, PutModem
from irzhub.relay.settings import AskSettings, ModemSettings, RelaySettings
from irzhub.relay.worker import Relay

_M = TypeVar("_M", bound=ToHub)
PATIENCE_S = 6.0
IMEI = "868441036775234"
SILENT = AskSettings(pins_s=None, pins_reporting_s=None, signal_s=None, temperature_s=None)


def relay_settings(**changes: Any) -> RelaySettings:
    """Settings for a relay on a free port of loopback, with a short pause behind the answer."""
    defaults: dict[str, Any] = {"host": "127.0.0.1", "port": 0, "command_gap_s": 0.05}
    return RelaySettings(**defaults | changes)


def modem_settings(modem: str = IMEI, **changes: Any) -> ModemSettings:
    """Settings of a modem with a port of the kernel's choice."""
    imei, _, channel = modem.partition("_")
    defaults: dict[str, Any] = {"modem": modem, "imei": imei, "host": "127.0.0.1"}
    defaults["channel"] = int(channel) if channel else None
    return ModemSettings(**defaults | changes)


def hello(imei: str = IMEI, password: str | None = "5492", *, framed: bool = False, more: str = "") -> bytes:
    """The hello of a modem, raw (as an ATM21 says it) or with encapsulation."""
    psw = "" if password is None else f"PSW={password},"
    colprot = "COLPROT=1.3," if framed else ""
    return (
        f"AT$IMEI={imei},{psw}TYP=ATM,DEV=ATM21,VER=01,REV=04,BLD=024.254,SIM=0,CSQ=16,{colprot}{more}INT=485+232,\n"
    ).encode()


async def until(condition: Callable[[], object], patience_s: float = PATIENCE_S) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + patience_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.005)


class ModemEnd:
    """The modem's end of a connection; it reads only when the test says so."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.name = f"{sock.getsockname()[0]}:{sock.getsockname()[1]}"

    async def says(self, data: bytes) -> None:
        await asyncio.get_running_loop().sock_sendall(self.sock, data)

    async def reads(self, size: int) -> bytes:
        """Return `size` bytes, fewer when the hub closes before."""
        received = bytearray()
        while len(received) < size:
            data = await asyncio.wait_for(
                asyncio.get_running_loop().sock_recv(self.sock, size - len(received)), PATIENCE_S
            )
            if not data:
                break
            received += data
        return bytes(received)

    async def is_answered(self) -> bytes:
        """Read the answer to the hello and return it."""
        answer = await self.reads(24)
        assert answer[14:] == b",MOD=DAT,\r", answer
        return answer

    async def reads_frame(self) -> tuple[int, bytes]:
        """Return kind and payload of the next frame."""
        head = await self.reads(8)
        assert head[:5] == bytes.fromhex("C8CACBCCCD"), head
        body = await self.reads(int.from_bytes(head[6:]) + 2)
        assert body[-2:] == b"\r\n"
        return head[5], body[:-2]

    async def reads_data(self, size: int) -> bytes:
        """Return what frames of meter data carry; other frames are skipped."""
        received = b""
        while len(received) < size:
            kind, payload = await self.reads_frame()
            received += payload if kind == 1 else b""
        return received

    async def is_closed(self) -> bool:
        """Wait until the hub closes; nothing may come before."""
        try:
            return await self.reads(1) == b""
        except ConnectionResetError:
            return True

    async def hears_nothing(self, seconds: float = 0.1) -> None:
        await asyncio.sleep(seconds)
        try:
            received = self.sock.recv(65536)
        except BlockingIOError:
            return
        raise AssertionError(f"{received!r} came")

    def close(self) -> None:
        self.sock.close()

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


class Hub:
    """The hub as a relay sees it, and the relay itself; an async context manager.

    Args:
        coded: whether every message is encoded and decoded on its way.
        registers: whether unknown modems are let in.
    """

    def __init__(self, settings: RelaySettings | None = None, *, coded: bool = False, registers: bool = True) -> None:
        self.got: list[ToHub] = []
        self.registers = registers
        self.metrics = Metrics()
        self._ends: list[ModemEnd] = []
        self._stack = AsyncExitStack()
        self._door = CodedDoor(self._receive) if coded else None
        to_hub = self._receive if self._door is None else self._door.to_hub
        self.relay = Relay(settings or relay_settings(), to_hub, SystemClock(), self.metrics)
        if self._door is not None:
            self._door.open(self.relay.send)

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.relay)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for end in self._ends:
            end.close()
        await self._stack.aclose()

    def send(self, message: ToRelay) -> None:
        if self._door is None:
            self.relay.send(message)
        else:
            self._door.send(message)

    def all(self, kind: type[_M]) -> list[_M]:
        return [message for message in self.got if isinstance(message, kind)]

    async def hears(self, kind: type[_M], count: int = 1) -> _M:
        """Wait for the `count`th message of a kind and return it."""
        await until(lambda: len(self.all(kind)) >= count)
        return self.all(kind)[count - 1]

    def on_close(self, do: Callable[[], object]) -> None:
        """Do something when the hub closes."""
        self._stack.callback(do)

    @property
    def port(self) -> int:
        return self.all(ModemsListening)[0].port

    async def connects(self, source: str = "127.0.0.1", port: int | None = None) -> ModemEnd:
        """A socket to the port for modems, or to a polling port, with nothing said yet."""
        sock = socket.socket()
        sock.setblocking(False)
        sock.bind((source, 0))
        try:
            await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", self.port if port is None else port))
        except OSError:
            sock.close()
            raise
        end = ModemEnd(sock)
        self._ends.append(end)
        return end

    async def dials(self, words: bytes | None = None, source: str = "127.0.0.1") -> ModemEnd:
        """A modem dials in and is answered."""
        end = await self.connects(source)
        await end.says(hello() if words is None else words)
        await end.is_answered()
        return end

    async def polls(self, modem: str = IMEI) -> ModemEnd:
        """A program connects to the port of a modem."""
        await until(lambda: any(message.modem == modem for message in self.all(PortOpened)))
        port = [message.port for message in self.all(PortOpened) if message.modem == modem][-1]
        return await self.connects(port=port)

    def forget(self) -> None:
        """Forget the messages so far, but where the relay listens."""
        self.got = [message for message in self.got if isinstance(message, ModemsListening | PortOpened)]

    def _receive(self, message: ToHub) -> None:
        self.got.append(message)
        if isinstance(message, RegistrationWanted) and self.registers:
            settings = modem_settings(message.modem)
            asyncio.get_running_loop().call_soon(self._register, settings, message.request)

    def _register(self, settings: ModemSettings, request: int) -> None:
        self.send(PutModem(settings=settings))
        self.send(DecideRegistration(request=request, accepted=True))


def frames_of(data: bytes) -> Iterator[bytes]:
    """Split whole frames."""
    while data:
        size = 10 + int.from_bytes(data[6:8])
        yield data[:size]
        data = data[size:]
