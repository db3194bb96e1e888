"""Whose turn it is to be woken: so many modems at once, and no number twice at once."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class _Waiting:
    """One that waits; `turn` is done when it may go."""

    numbers: frozenset[str]
    turn: "asyncio.Future[None]"
    met_others: bool = False


class WakeTurns:
    """Lets wakes begin.

    Two channels of one modem have one SIM card: a second call to it could send it to sleep again, so they go one
    after the other.

    Args:
        limit: how many may be under way at once, asked anew each time.
    """

    def __init__(self, limit: Callable[[], int]) -> None:
        self._limit = limit
        self._under_way: list[frozenset[str]] = []
        self._queue: deque[_Waiting] = deque()

    @asynccontextmanager
    async def take(self, numbers: frozenset[str], *, goes_first: bool) -> AsyncIterator[bool]:
        """Wait for a turn and have it; gives whether one of the numbers was called by somebody else meanwhile.

        Args:
            numbers: all that may be called.
            goes_first: a person waits for it, so it goes before what waits already.
        """
        mine = _Waiting(numbers, asyncio.get_running_loop().create_future(), self._is_called(numbers))
        if goes_first:
            self._queue.appendleft(mine)
        else:
            self._queue.append(mine)
        self._call_next()
        try:
            await mine.turn
        except asyncio.CancelledError:
            self._leave(mine)
            raise
        try:
            yield mine.met_others
        finally:
            self._leave(mine)

    def _leave(self, mine: _Waiting) -> None:
        if mine in self._queue:
            self._queue.remove(mine)
        else:
            self._under_way.remove(mine.numbers)
            self._call_next()

    def _call_next(self) -> None:
        for waiting in tuple(self._queue):
            if len(self._under_way) >= self._limit():
                return
            if self._is_called(waiting.numbers):
                waiting.met_others = True
            elif not waiting.turn.done():  # one that was called off is about to leave by itself
                self._queue.remove(waiting)
                self._under_way.append(waiting.numbers)
                waiting.turn.set_result(None)

    def _is_called(self, numbers: frozenset[str]) -> bool:
        return any(numbers & each for each in self._under_way)
