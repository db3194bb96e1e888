"""How much may be on its way to the broker without an acknowledgement: so many messages, so many bytes."""

import asyncio
from collections import deque


class Window:
    """A bound on messages and bytes in flight, given out in order of asking.

    It bounds the write buffer too, as everything there is unacknowledged. One message always fits into an
    empty window, however long it is. After `close` everyone who waits or asks gets the error.
    """

    def __init__(self, messages: int, size_bytes: int) -> None:
        self._free_messages = messages
        self._free_bytes = size_bytes
        self._in_flight = 0
        self._waiting: deque[tuple[asyncio.Future[None], int]] = deque()
        self._error: Exception | None = None
        self._empty = asyncio.Event()
        self._empty.set()

    @property
    def in_flight(self) -> int:
        """Return how many messages are unacknowledged."""
        return self._in_flight

    async def acquire(self, size_bytes: int) -> None:
        """Wait for room for one message of that size and take it.

        Raises:
            Exception: the error given to `close`.
        """
        if self._error is not None:
            raise self._error
        if not self._waiting and self._fits(size_bytes):
            self._take(size_bytes)
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((turn, size_bytes))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.release(size_bytes)
            raise

    def release(self, size_bytes: int) -> None:
        """Give back the room of one message, because it was acknowledged or never sent."""
        self._in_flight -= 1
        self._free_messages += 1
        self._free_bytes += size_bytes
        while self._waiting:
            turn, wanted = self._waiting[0]
            if not turn.done():
                if not self._fits(wanted):
                    return
                self._take(wanted)
                turn.set_result(None)
            self._waiting.popleft()
        if self._in_flight == 0:
            self._empty.set()

    async def wait_empty(self) -> None:
        """Wait until nothing is in flight, or the window is closed."""
        await self._empty.wait()

    def close(self, error: Exception) -> None:
        """Give everyone who waits, and everyone who asks from now on, `error`."""
        self._error = error
        self._empty.set()
        while self._waiting:
            turn, _ = self._waiting.popleft()
            if not turn.done():
                turn.set_exception(error)

    def _fits(self, size_bytes: int) -> bool:
        return self._in_flight == 0 or (self._free_messages > 0 and self._free_bytes >= size_bytes)

    def _take(self, size_bytes: int) -> None:
        self._in_flight += 1
        self._empty.clear()
        self._free_messages -= 1
        self._free_bytes -= size_bytes
