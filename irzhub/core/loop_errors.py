"""What an event loop complains of, said without filling the disk."""

import asyncio
import logging
from collections import deque
from typing import Any

_log = logging.getLogger(__name__)


class LoopErrors:
    """What the loop itself complains of, at most ten lines in ten seconds, so that no error can fill the disk."""

    def __init__(self, limit: int = 10, period_s: float = 10.0) -> None:
        self._limit = limit
        self._period_s = period_s
        self._times: deque[float] = deque()
        self._held_back = 0

    def handle(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Log one error of the loop, unless there were too many lately."""
        now = loop.time()
        while self._times and self._times[0] <= now - self._period_s:
            self._times.popleft()
        if len(self._times) >= self._limit:
            self._held_back += 1
            return
        self._times.append(now)
        held_back, self._held_back = self._held_back, 0
        more = f" ({held_back} more were held back)" if held_back else ""
        _log.error("%s%s", context.get("message", "error in the loop"), more, exc_info=context.get("exception"))
