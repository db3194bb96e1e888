"""Jobs: one change for many modems, an item for each, kept in `hub.db` so that no restart loses or repeats one.

A kind of job (`JobKind`) says what is done to one modem; this engine does the rest: how many run at once, that
no modem has two at a time, waiting for absent modems, pause, cancel, retry, and for dangerous changes the
approval by a second person and the steps of `job_plan`.
"""

import asyncio
import dataclasses
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from irzhub.core.clock import Clock
from irzhub.core.metrics import Metrics
from irzhub.core.tasks import Tasks
from irzhub.fleet.job_kind import ItemResult, JobItem, JobKind, JobRefused, NewJob
from irzhub.fleet.job_plan import Staging, plan_steps
from irzhub.fleet.job_run import JobRun, new_run
from irzhub.fleet.job_saver import JobSaver
from irzhub.fleet.job_states import JobConflict, UnknownJob
from irzhub.fleet.job_view import JobView, build_view, changed_event, finished_event
from irzhub.journal.journal import Journal
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.jobs import (
    JobItemRow,
    JobRow,
    add_job,
    count_items,
    get_job,
    list_items,
    list_jobs,
    load_items,
    load_job_modems,
    load_living_jobs,
    save_items,
    save_job,
    wipe_args,
)
from irzhub.storage.local import Connection, LocalStore

__all__ = [
    "ItemResult",
    "JobConflict",
    "JobItem",
    "JobKind",
    "JobRefused",
    "JobView",
    "Jobs",
    "NewJob",
    "Staging",
    "UnknownJob",
]

_log = logging.getLogger(__name__)

TICK_S: Final = 1.0
MOST_MODEMS: Final = 100_000
MOST_LIVING: Final = 100
_TOLD_EVERY: Final = 10
"""A running job is told of each time another tenth of it has ended."""


