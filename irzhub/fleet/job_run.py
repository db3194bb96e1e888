"""One living job in memory: which items are begun next, which modems are awaited back, and when it stops.

It does no I/O and starts no task: `jobs.py` asks for the next item, tells how items ended and which modems came
back, and stores what `take_changes` gives.
"""

import dataclasses
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, cast

from irzhub.core.ulid import new_ulid
from irzhub.fleet.job_kind import ItemResult, JobItem, JobKind, NewJob
from irzhub.fleet.job_plan import Staging, plan_steps
from irzhub.fleet.job_states import Action, JobStatus, next_status
from irzhub.storage.jobs import ITEM_ENDED, JobItemRow, JobRow

_BEFORE: Final = -1
"""The step of items that ended before a retry: no step of the retry is theirs."""


@dataclass(slots=True)
class JobRun:
    """A job with its items; every change of an item goes through `_put`."""

    row: JobRow
    kind: JobKind
    items: list[JobItemRow]
    staging: Staging
    is_present: Callable[[str], bool]
    counts: "Counter[str]" = field(default_factory=Counter)
    running: set[int] = field(default_factory=set)
    repeated: set[int] = field(default_factory=set)
    lost: int = 0
    _by_modem: dict[str, int] = field(default_factory=dict)
    _ready: "deque[int]" = field(default_factory=deque)
    _absent: set[int] = field(default_factory=set)
    _awaited: dict[int, datetime] = field(default_factory=dict)
    _redialled: set[int] = field(default_factory=set)
    _proven: set[int] = field(default_factory=set)
    _changed: dict[int, JobItemRow] = field(default_factory=dict)
    _size: int = 0
    _open: int = 0

    def begin(self, now: datetime) -> None:
        """Take up the job as it was stored: what ran when the hub ended is run again as a repeat."""
        self._by_modem = {item.modem: item.position for item in self.items}
        for item in self.items:
            if item.status == "running":
                self.repeated.add(item.position)
                self.items[item.position] = dataclasses.replace(item, status="pending")
        self.counts = Counter(item.status for item in self.items)
        if self.is_staged:
            for item in self._of_step():
                self._await_return(item, now)
        self._gather()

    @property
    def status(self) -> JobStatus:
        """How the job stands."""
        return cast("JobStatus", self.row.status)  # the store holds what was put there

    @property
    def shown_counts(self) -> dict[str, int]:
        """How many items stand how, without those that are none."""
        return {name: count for name, count in self.counts.items() if count}

    @property
    def ended_items(self) -> int:
        """How many items have ended."""
        return self.row.total - self.counts["pending"] - self.counts["running"]

    @property
    def is_staged(self) -> bool:
        """Whether the job goes in steps."""
        return self.staging.is_due(self.row.is_dangerous, self.row.total)

    @property
    def is_watching(self) -> bool:
        """Whether the job wants to know which modems come back and answer."""
        return self.is_staged and self.status in ("running", "paused")

    def act(self, action: Action, **changes: Any) -> None:
        """Change how the job stands, with other parts of its row.

        Raises:
            JobConflict: the action does not fit.
        """
        self.row = dataclasses.replace(self.row, status=next_status(self.status, action), **changes)

    # Beginning and ending items.

    def open_step(self) -> None:
        """Choose the modems of the present step: those that are here first, then in order."""
        size = self.row.steps[self.row.step] - sum(item.step is not None for item in self.items)
        free = [item for item in self.items if item.step is None and item.status == "pending"]
        free.sort(key=lambda item: (not self.is_present(item.modem), item.position))
        for item in free[: max(size, 0)]:
            self._put(dataclasses.replace(item, step=self.row.step))
        self.lost = 0
        self._gather()

    def next_item(self, is_free: Callable[[str], bool]) -> JobItemRow | None:
        """Return an item that can be begun now, None when there is none; `is_free`: no other job is at that modem."""
        needs_link = self.kind.needs_link(self.row.args)
        for _ in range(len(self._ready)):
            position = self._ready.popleft()
            item = self.items[position]
            if item.status != "pending":
                continue
            if needs_link and position not in self.repeated and not self.is_present(item.modem):
                self._absent.add(position)
            elif not is_free(item.modem):
                self._ready.append(position)
            else:
                return item
        return None

    def put_back(self, item: JobItemRow) -> None:
        """Let an item that could not be begun be the next again."""
        self._ready.appendleft(item.position)

    def started(self, item: JobItemRow, now: datetime) -> JobItem:
        """Mark an item as running; return what its kind gets."""
        row = dataclasses.replace(item, status="running", attempt=item.attempt + (item.position not in self.repeated))
        is_repeat = item.position in self.repeated
        row = dataclasses.replace(row, attempt=max(row.attempt, 1), started_at=item.started_at if is_repeat else now)
        self.repeated.discard(item.position)
        self.running.add(item.position)
        self._proven.discard(item.position)
        self._redialled.discard(item.position)
        self._put(row)
        return JobItem(
            job=self.row.id,
            position=row.position,
            modem=row.modem,
            args={**self.row.args, **(row.args or {})},
            attempt=row.attempt,
            is_repeat=is_repeat,
            origin=f"job:{self.row.created_by}",
            expires_in_s=max((self.row.expires_at - now).total_seconds(), 0.0),
            so_far=row.result or {},
        )

    def note(self, position: int, result: dict[str, Any]) -> None:
        """Take how far a running item is; one that has ended says nothing more."""
        if position in self.running:
            self._put(dataclasses.replace(self.items[position], result=result))

    def ended(self, position: int, result: ItemResult, now: datetime) -> None:
        """Take how an item ended."""
        self.running.discard(position)
        row = dataclasses.replace(
            self.items[position],
            status=result.status,
            result=result.result or None,
            error=None if result.error is None else result.error[:1000],
            finished_at=now,
        )
        self._put(row)
        if self.is_staged:
            self._await_return(row, now)

    def interrupted(self, position: int) -> None:
        """The hub stops while an item runs: the stored row stays as it is, and the next start repeats it."""
        self.running.discard(position)

    def end_rest(self, status: str, error: str, now: datetime) -> None:
        """End every item that has not been begun."""
        for item in list(self.items):
            if item.status == "pending":
                self._put(dataclasses.replace(item, status=status, error=error, finished_at=now))
        self._ready.clear()
        self._absent.clear()

    def renew(self, steps: Callable[[int], list[int]]) -> int:
        """Make what failed or was not done pending again; return how many there are."""
        again = [item for item in self.items if item.status in ("failed", "expired", "cancelled")]
        for item in list(self.items):
            self._put(dataclasses.replace(item, step=_BEFORE))
        for item in again:
            self._put(dataclasses.replace(item, status="pending", step=None, error=None, finished_at=None))
        begun = self.row.total - len(again)
        self.row = dataclasses.replace(self.row, step=0, steps=[begun + bound for bound in steps(len(again))])
        return len(again)

    # Modems that come and answer.

    def modem_returned(self, modem: str) -> None:
        """A modem has dialled in."""
        if (position := self._by_modem.get(modem)) is None:
            return
        if position in self._absent:
            self._absent.discard(position)
            self._ready.append(position)
        if position in self.running or position in self._awaited:
            self._redialled.add(position)
            self._proven.discard(position)

    def modem_answered(self, modem: str) -> None:
        """A modem has answered something, the hub's question or a program's."""
        position = self._by_modem.get(modem)
        if position is None or (position not in self.running and position not in self._awaited):
            return
        if self.kind.reconnects(self.row.args) and position not in self._redialled:
            return
        self._proven.add(position)
        if self._awaited.pop(position, None) is not None:
            self._put(dataclasses.replace(self.items[position], has_returned=True))

    # Steps.

    @property
    def is_step_over(self) -> bool:
        """Whether every item of the present step has ended; in a staged job also: is back, or given up."""
        return not self._awaited and not self._open

    @property
    def is_last_step(self) -> bool:
        """Whether no step follows."""
        return self.row.step + 1 >= len(self.row.steps)

    def next_step(self) -> None:
        """Go on to the next step."""
        self.row = dataclasses.replace(self.row, step=self.row.step + 1, step_ended_at=None)
        self.open_step()

    def note_step_ended(self, now: datetime) -> bool:
        """Note since when a step only waits for its modems to be back; say whether that is new."""
        if self._open or not self._awaited or self.row.step_ended_at is not None:
            return False
        self.row = dataclasses.replace(self.row, step_ended_at=now)
        return True

    def give_up_late(self, now: datetime) -> None:
        """Count modems that should be back by now as lost."""
        late = [position for position, until in self._awaited.items() if until <= now]
        for position in late:
            del self._awaited[position]
        self.lost += len(late)

    @property
    def is_failing(self) -> bool:
        """Whether so many modems of the step failed or are lost that the job must stop."""
        return self.is_staged and self.lost >= self.staging.limit(self._size)

    def accept_losses(self) -> None:
        """A person decided to go on: what is lost is not counted any more."""
        self.lost = 0
        self._awaited.clear()

    @property
    def has_changes(self) -> bool:
        """Whether there are items whose rows are not stored yet."""
        return bool(self._changed)

    def take_changes(self) -> list[JobItemRow]:
        """Return the items that changed since the last call."""
        changed, self._changed = list(self._changed.values()), {}
        return changed

    def return_changes(self, rows: Iterable[JobItemRow]) -> None:
        """Take back what could not be stored, unless it has changed again."""
        for row in rows:
            self._changed.setdefault(row.position, row)

    def _await_return(self, item: JobItemRow, now: datetime) -> None:
        if item.status == "failed":
            self.lost += 1
        elif item.status == "done" and not item.has_returned:
            if item.position in self._proven:
                self._put(dataclasses.replace(item, has_returned=True))
            else:
                self._awaited[item.position] = now + timedelta(seconds=self.staging.return_within_s)

    def _of_step(self) -> Iterable[JobItemRow]:
        return (item for item in self.items if item.step == self.row.step)

    def _gather(self) -> None:
        self._absent.clear()
        self._ready = deque(item.position for item in self._of_step() if item.status == "pending")
        self._size = sum(1 for _ in self._of_step())
        self._open = sum(self._is_open(item) for item in self._of_step())

    def _put(self, row: JobItemRow) -> None:
        former = self.items[row.position]
        self.counts[former.status] -= 1
        self.counts[row.status] += 1
        self._open += self._is_open(row) - self._is_open(former)
        self.items[row.position] = self._changed[row.position] = row

    def _is_open(self, item: JobItemRow) -> bool:
        return item.step == self.row.step and item.status not in ITEM_ENDED


def new_run(
    kind: JobKind,
    new: NewJob,
    modems: tuple[str, ...],
    staging: Staging,
    is_present: Callable[[str], bool],
    now: datetime,
) -> JobRun:
    """Return a new job: running, or before a second person when it is dangerous for so many modems."""
    is_dangerous = kind.is_dangerous(new.args) or any(
        kind.is_dangerous({**new.args, **args}) for args in new.item_args.values()
    )
    in_steps = staging.is_due(is_dangerous, len(modems))
    row = JobRow(
        id=new_ulid(int(now.timestamp() * 1000)),
        kind=kind.name,
        target=new.target,
        args=new.args,
        status="awaiting_approval" if in_steps else "running",
        is_dangerous=is_dangerous,
        steps=plan_steps(len(modems), in_steps=in_steps),
        step=0,
        total=len(modems),
        created_by=new.created_by,
        created_at=now,
        expires_at=now + timedelta(seconds=new.expires_in_s),
        started_at=None if in_steps else now,
    )
    items = [
        JobItemRow(job=row.id, position=position, modem=modem, args=new.item_args.get(modem))
        for position, modem in enumerate(modems)
    ]
    run = JobRun(row, kind, items, staging, is_present)
    run.begin(now)
    return run
