"""One timer for all that is due: ten thousand sessions would otherwise keep as many timers in the loop.

Bytes never touch the wheel. A session writes down the time of its last byte, and when the wheel calls it
compares and puts itself back for later. The wheel's own lateness is the relay's loop lag.
"""

import asyncio
import logging
import time
from typing import Final, Protocol

from irzhub.core.clock import Clock

_log = logging.getLogger(__name__)
TICK_S: Final = 0.1
_TURN_S: Final = 0.004
"""So long one turn of the loop is used for what is due: of a fleet that came back at once much is due at once."""
_STANDSTILL_S: Final = 2.0
"""A wheel later than this tells that the whole process stood still (stopped, swapped out, a suspended machine)."""


class Timed(Protocol):
    """What can be put on the wheel, once at a time; `tick` belongs to the wheel and begins as 0."""

    tick: int

    def due(self, now: float, /) -> None:
        """Do what was to be done by `now` (monotonic); the wheel has forgotten the object before."""


class Wheel:
    """Calls `due` of its objects, at the earliest at their time and about 0.1 s later at the most."""

    __slots__ = (
        "_clock",
        "_loop",
        "_next",
        "_oldest",
        "_rest",
        "_slots",
        "_timer",
        "_turns_at",
        "awake_since",
        "worst_lag_s",
    )

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._slots: dict[int, dict[Timed, None]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._next = 0
        self._oldest = 0
        self._rest: asyncio.Handle | None = None
        self._turns_at = 0.0
        self.awake_since = float("-inf")
        self.worst_lag_s = 0.0

    def start(self) -> None:
        """Begin to turn."""
        self._loop = asyncio.get_running_loop()
        self._turns_at = self._clock.monotonic() + TICK_S
        self._next = self._oldest = int(self._turns_at / TICK_S)
        self._timer = self._loop.call_later(TICK_S, self._turn)

    def stop(self) -> None:
        """Turn no more and forget all."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._rest is not None:
            self._rest.cancel()
            self._rest = None
        self._slots.clear()

    def now(self) -> float:
        """Return the monotonic time that the wheel goes by."""
        return self._clock.monotonic()

    def at(self, item: Timed, when: float) -> None:
        """Call `item.due` at `when` (monotonic), instead of when it was to be called before."""
        self.forget(item)
        item.tick = tick = max(int(when / TICK_S) + 1, self._next)
        self._slots.setdefault(tick, {})[item] = None

    def forget(self, item: Timed) -> None:
        """Do not call `item`."""
        if item.tick:
            if (slot := self._slots.get(item.tick)) is not None:
                slot.pop(item, None)
            item.tick = 0

    def take_worst_lag(self) -> float:
        """Return how late the wheel was at the worst since the last question, in seconds."""
        lag, self.worst_lag_s = self.worst_lag_s, 0.0
        return lag

    def __len__(self) -> int:
        return sum(map(len, self._slots.values()))

    def _turn(self) -> None:
        if self._loop is None or self._timer is None:
            return
        now = self._clock.monotonic()
        lag = max(now - self._turns_at, 0.0)
        self._turns_at = now + TICK_S
        self._timer = self._loop.call_later(TICK_S, self._turn)
        self.worst_lag_s = max(self.worst_lag_s, lag)
        if lag > _STANDSTILL_S:
            # Nobody may be called silent for a time in which the hub itself did not listen.
            self.awake_since = now
            _log.warning("the hub stood still for %.1f s; no modem counts as silent for that time", lag)
        self._next = int(now / TICK_S) + 1
        if self._rest is None:
            self._call_due()

    def _call_due(self) -> None:
        """Call what is due for a moment; what is left then, in the next turn of the loop."""
        self._rest = None
        now = self._clock.monotonic()
        until = time.monotonic() + _TURN_S
        ticks = range(self._oldest, self._next) if self._next - self._oldest < 1000 else sorted(self._slots)
        for tick in ticks:
            if tick >= self._next:
                break
            self._oldest = tick
            while slot := self._slots.get(tick):
                if time.monotonic() >= until and self._loop is not None:
                    self._rest = self._loop.call_soon(self._call_due)
                    return
                item = next(iter(slot))
                del slot[item]
                item.tick = 0
                self._call(item, now)
            self._slots.pop(tick, None)
        self._oldest = self._next

    def _call(self, item: Timed, now: float) -> None:
        try:
            item.due(now)
        except Exception:  # noqa: BLE001 - one faulty session must not stop the clock of all others
            _log.exception("a timed call of %s failed", type(item).__name__)
