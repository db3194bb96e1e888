"""One polling program: its socket, what is kept for it and from it, and how long it may stand still."""

import asyncio
import errno
import socket
from collections import deque
from collections.abc import Callable
from typing import Final, Protocol, cast

from irzhub.core.ulid import new_ulid
from irzhub.relay.addresses import format_address
from irzhub.relay.context import ClientSide
from irzhub.relay.pipe import SMALL, Pipe

_LOOKS_PER_STALL: Final = 6  # how often in `stall_s` a program is seen to make progress or not
_JOIN_S: Final = 1.0
_FLUSH_S: Final = 5.0  # how long a closed program may take to read what was sent to it before


class ProgramHost(Protocol):
    """What a program tells: its channel."""

    def admit(self, program: "Program") -> bool:
        """A program has connected: say whether it may stay; one that may not was closed."""

    def program_data(self, program: "Program", data: bytes) -> None:
        """A program sent bytes for the meter."""

    def program_half_closed(self, program: "Program") -> bool:
        """A program will send nothing more: say whether it may still wait for its answer."""

    def program_gone(self, program: "Program", reason: str) -> None:
        """A program left or was cut; called once, for admitted ones only."""

    def program_congested(self, program: "Program") -> None:
        """The kernel takes nothing more for a program at present."""

    def program_full(self, program: "Program", size_bytes: int) -> None:
        """So many bytes of the meter, more than `comfort_bytes`, wait for a program to take them."""

    def program_relieved(self, program: "Program") -> None:
        """A program has taken all that waited for it."""


