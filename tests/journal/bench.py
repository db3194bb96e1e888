"""A journal on a real store, and all that it hands on, in order."""

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from irzhub.core.bus import Bus
from irzhub.core.events import Event, ModemRejected
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.journal.journal import Journal
from irzhub.storage.local import LocalStore

START = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)


class SteppedClock:
    """Wall time that stands until somebody moves it."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return (self.moment - START).total_seconds()

    def step(self, delta: timedelta) -> None:
        self.moment += delta


class Bench:
    """Journal, store, bus, health and metrics of one `data_dir`; `published` is what the bus carried."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.bus = Bus()
        self.clock = SteppedClock()
        self.health = Health(self.bus)
        self.metrics = Metrics()
        self.store = LocalStore(data_dir)
        self.journal = Journal(self.store, self.bus, self.clock, self.health, self.metrics)
        self.published: list[Event] = []
        self.bus.subscribe(Event, self.published.append)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.store)
        await self._stack.enter_async_context(self.journal)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    def event(self, peer: str = "10.0.0.1:5", modem: str | None = None) -> Event:
        return ModemRejected(ts=self.clock.now(), modem=modem, reason="test", peer=peer)

    def journal_without_memory(self) -> Journal:
        """Return a journal over the same file that has handed on nothing itself."""
        journal = Journal(self.store, Bus(), self.clock, self.health, Metrics())
        journal._last = self.journal.last_seq
        return journal

    @property
    def seqs(self) -> list[int]:
        return [event.seq for event in self.published]


async def until(claim: Callable[[], bool], within_s: float = 10.0) -> None:
    """Wait until `claim` holds; fail when it does not in time."""
    deadline = asyncio.get_running_loop().time() + within_s
    while not claim():
        assert asyncio.get_running_loop().time() < deadline, "waited in vain"
        await asyncio.sleep(0.01)