@dataclass(slots=True)
class Jobs:
    """All jobs. Register the kinds, then `start`; `close` leaves what runs to the next start.

    Methods that change a job return it as it is then, and raise `UnknownJob` for an id that nobody knows and
    `JobConflict` when the job stands otherwise.
    """

    store: LocalStore
    journal: Journal
    clock: Clock
    metrics: Metrics
    is_present: Callable[[str], bool]
    staging: Staging = field(default_factory=Staging)
    _kinds: dict[str, JobKind] = field(default_factory=dict)
    _runs: dict[str, JobRun] = field(default_factory=dict)
    _ending: dict[str, JobRun] = field(default_factory=dict)
    _busy: set[str] = field(default_factory=set)
    _load: "Counter[str]" = field(default_factory=Counter)
    _items: "dict[tuple[str, int], JobItem]" = field(default_factory=dict)
    _told: dict[str, int] = field(default_factory=dict)
    _tasks: Tasks = field(default_factory=lambda: Tasks("jobs"))
    _saver: JobSaver = field(init=False)
    _is_closing: bool = False

    def __post_init__(self) -> None:
        self._saver = JobSaver(self.store, self._runs, self._tasks)

    def register(self, kind: JobKind) -> None:
        """Offer a kind of job; before `start`, so that living jobs of it go on."""
        self._kinds[kind.name] = kind

    async def start(self) -> None:
        """Go on with the jobs that were living when the hub ended."""
        for row in await self.store.read(load_living_jobs):
            items = await self.store.read(partial(load_items, job=row.id))
            if (kind := self._kinds.get(row.kind)) is None:
                _log.error("job %s is of a kind that this hub does not know: %s", row.id, row.kind)
                continue
            run = self._runs[row.id] = JobRun(row, kind, items, self.staging, self.is_present)
            run.begin(self.clock.now())
            self._told[row.id] = self._tenths(run)
        _ = self._tasks.spawn(self._keep_ticking(), "tick")
        self._pump()

    def stop_beginning(self) -> None:
        """Begin nothing any more; what runs may still come to its end."""
        self._is_closing = True

    async def close(self) -> None:
        """Cut what still runs: it is repeated after the next start."""
        self._is_closing = True
        await self._tasks.close()
        for run in self._runs.values():
            await self._saver.save(run)

    async def create(self, new: NewJob) -> JobView:
        """Begin a job, or put it before a second person when it is dangerous for many modems.

        Raises:
            JobRefused: no such kind, arguments that it does not take, no modem or too many, too many living jobs.
        """
        if (kind := self._kinds.get(new.kind)) is None:
            raise JobRefused(f"kind: expected one of {', '.join(sorted(self._kinds))}, got {new.kind[:40]!r}")
        modems = tuple(dict.fromkeys(new.modems))
        if not 0 < len(modems) <= MOST_MODEMS:
            raise JobRefused(f"expected 1 to {MOST_MODEMS} modems, got {len(modems)}")
        if len(self._runs) >= MOST_LIVING:
            raise JobRefused(f"{MOST_LIVING} jobs are not finished: finish or cancel some")
        kind.check(new.args)
        for args in new.item_args.values():
            kind.check({**new.args, **args})
        run = new_run(kind, new, modems, self.staging, self.is_present, self.clock.now())
        job, items = run.row, run.items
        await self.store.write(lambda connection: add_job(connection, job, items))
        self._runs[job.id] = run
        self._told[job.id] = 0
        if run.status == "running":
            run.open_step()
        self._tell(run)
        self._pump()
        return self._view(run)

    async def approve(self, id_: str, by: str) -> JobView:
        """Let a dangerous job begin. Raises `JobConflict` when `by` is who wants it."""
        run = await self._any(id_)
        if run.status == "awaiting_approval" and run.row.created_by == by:
            raise JobConflict("approve: expected somebody else than who created the job")
        now = self.clock.now()
        run.act("approve", approved_by=by, approved_at=now, started_at=now)
        run.open_step()
        return await self._acted(run)

    async def pause(self, id_: str) -> JobView:
        """Begin nothing new; what runs comes to its end."""
        run = await self._any(id_)
        run.act("pause")
        return await self._acted(run)

    async def resume(self, id_: str) -> JobView:
        """Go on after a pause, or after a stop in spite of the modems that are lost."""
        run = await self._any(id_)
        run.act("resume", reason=None)
        run.accept_losses()
        return await self._acted(run)

    async def cancel(self, id_: str, by: str) -> JobView:
        """Begin nothing new, and end what runs where that can still be done."""
        run = await self._any(id_)
        run.act("cancel", reason=f"cancelled by {by}")
        run.end_rest("cancelled", "the job was cancelled", self.clock.now())
        run.accept_losses()
        if (cancel := run.kind.cancel) is not None:
            for position in tuple(run.running):
                if (item := self._items.get((id_, position))) is not None:
                    _ = self._tasks.spawn(_cancel(cancel, item), f"cancel {item.key}")
        return await self._acted(run)

    async def retry(self, id_: str) -> JobView:
        """Do again, in an ended job, what failed, expired or was cancelled; a dangerous one goes in steps anew."""
        run = await self._any(id_)
        now = self.clock.now()
        lasted = run.row.expires_at - run.row.created_at
        run.act("retry", reason=None, finished_at=None, expires_at=now + lasted)
        if not run.renew(lambda total: plan_steps(total, in_steps=run.is_staged)):
            raise JobConflict("retry: expected a job with items that failed")
        self._runs[id_] = run
        run.open_step()
        self._told[id_] = self._tenths(run)
        return await self._acted(run)

    async def get(self, id_: str) -> JobView | None:
        """Return one job, None when there is none."""
        if (run := self._known(id_)) is not None:
            return self._view(run)
        row = await self.store.read(partial(get_job, id_=id_))
        return None if row is None else (await self._views([row]))[0]

    async def page(
        self, *, status: str | None = None, kind: str | None = None, before: str | None = None, limit: int = 100
    ) -> list[JobView]:
        """Return jobs from new to old, behind the id `before`."""
        rows = await self.store.read(partial(list_jobs, status=status, kind=kind, before=before, limit=limit))
        return await self._views(rows)

    async def items(
        self, id_: str, *, status: str | None = None, after: int = -1, limit: int = 100
    ) -> list[JobItemRow]:
        """Return some items of a job in order, behind the position `after`."""
        if (run := self._known(id_)) is None:
            return await self.store.read(partial(list_items, job=id_, status=status, after=after, limit=limit))
        found = (item for item in run.items[after + 1 :] if status in (None, item.status))
        return [item for item, _ in zip(found, range(limit), strict=False)]

    async def modems(self, id_: str) -> list[str]:
        """Return the modems of a job, in order; none when nobody knows it."""
        if (run := self._known(id_)) is not None:
            return [item.modem for item in run.items]
        return await self.store.read(partial(load_job_modems, job=id_))

    # What the fleet tells.

    def modem_returned(self, modem: str) -> None:
        """A modem has dialled in: items that wait for it can begin."""
        for run in self._runs.values():
            run.modem_returned(modem)
        if self._runs:
            self._pump()

    def modem_answered(self, modem: str) -> None:
        """A modem has answered something: where a step waits for it, it is back."""
        for run in self._runs.values():
            if run.is_watching:
                run.modem_answered(modem)

    def tick(self) -> None:
        """Look at the time: what expired, which modems are late, which step is over."""
        now = self.clock.now()
        for run in tuple(self._runs.values()):
            if run.row.expires_at <= now and run.counts["pending"]:
                run.end_rest("expired", "the job's time was over before the modem was there", now)
            if run.status == "awaiting_approval" and not run.counts["pending"]:
                run.act("cancel", reason="nobody approved it in time")
            if run.status == "running":
                run.give_up_late(now)
        self._pump()

    # Inside.

    def _pump(self) -> None:
        """Begin what can begin, and close what is over; called whenever something has changed."""
        if self._is_closing:
            return
        for run in tuple(self._runs.values()):
            if run.status == "running":
                self._move_on(run)
            elif run.status == "cancelling" and not run.running:
                self._finish(run)
        if any(run.has_changes for run in self._runs.values()):
            self._saver.save_soon()

    def _move_on(self, run: JobRun) -> None:
        if run.is_failing:
            run.act("stop", reason=f"{run.lost} modems of step {run.row.step + 1} failed or are not back")
            self._tell(run)
            return
        while self._load[run.kind.name] < run.kind.concurrency:
            if (item := run.next_item(lambda modem: modem not in self._busy)) is None:
                break
            self._begin_item(run, item)
        if self._tenths(run) > self._told.get(run.row.id, 0):
            self._told[run.row.id] = self._tenths(run)
            self._tell(run)
        if run.note_step_ended(self.clock.now()):
            self._tell(run)
        if not run.is_step_over:
            return
        if run.is_last_step:
            self._finish(run)
            return
        run.next_step()
        self._tell(run)
        self._move_on(run)

    def _begin_item(self, run: JobRun, row: JobItemRow) -> None:
        item = dataclasses.replace(run.started(row, self.clock.now()), tell=partial(self._note, run, row.position))
        self._busy.add(item.modem)
        self._load[run.kind.name] += 1
        self._items[item.job, item.position] = item
        _ = self._tasks.spawn(self._run_item(run, item), item.key)

    async def _run_item(self, run: JobRun, item: JobItem) -> None:
        try:
            # On the disk before it begins: after a crash it is known to be a repeat.
            await self._saver.save(run)
            if run.status == "cancelling":
                result = ItemResult(status="cancelled", error="the job was cancelled")
            else:
                result = await run.kind.run(item)
        except asyncio.CancelledError:
            run.interrupted(item.position)
            raise
        except LocalStoreFailed as error:
            result = ItemResult(status="failed", error=f"the hub's disk did not take it: {error}")
        except Exception as error:  # noqa: BLE001 - the boundary: a kind is foreign code, and one item takes no others with it
            _log.exception("item %s of job kind %s failed", item.key, run.kind.name)
            result = ItemResult(status="failed", error=f"the hub failed: {type(error).__name__}")
        finally:
            self._busy.discard(item.modem)
            self._load[run.kind.name] -= 1
            self._items.pop((item.job, item.position), None)
        run.ended(item.position, result, self.clock.now())
        self.metrics.counter("job_items_total", "Items of jobs by kind and result", "kind", "result").add(
            1, run.kind.name, result.status
        )
        self._pump()

    def _note(self, run: JobRun, position: int, result: dict[str, Any]) -> None:
        run.note(position, result)
        self._saver.save_soon()

    def _finish(self, run: JobRun) -> None:
        run.act("finish", finished_at=self.clock.now())
        self._ending[run.row.id] = self._runs.pop(run.row.id)
        self._told.pop(run.row.id, None)
        row, items = run.row, run.take_changes()

        def write(connection: Connection) -> None:
            save_job(connection, row)
            save_items(connection, items)
            if (forget := run.kind.forget) is not None:
                wipe_args(connection, row.id, forget)

        def forget(_event: object) -> None:
            self._ending.pop(row.id, None)  # until here, who asks gets the picture from memory

        self.journal.append(finished_event(row, run.shown_counts, self.clock.now()), write=write, then=forget)

    def _tell(self, run: JobRun) -> None:
        row = run.row
        self.journal.append(
            changed_event(row, run.shown_counts, self.clock.now()), write=lambda connection: save_job(connection, row)
        )

    async def _acted(self, run: JobRun) -> JobView:
        """Store what a person did, tell of it, and go on."""
        await self._saver.save(run)
        self._tell(run)
        self._pump()
        return self._view(run)

    async def _keep_ticking(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self.tick()

    async def _any(self, id_: str) -> JobRun:
        """Return a job with its items, also one that has ended."""
        if (run := self._known(id_)) is not None:
            return run
        row = await self.store.read(partial(get_job, id_=id_))
        if row is None:
            raise UnknownJob(f"no job {id_[:40]!r}")
        if (kind := self._kinds.get(row.kind)) is None:
            raise JobConflict(f"this hub does not know jobs of kind {row.kind}")
        items = await self.store.read(partial(load_items, job=id_))
        run = JobRun(row, kind, items, self.staging, self.is_present)
        run.begin(self.clock.now())
        return run

    def _known(self, id_: str) -> JobRun | None:
        return self._runs.get(id_) or self._ending.get(id_)

    async def _views(self, rows: list[JobRow]) -> list[JobView]:
        ended = [row.id for row in rows if self._known(row.id) is None]
        counts = await self.store.read(lambda connection: count_items(connection, ended))
        return [
            self._view(run) if (run := self._known(row.id)) is not None else self._view_of(row, counts[row.id])
            for row in rows
        ]

    def _view(self, run: JobRun) -> JobView:
        return self._view_of(run.row, run.shown_counts)

    def _view_of(self, row: JobRow, counts: dict[str, int]) -> JobView:
        return build_view(row, counts, self._kinds.get(row.kind))

    def _tenths(self, run: JobRun) -> int:
        return run.ended_items * _TOLD_EVERY // run.row.total


async def _cancel(cancel: Callable[[JobItem], Awaitable[None]], item: JobItem) -> None:
    await cancel(item)
