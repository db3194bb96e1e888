"""One timer for a whole fleet: ten thousand modems would otherwise keep as many loop timers alive."""

import asyncio
import heapq
from collections.abc import Callable


class Wheel:
    """Calls functions later, in ticks of `tick_s`; needs the loop only while something is due.

    There is no cancelling: whoever is called looks whether it is still wanted. That keeps a slot a plain
    list and scheduling free of objects.
    """

    def __init__(self, tick_s: float = 0.02) -> None:
        self._tick_s = tick_s
        self._slots: dict[int, list[Callable[[], object]]] = {}
        self._ticks: list[int] = []
        self._timer: asyncio.TimerHandle | None = None
        self._timer_tick = 0

    def after(self, delay_s: float, call: Callable[[], object]) -> None:
        """Call `call` once, `delay_s` from now or at most one tick later."""
        loop = asyncio.get_running_loop()
        tick = int((loop.time() + delay_s) / self._tick_s) + 1
        if (slot := self._slots.get(tick)) is not None:
            slot.append(call)
            return
        self._slots[tick] = [call]
        heapq.heappush(self._ticks, tick)
        self._arm(loop)

    def close(self) -> None:
        """Forget everything that is due."""
        self._slots.clear()
        self._ticks.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def __len__(self) -> int:
        return sum(map(len, self._slots.values()))

    def _arm(self, loop: asyncio.AbstractEventLoop) -> None:
        if not self._ticks or (self._timer is not None and self._timer_tick <= self._ticks[0]):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer_tick = self._ticks[0]
        self._timer = loop.call_at(self._timer_tick * self._tick_s, self._turn)

    def _turn(self) -> None:
        self._timer = None
        loop = asyncio.get_running_loop()
        # A loop may call a timer a clock resolution early, so the tick it was armed for is always due.
        now = max(self._timer_tick, int(loop.time() / self._tick_s))
        due: list[Callable[[], object]] = []
        while self._ticks and self._ticks[0] <= now:
            due += self._slots.pop(heapq.heappop(self._ticks))
        # All are taken out first: what a call schedules belongs to the next turn, however soon that is.
        for call in due:
            call()
        self._arm(loop)
