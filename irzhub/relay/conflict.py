"""Two modems with one identity: the newest connection wins, and only proof makes it a conflict (ARCHITECTURE D6).

A modem that lost its radio link dials again while its old socket still looks open: that is daily life. So
the displaced socket is shut down and watched for five seconds. Bytes or a FIN from it show that somebody
lives at its other end; silence or a reset show that nobody does.
"""

import asyncio
import fcntl
import socket
import struct
import termios
from collections import deque
from typing import Final

from irzhub.relay.messages import ConflictSeen
from irzhub.relay.modem import Modem, Shared

WATCH_S: Final = 5.0
SWAPS: Final = 3
PERIOD_S: Final = 600.0

_TCP_CLOSE: Final = 7
_TCP_CLOSE_WAIT: Final = 8


class SwapHistory:
    """The swaps of one modem after which the displaced socket proved alive."""

    __slots__ = ("_raised_at", "_swaps")

    def __init__(self) -> None:
        self._swaps: deque[tuple[float, str, str]] = deque(maxlen=SWAPS)
        self._raised_at = float("-inf")

    def note(self, now: float, displaced: str, newer: str) -> list[str] | None:
        """Count one swap; return the addresses of all who took part when it is the third in ten minutes.

        A conflict that goes on is told once in ten minutes.
        """
        self._swaps.append((now, displaced, newer))
        if len(self._swaps) < SWAPS or now - self._swaps[0][0] > PERIOD_S or now - self._raised_at < PERIOD_S:
            return None
        self._raised_at = now
        return list(dict.fromkeys(peer for _, *pair in self._swaps for peer in pair))


class Farewell(asyncio.Protocol):
    """Stands in for a displaced session at its socket until somebody there gives a sign of life or time is over.

    Args:
        displaced, newer: the addresses of both connections.
    """

    __slots__ = ("_displaced", "_is_over", "_modem", "_newer", "_shared", "_transport", "_unread", "tick")

    def __init__(self, transport: asyncio.Transport, shared: Shared, modem: Modem, displaced: str, newer: str) -> None:
        self._transport = transport
        self._shared = shared
        self._modem = modem
        self._displaced = displaced
        self._newer = newer
        self._is_over = False
        self._unread = 0
        self.tick = 0

    def begin(self, now: float) -> None:
        """Shut our direction down and watch."""
        self._unread = _count_unread(self._transport)
        self._transport.set_protocol(self)
        self._shared.wheel.at(self, now + WATCH_S)
        self._shared.leaving.add(self)
        self._transport.write_eof()
        self._transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        # What had arrived before the shutdown tells nothing of who is there now.
        self._unread -= len(data)
        if self._unread < 0:
            self._alive()

    def eof_received(self) -> bool:
        self._alive()
        return False

    def connection_lost(self, _exc: Exception | None) -> None:
        self._is_over = True
        self._shared.wheel.forget(self)
        self._shared.leaving.discard(self)
        self._shared.transports -= 1

    def due(self, _now: float) -> None:
        """Give up: nobody answered."""
        self._is_over = True
        self._transport.abort()

    def _alive(self) -> None:
        if not self._is_over:
            self._is_over = True
            self._transport.abort()
            self._count_swap()

    def _count_swap(self) -> None:
        modem, shared = self._modem, self._shared
        modem.swaps = modem.swaps or SwapHistory()
        peers = modem.swaps.note(shared.monotonic(), self._displaced, self._newer)
        if peers is not None:
            shared.to_hub(ConflictSeen(modem=modem.settings.modem, at=shared.unix_time(), peers=peers))


def _count_unread(transport: asyncio.BaseTransport) -> int:
    sock: socket.socket | None = transport.get_extra_info("socket")
    if sock is None or sock.fileno() < 0:
        return 0
    count: int = struct.unpack("i", fcntl.ioctl(sock.fileno(), termios.FIONREAD, b"\0" * 4))[0]
    return count


def ended_before(transport: asyncio.Transport) -> str | None:
    """Return `closed` or `reset` when the peer's FIN or RST is here already and was only not read yet.

    A modem that hangs up properly and dials again at once is no conflict, however the loop orders the two.
    """
    sock: socket.socket | None = transport.get_extra_info("socket")
    if transport.is_closing():
        return "closed"
    try:
        state = struct.unpack("B", sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1))[0] if sock else 0
    except OSError:
        return "reset"
    if state == _TCP_CLOSE_WAIT:
        return "closed"
    return "reset" if state == _TCP_CLOSE else None
