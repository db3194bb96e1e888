"""One end of the stream of messages between a pool and a worker, as an asyncio protocol.

Neither side ever waits for the other: what the kernel does not take is kept as messages, encoded only when
it can go, many to one write. Who keeps too many has to do something about it; `len` says how many there are.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import Final, cast

from irzhub.relay.framing import Deframer, FramingError, pack
from irzhub.relay.worker_messages import DecodeError, FromWorker, ToWorker, encode

_WRITE_SIZE: Final = 256 * 1024
_PORTION: Final = 8
_TURN_S: Final = 0.005
"""So long messages are taken in one turn of the loop: one read may bring a thousand, each a session in a storm."""


class MessageStream(asyncio.Protocol):
    """Sends and receives messages in order.

    Args:
        take: is given each message as bytes; a `DecodeError` it raises ends the stream.
        on_lost: called once with the reason when the other side is gone, after its last message.
        on_idle: called when all that was kept has gone.
    """

    def __init__(
        self,
        take: Callable[[bytes], None],
        on_lost: Callable[[str], None],
        on_idle: Callable[[], None] = lambda: None,
    ) -> None:
        self._take = take
        self._on_lost = on_lost
        self._on_idle = on_idle
        self._deframer = Deframer()
        self._inbox: deque[bytes] = deque()
        self._taking: asyncio.Handle | None = None
        self._outbox: deque[ToWorker | FromWorker] = deque()
        self._transport: asyncio.Transport | None = None
        self._is_full = False
        self._flushing: asyncio.Handle | None = None
        self._fault = ""

    def __len__(self) -> int:
        return len(self._outbox)

    @property
    def is_open(self) -> bool:
        """Whether the other side is there."""
        return self._transport is not None and not self._transport.is_closing()

    def fileno(self) -> int:
        """Return the descriptor of the stream (raises `OSError` when it is closed)."""
        sock = None if self._transport is None else self._transport.get_extra_info("socket")
        if sock is None:
            raise OSError("the stream is closed")
        descriptor: int = sock.fileno()
        return descriptor

    def send(self, message: ToWorker | FromWorker) -> None:
        """Send a message, now or as soon as the other side takes it; never blocks. Lost once the stream is."""
        if not self.is_open:
            return
        self._outbox.append(message)
        self._plan()

    def close(self) -> None:
        """Close after what the kernel has been given; what is kept here is lost."""
        if self._transport is not None:
            self._transport.close()

    def flush(self) -> None:
        """Give the kernel what it takes now."""
        if self._flushing is not None:
            self._flushing.cancel()
        self._flush()

    # asyncio's side.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop has classes of its own
        self._transport.set_write_buffer_limits(high=_WRITE_SIZE)

    def data_received(self, data: bytes) -> None:
        """Take what the other side says, and read no more before all of it is taken."""
        try:
            self._inbox.extend(self._deframer.feed(data))
        except FramingError as error:
            self._fail(error)
        if self._taking is None:
            self._take_some()

    def pause_writing(self) -> None:
        """The other side does not read as fast as messages come."""
        self._is_full = True

    def resume_writing(self) -> None:
        """The other side reads again."""
        self._is_full = False
        self._plan()

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell that the other side is gone, after its last message."""
        if self._taking is not None:
            self._taking.cancel()
            self._taking = None
        self._take_from_inbox(len(self._inbox))
        self._transport = None
        self._outbox.clear()
        if self._flushing is not None:
            self._flushing.cancel()
            self._flushing = None
        self._on_lost(self._fault or str(exc or "it closed the stream"))

    def _take_some(self) -> None:
        was_more, self._taking = self._taking is not None, None
        until = time.monotonic() + _TURN_S
        while self._inbox and time.monotonic() < until:
            self._take_from_inbox(_PORTION)
        if self._inbox:
            self._taking = asyncio.get_running_loop().call_soon(self._take_some)
        is_more = self._taking is not None
        if is_more != was_more and self._transport is not None and not self._transport.is_closing():
            (self._transport.pause_reading if is_more else self._transport.resume_reading)()

    def _take_from_inbox(self, limit: int) -> None:
        try:
            for _ in range(min(limit, len(self._inbox))):
                self._take(self._inbox.popleft())
        except DecodeError as error:
            self._inbox.clear()
            self._fail(error)

    def _fail(self, error: Exception) -> None:
        self._fault = f"it sent what is no message: {error}"
        if self._transport is not None:
            self._transport.abort()

    def _plan(self) -> None:
        if self._flushing is None and self._outbox and not self._is_full:
            self._flushing = asyncio.get_running_loop().call_soon(self._flush)

    def _flush(self) -> None:
        self._flushing = None
        if self._transport is None or not self._outbox:
            return
        data = bytearray()
        while self._outbox and len(data) < _WRITE_SIZE:
            data += pack(encode(self._outbox.popleft()))
        self._transport.write(data)
        if self._outbox:
            self._plan()
        else:
            self._on_idle()
