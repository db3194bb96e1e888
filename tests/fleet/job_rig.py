"""A job engine on a real store and journal; modems are a set of ids, the clock is turned by hand."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from irzhub.core.bus import Bus
from irzhub.core.clock import SystemClock
from irzhub.core.event_json import event_data, event_type
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.fleet.jobs import ItemResult, JobItem, JobKind, Jobs, JobView, NewJob, Staging
from irzhub.journal.journal import Journal
from irzhub.storage.local import LocalStore

START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class TurnedClock(SystemClock):
    """A wall clock that stands still until it is turned."""

    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment

    def turn(self, **span: float) -> None:
        self.moment += timedelta(**span)


def modem_ids(count: int) -> tuple[str, ...]:
    return tuple(str(868_000_000_000_000 + number) for number in range(count))


@dataclass
class JobRig:
    """Jobs of the kind `try`, whose items end when the test says so, or at once with `answer`."""

    folder: Path
    staging: Staging = field(default_factory=Staging)
    concurrency: int = 4
    answer: "Callable[[JobItem], ItemResult] | None" = None
    reconnects: bool = True
    clock: TurnedClock = field(default_factory=TurnedClock)
    present: set[str] = field(default_factory=set)
    begun: list[JobItem] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    most_at_once: int = 0
    _open: "dict[str, asyncio.Future[ItemResult]]" = field(default_factory=dict)

    async def __aenter__(self) -> "JobRig":
        bus = Bus()
        self.store = await LocalStore(self.folder).__aenter__()
        self.journal = await Journal(self.store, bus, self.clock, Health(bus), Metrics()).__aenter__()
        self.metrics = Metrics()
        self.jobs = Jobs(
            self.store, self.journal, self.clock, self.metrics, lambda modem: modem in self.present, self.staging
        )
        self.jobs.register(
            JobKind(
                name="try",
                run=self._run,
                is_dangerous=lambda args: bool(args.get("dangerous")),
                reconnects=lambda _args: self.reconnects,
                concurrency=self.concurrency,
                cancel=self._cancel,
                show=lambda args: {name: value for name, value in args.items() if name != "password"},
            )
        )
        await self.jobs.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.jobs.close()
        await self.journal.__aexit__(None, None, None)
        await self.store.__aexit__(None, None, None)

    async def _run(self, item: JobItem) -> ItemResult:
        self.begun.append(item)
        if self.answer is not None:
            await asyncio.sleep(0)
            return self.answer(item)
        future = self._open[item.modem] = asyncio.get_running_loop().create_future()
        self.most_at_once = max(self.most_at_once, len(self._open))
        try:
            result: ItemResult = await future
            return result
        finally:
            del self._open[item.modem]

    async def _cancel(self, item: JobItem) -> None:
        if item.modem not in self._open:
            return  # it has not come so far; the engine does not begin it any more
        self.cancelled.append(item.modem)
        self.end(item.modem, "cancelled")

    @property
    def under_way(self) -> list[str]:
        """The modems whose items run now."""
        return sorted(self._open)

    def end(self, modem: str, status: Any = "done", error: str | None = None) -> None:
        """Have the item of a modem end."""
        self._open[modem].set_result(ItemResult(status=status, error=error))

    async def end_all(self) -> None:
        """Have every item end that runs now, and those that follow."""
        while self._open:
            for modem in tuple(self._open):
                if not self._open[modem].done():
                    self.end(modem)
            await self.settle()

    async def create(self, count: int = 3, *, by: str = "anna", **args: Any) -> JobView:
        return await self.jobs.create(NewJob(kind="try", modems=modem_ids(count), args=args, created_by=by))

    def come(self, *modems: str) -> None:
        """Modems dial in."""
        for modem in modems:
            self.present.add(modem)
            self.jobs.modem_returned(modem)

    def answered(self, *modems: str) -> None:
        for modem in modems:
            self.jobs.modem_answered(modem)

    async def settle(self) -> None:
        """Let everything happen that can happen without the outside."""
        for _ in range(6):
            await self.store.write(lambda _: None)
            await asyncio.sleep(0)

    async def until(self, condition: Callable[[], bool], within_s: float = 15.0) -> None:
        deadline = asyncio.get_running_loop().time() + within_s
        while not condition():
            assert asyncio.get_running_loop().time() < deadline, "it did not happen in time"
            await asyncio.sleep(0.002)

    async def status(self, id_: str) -> str:
        view = await self.jobs.get(id_)
        assert view is not None
        return view.row.status

    async def ended(self, id_: str) -> JobView:
        """Wait until a job has ended and is stored so."""
        view: JobView | None = None
        for _ in range(3000):
            if (view := await self.jobs.get(id_)) is not None and view.row.status in ("done", "cancelled"):
                await self.journal.flush()
                return view
            await asyncio.sleep(0.005)
        raise AssertionError(f"the job did not end: {view}")

    async def events(self) -> list[dict[str, Any]]:
        await self.journal.flush()
        return [{"type": event_type(event), **event_data(event)} for event in await self.journal.read(0, 1000)]

    def begun_per_modem(self) -> "Counter[str]":
        return Counter(item.modem for item in self.begun)