class Program(asyncio.Protocol):
    """One connection to a modem's polling port, from accept to end.

    Bytes that may not go to the meter yet are kept here; the channel decides when they go.

    Attributes:
        client: the name of this connection in messages.
        rx_bytes, tx_bytes: meter bytes that were given to it, and that it sent.
        kept_bytes: how much of what it sent is kept.
        is_observer: it only reads.
        is_half_closed: it will send no more, but may still read.
        missed_bytes: what was sent to it after it had gone, as turned out later.
        was_waited_for: the modem was paused for it in vain, so not again before it has taken all.
        pipe: the plain way to the modem while there is one.
    """

    __slots__ = (
        "_drained_bytes",
        "_ended",
        "_host",
        "_is_admitted",
        "_kept",
        "_linger_s",
        "_missable_bytes",
        "_opened",
        "_pauses",
        "_progress_at",
        "_side",
        "_timer",
        "_transport",
        "client",
        "is_congested",
        "is_half_closed",
        "is_observer",
        "kept_bytes",
        "missed_bytes",
        "peer",
        "peer_host",
        "pipe",
        "rx_bytes",
        "tx_bytes",
        "was_waited_for",
    )

    def __init__(self, host: ProgramHost, side: ClientSide) -> None:
        self.client = ""
        self.peer = ""
        self.peer_host = ""
        self.rx_bytes = 0
        self.tx_bytes = 0
        self.kept_bytes = 0
        self.missed_bytes = 0
        self.is_observer = False
        self.is_half_closed = False
        self.is_congested = False
        self.was_waited_for = False
        self.pipe: Pipe | None = None
        self._host = host
        self._side = side
        self._transport: asyncio.Transport | None = None
        self._is_admitted = False
        self._ended = ""
        self._opened = 0.0
        self._kept: deque[tuple[float, bytearray]] = deque()
        self._linger_s = 0.0
        self._missable_bytes = 0
        self._pauses = 0
        self._timer: asyncio.TimerHandle | None = None
        self._progress_at = 0.0
        self._drained_bytes = 0

    @property
    def lasted_s(self) -> float:
        """How long it has been connected."""
        return self._side.monotonic() - self._opened

    @property
    def waiting_bytes(self) -> int:
        """How many bytes of the meter wait in the hub for it to take them."""
        return 0 if self._transport is None else self._transport.get_write_buffer_size()

    @property
    def comfort_bytes(self) -> int:
        """How many bytes may wait for it before the modem is paused.

        A quarter of the limit: behind a pause may come as much as one read of the modem's socket brings.
        """
        return self._side.settings.data_limit // 4

    # The socket.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask the channel whether the program may stay."""
        # uvloop's transports are asyncio.Transport in all but their class.
        self._transport = transport = cast("asyncio.Transport", transport)
        name = transport.get_extra_info("peername")
        self.peer = format_address(name)
        self.peer_host = name[0] if name else ""
        self._opened = self._side.monotonic()
        self.client = new_ulid(int(self._side.unix_time() * 1000))
        # Nothing may wait unnoticed: `pause_writing` then says that the kernel takes no more. Loops try to
        # write at once before they say so, and the kernel's own buffer keeps the program busy meanwhile.
        transport.set_write_buffer_limits(high=0)
        self._is_admitted = self._host.admit(self)
        if self._pauses:
            # uvloop begins to read behind this call whatever was asked for within it; the one read that may come
            # before the next turn does no harm.
            asyncio.get_running_loop().call_soon(self._pause_again)

    def data_received(self, data: bytes) -> None:
        """Pass bytes on: the hot path."""
        pipe = self.pipe
        if pipe is not None and len(data) <= SMALL:
            pipe.ask(data)
        elif self._is_admitted and not self._ended:
            self._host.program_data(self, data)

    def eof_received(self) -> bool:
        """The program will send no more; it may have left, or wait for its last answer."""
        self.is_half_closed = True
        if not self._is_admitted or self._ended:
            return False
        if self._host.program_half_closed(self):
            return True
        self._end("closed")
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is gone."""
        self._stop_timer()
        self._transport = None
        if exc is None:
            self._end("closed")
        else:
            is_dead = isinstance(exc, OSError) and exc.errno in (errno.ETIMEDOUT, errno.EHOSTUNREACH, errno.ENETUNREACH)
            self._end("timed_out" if is_dead else "reset")
        self._kept.clear()

    def pause_writing(self) -> None:
        """The kernel takes no more for now: watch that the program goes on reading."""
        self.is_congested = True
        if not self._ended:
            self._host.program_congested(self)
            self._note_progress()
            if self._timer is None:
                self._look_later()

    def resume_writing(self) -> None:
        """The kernel has taken all."""
        self.is_congested = self.was_waited_for = False
        if not self._ended:
            self._host.program_relieved(self)

    # The channel's side.

    @property
    def write(self) -> Callable[[bytes], None]:
        """What sends bytes of the meter and counts nothing: for a pipe. Needs a connection."""
        assert self._transport is not None
        return self._transport.write

    def deliver(self, data: bytes) -> None:
        """Send bytes of the meter to the program, in one write."""
        if self._transport is None or self._ended:
            return
        self.rx_bytes += len(data)
        self._transport.write(data)
        if self.is_congested:
            waiting = self._transport.get_write_buffer_size()
            if waiting > self.comfort_bytes:
                self._host.program_full(self, waiting)
        if self.is_half_closed and not self._ended:
            self._missable_bytes += len(data)
            self.linger(self._linger_s, self._linger_s)

    def keep(self, data: bytes, now: float) -> None:
        """Keep bytes that may not go to the meter yet."""
        # Joined within a second: single bytes would cost a hundred times their size.
        if self._kept and now - self._kept[-1][0] < _JOIN_S:
            self._kept[-1][1].extend(data)
        else:
            self._kept.append((now, bytearray(data)))
        self.kept_bytes += len(data)

    def take_kept(self) -> bytes:
        """Return all that is kept, in order, and keep nothing."""
        data = b"".join(piece for _, piece in self._kept)
        self._kept.clear()
        self.kept_bytes = 0
        return data

    def forget_kept(self, *, before: float = float("inf"), beyond: int | None = None) -> list[bytes]:
        """Drop what was kept before a moment, only as far as more than `beyond` bytes are kept; return it."""
        dropped = []
        while self._kept and self._kept[0][0] < before and (beyond is None or self.kept_bytes > beyond):
            data = bytes(self._kept.popleft()[1])
            self.kept_bytes -= len(data)
            dropped.append(data)
        return dropped

    def pause(self, cause: int) -> None:
        """Read no more from the program; each cause (a power of two) is lifted on its own."""
        if not self._pauses and self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()
        self._pauses |= cause

    def resume(self, cause: int) -> None:
        """Lift a cause; with the last one the program is read again."""
        if self._pauses:
            self._pauses &= ~cause
            if not self._pauses and self._transport is not None and not self._transport.is_closing():
                self._transport.resume_reading()

    def linger(self, seconds: float, gap_s: float) -> None:
        """Close a half-closed program after this time; once bytes come for it, after `gap_s` without any."""
        self._stop_timer()
        self._linger_s = gap_s
        self._timer = asyncio.get_running_loop().call_later(seconds, self._end_linger)

    def close(self, reason: str) -> None:
        """Let the program read what was sent to it, then close; it counts as gone at once."""
        self._end(reason)
        self._stop_timer()
        if self._transport is not None:
            self._transport.close()
            if self._transport.get_write_buffer_size():
                self._timer = asyncio.get_running_loop().call_later(_FLUSH_S, self._transport.abort)

    def cut(self, reason: str) -> None:
        """End the connection at once; what it has not taken is lost."""
        self._end(reason)
        self._stop_timer()
        if self._transport is not None:
            self._transport.abort()

    # Within.

    def _pause_again(self) -> None:
        if self._pauses and self._transport is not None and not self._transport.is_closing():
            self._transport.pause_reading()

    def _end_linger(self) -> None:
        # To half-close and to leave look alike until something is sent: then whoever left answers with a reset,
        # which nobody sees who does not read any more.
        sock = None if self._transport is None else self._transport.get_extra_info("socket")
        if sock is not None and sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self.missed_bytes = self._missable_bytes
        self.close("closed")

    def _end(self, reason: str) -> None:
        if self._ended:
            return
        self._ended = reason
        if self._is_admitted:
            self._host.program_gone(self, reason)

    def _note_progress(self) -> None:
        self._progress_at = self._side.monotonic()
        self._drained_bytes = self.rx_bytes - self.waiting_bytes

    def _look_later(self) -> None:
        pause = self._side.settings.stall_s / _LOOKS_PER_STALL
        self._timer = asyncio.get_running_loop().call_later(pause, self._look)

    def _look(self) -> None:
        # One timer for each spell of congestion and not for each pause: a busy program is paused and resumed
        # thousands of times a second.
        self._timer = None
        if not self.is_congested or self._ended:
            return
        if self.rx_bytes - self.waiting_bytes != self._drained_bytes:
            self._note_progress()
        elif self._side.monotonic() - self._progress_at >= self._side.settings.stall_s:
            self.cut("stalled")
            return
        self._look_later()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
