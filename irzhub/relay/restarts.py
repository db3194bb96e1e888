"""When a worker that ended is started again, and how long it may take over anything."""

from collections import deque
from dataclasses import dataclass
from typing import Final

_PERIOD_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerTiming:
    """Seconds: how long a start and an end may take, how long a worker may stay mute, waits before a restart.

    `free_restarts` in a minute come after the first wait; each further one waits twice as long.
    """

    start_s: float = 20.0
    stop_s: float = 3.0
    mute_s: float = 30.0
    restart_first_s: float = 0.2
    restart_longest_s: float = 10.0
    free_restarts: int = 5


class Backoff:
    """How long to wait before the next restart."""

    def __init__(self, timing: WorkerTiming) -> None:
        self._timing = timing
        self._ends: deque[float] = deque()

    def next_wait_s(self, now: float) -> float:
        """Note an end at `now` (monotonic) and return the wait that follows it, in seconds."""
        while self._ends and self._ends[0] <= now - _PERIOD_S:
            self._ends.popleft()
        self._ends.append(now)
        doublings = max(len(self._ends) - self._timing.free_restarts, 0)
        return min(self._timing.restart_first_s * 2.0**doublings, self._timing.restart_longest_s)
