"""Tells when waiting commands expire: one timer for all of them."""

import asyncio
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from irzhub.core.clock import Clock

_LONGEST_S: Final = 60.0
"""The wall clock may be set meanwhile, so it is looked at this often at least."""


@dataclass(slots=True)
class Expiry:
    """Calls `expired` with each id whose moment has come while `waits` says that it still waits."""

    clock: Clock
    waits: Callable[[str], bool]
    expired: Callable[[str], None]
    _heap: list[tuple[float, str]] = field(default_factory=list)
    _timer: asyncio.TimerHandle | None = None

    def watch(self, id_: str, moment: datetime) -> None:
        """Call when `moment` has come; asking twice does no harm."""
        heapq.heappush(self._heap, (moment.timestamp(), id_))
        if self._timer is None or self._heap[0][1] == id_:
            self._set_timer()

    def close(self) -> None:
        """Call no more."""
        self._heap.clear()
        self._set_timer()

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._heap and not self.waits(self._heap[0][1]):
            heapq.heappop(self._heap)
        if self._heap:
            left_s = self._heap[0][0] - self.clock.now().timestamp()
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(min(max(left_s, 0.0), _LONGEST_S), self._look)

    def _look(self) -> None:
        now = self.clock.now().timestamp()
        while self._heap and self._heap[0][0] <= now:
            id_ = heapq.heappop(self._heap)[1]
            if self.waits(id_):
                self.expired(id_)
        self._set_timer()
