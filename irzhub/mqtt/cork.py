"""Many small packets, one write: what is published within a turn of the loop leaves in one piece."""

import asyncio
from typing import Any


class CorkedTransport:
    """A transport whose writes are gathered until the loop's next turn; all else is the transport's own.

    A system call costs as much as making the packet that it sends, and a change of an input is three packets.
    """

    def __init__(self, transport: asyncio.WriteTransport) -> None:
        self._transport = transport
        self._waiting: list[bytes | bytearray] = []
        self._size = 0
        self._turn: asyncio.Handle | None = None

    def write(self, data: bytes | bytearray) -> None:
        """Send soon, in the order of the calls."""
        self._waiting.append(data)
        self._size += len(data)
        if self._turn is None:
            self._turn = asyncio.get_running_loop().call_soon(self._flush)

    def close(self) -> None:
        """Send what waits and close."""
        self._flush()
        self._transport.close()

    def get_write_buffer_size(self) -> int:
        """Return how much is not sent yet, here and in the transport."""
        return self._size + self._transport.get_write_buffer_size()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def _flush(self) -> None:
        if self._turn is not None:
            self._turn.cancel()
            self._turn = None
        waiting, self._waiting, self._size = self._waiting, [], 0
        if waiting and not self._transport.is_closing():
            self._transport.write(b"".join(waiting))
