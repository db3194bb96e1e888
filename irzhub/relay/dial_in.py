"""A socket from which nobody has said hello yet.

It is read as a plain socket, not by a transport: so it can still be handed to another process, and a
stranger who says nothing costs a few hundred bytes.
"""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from irzhub.codec.driver import Driver, Hello, HelloReader, Match
from irzhub.codec.drivers import detect
from irzhub.codec.errors import RemoteProtocolError
from irzhub.relay.addresses import format_address
from irzhub.relay.waiting_room import WaitingRoom
from irzhub.relay.wheel import Wheel

HELLO_LIMIT: Final = 512
_READ_SIZE: Final = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class DialledIn:
    """A socket that has said hello: whoever adopts it owns the socket.

    Args:
        leftover: bytes that came behind the hello; they go to the session first.
        peer, local: addresses as `host:port`, of the modem and the one it dialled.
        accepted: monotonic time.
    """

    sock: socket.socket
    driver: Driver
    hello: Hello
    leftover: bytes
    peer: str
    local: str
    accepted: float


class DialIn:
    """Reads the hello of one accepted socket."""

    __slots__ = (
        "_accepted",
        "_buffer",
        "_driver",
        "_is_watched",
        "_on_end",
        "_reader",
        "_room",
        "deadline",
        "drivers",
        "heard",
        "peer",
        "sock",
        "tick",
        "wheel",
    )

    def __init__(
        self,
        sock: socket.socket,
        drivers: tuple[Driver, ...],
        wheel: Wheel,
        room: WaitingRoom,
        on_end: "Callable[[DialIn, DialledIn | None, str, str], None]",
    ) -> None:
        self.sock = sock
        self.drivers = drivers
        self.wheel = wheel
        self.peer = ""
        self.deadline = 0.0
        self.tick = 0
        self._on_end = on_end
        self._accepted = 0.0
        self._buffer = b""
        self._driver: Driver | None = None
        self._reader: HelloReader | None = None
        self._room = room
        self._is_watched = False
        self.heard = b""

    @property
    def accepted(self) -> float:
        """When it dialled in (monotonic)."""
        return self._accepted

    def begin(self, peer: str, now: float, deadline_s: float, heard: bytes = b"") -> None:
        """Read what is there, and wait for the rest until the deadline; `heard` was read of it before."""
        self.peer = peer
        self._accepted = now
        self.deadline = now + deadline_s
        if (not heard or self._digest(heard)) and self._read():
            self._is_watched = True
            self._room.watch(self.sock.fileno(), self._readable)
            self._plan()

    def due(self, now: float) -> None:
        """A silence may have ended the hello, or the deadline has come."""
        if self._reader is not None and self._reader.silence_s is not None:
            try:
                hello = self._reader.receive_silence()
            except RemoteProtocolError as error:
                self.end("not a hello", str(error))
                return
            if hello is not None:
                self._finish(hello)
                return
        if now >= self.deadline:
            self.end("no hello in time")
        else:
            self._plan()

    def end(self, reason: str, detail: str = "", dialled: DialledIn | None = None) -> None:
        """Stop to read and tell the acceptor; it closes the socket unless it was `dialled` in."""
        self.wheel.forget(self)
        if self._is_watched:
            self._room.forget(self.sock.fileno())
            self._is_watched = False
        self._on_end(self, dialled, reason, detail)

    def _readable(self) -> None:
        if self._read():
            self._plan()

    def _read(self) -> bool:
        """Take what has arrived; return whether the hello is still to come."""
        try:
            data = self.sock.recv(_READ_SIZE)
        except (BlockingIOError, InterruptedError):
            return True
        except OSError as error:
            self.end("", str(error))
            return False
        if not data:
            # Whoever only knocked (a port check) is not worth a word.
            self.end("hung up within the hello" if self._reader or self._buffer else "")
            return False
        return self._digest(data)

    def _digest(self, data: bytes) -> bool:
        self.heard += data
        try:
            hello = self._feed(data)
        except RemoteProtocolError as error:
            self.end("not a hello", str(error))
            return False
        if hello is None:
            return True
        self._finish(hello)
        return False

    def _feed(self, data: bytes) -> Hello | None:
        if self._reader is not None:
            return self._reader.receive_data(data)
        self._buffer += data
        match, driver = detect(self.drivers, self._buffer)
        if match is Match.YES and driver is not None:
            self._driver, self._reader = driver, driver.read_hello()
            self._buffer, data = b"", self._buffer
            return self._reader.receive_data(data)
        if match is Match.NO:
            raise RemoteProtocolError(f"no modem begins with {self._buffer[:24]!r}")
        if len(self._buffer) > HELLO_LIMIT:
            raise RemoteProtocolError(f"expected a hello within {HELLO_LIMIT} bytes, got {self._buffer[:24]!r}...")
        return None

    def _finish(self, hello: Hello) -> None:
        assert self._driver is not None
        assert self._reader is not None
        dialled = DialledIn(
            sock=self.sock,
            driver=self._driver,
            hello=hello,
            leftover=self._reader.leftover,
            peer=self.peer,
            local=_local_address(self.sock),
            accepted=self._accepted,
        )
        self.end("", dialled=dialled)

    def _plan(self) -> None:
        when = self.deadline
        if self._reader is not None and (silence_s := self._reader.silence_s) is not None:
            when = min(when, self.wheel.now() + silence_s)
        if self.tick == 0 or when < self.deadline:
            self.wheel.at(self, when)


def _local_address(sock: socket.socket) -> str:
    try:
        return format_address(sock.getsockname())
    except OSError:
        return ""
