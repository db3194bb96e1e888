"""Jobs over many modems and their items, one row for each modem."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from irzhub.storage.rows import row_values
from irzhub.storage.tables_local import job_items, jobs

JOB_ENDED: Final = frozenset({"done", "cancelled"})
ITEM_ENDED: Final = frozenset({"done", "failed", "expired", "cancelled"})

_ITEM_KEYS: Final = {"of_job": "job", "of_position": "position"}
_INSERT_ITEMS: Final = insert(job_items)
_SAVE_ITEM: Final = (
    update(job_items)
    .where(job_items.c.job == bindparam("of_job"), job_items.c.position == bindparam("of_position"))
    .values(
        {
            name: bindparam(f"new_{name}")
            for name in ("step", "status", "attempt", "result", "error", "has_returned", "started_at", "finished_at")
        }
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """One job.

    Args:
        kind: what is done to each modem. target: which modems were asked for, as it was asked.
        args: of the kind, secrets included: they are shown to nobody.
        steps: how many items have been begun at the end of each step, rising; the last is `total`.
        step: the present one, counted from 0. step_ended_at: since when its modems are awaited back.
        reason: why it stopped or was cancelled, in words.
    """

    id: str
    kind: str
    target: dict[str, Any]
    args: dict[str, Any] = field(repr=False)
    status: str
    is_dangerous: bool
    steps: list[int]
    step: int
    total: int
    created_by: str
    created_at: datetime
    expires_at: datetime
    approved_by: str | None = None
    approved_at: datetime | None = None
    started_at: datetime | None = None
    step_ended_at: datetime | None = None
    finished_at: datetime | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobItemRow:
    """One modem of a job; `args` are those that differ from the job's, `step` is None until it is chosen for one."""

    job: str
    position: int
    modem: str
    args: dict[str, Any] | None = field(default=None, repr=False)
    step: int | None = None
    status: str = "pending"
    attempt: int = 0
    result: dict[str, Any] | None = None
    error: str | None = None
    has_returned: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None


def add_job(connection: Connection, job: JobRow, items: Sequence[JobItemRow]) -> None:
    """Store a new job with all its items."""
    connection.execute(insert(jobs), row_values(job))
    connection.execute(_INSERT_ITEMS, [row_values(item) for item in items])


def save_job(connection: Connection, job: JobRow) -> None:
    """Replace what a job's row says."""
    connection.execute(update(jobs).where(jobs.c.id == job.id), row_values(job))


def save_items(connection: Connection, items: Sequence[JobItemRow]) -> None:
    """Replace how some items stand; job, position, modem and args never change."""
    if items:
        connection.execute(_SAVE_ITEM, [_changed(item) for item in items])


def load_living_jobs(connection: Connection) -> list[JobRow]:
    """Return the jobs that have not ended, from old to new."""
    statement = select(jobs).where(jobs.c.status.not_in(JOB_ENDED)).order_by(jobs.c.id)
    return [JobRow(**row) for row in connection.execute(statement).mappings()]


def stop_living_jobs(connection: Connection) -> None:
    """Stop what ran when a backup was made: a person decides whether it goes on."""
    connection.execute(
        update(jobs)
        .where(jobs.c.status.in_(("running", "paused", "cancelling")))
        .values(status="stopped", reason="it comes from a backup: somebody has to decide")
    )


def get_job(connection: Connection, id_: str) -> JobRow | None:
    """Return one job, None when there is none with that id."""
    row = connection.execute(select(jobs).where(jobs.c.id == id_)).mappings().one_or_none()
    return None if row is None else JobRow(**row)


def list_jobs(
    connection: Connection,
    *,
    status: str | None = None,
    kind: str | None = None,
    before: str | None = None,
    limit: int = 100,
) -> list[JobRow]:
    """Return jobs from new to old, behind the id `before`."""
    statement = select(jobs).order_by(jobs.c.id.desc()).limit(limit)
    if status is not None:
        statement = statement.where(jobs.c.status == status)
    if kind is not None:
        statement = statement.where(jobs.c.kind == kind)
    if before is not None:
        statement = statement.where(jobs.c.id < before)
    return [JobRow(**row) for row in connection.execute(statement).mappings()]


def load_items(connection: Connection, job: str) -> list[JobItemRow]:
    """Return all items of a job in order."""
    statement = select(job_items).where(job_items.c.job == job).order_by(job_items.c.position)
    return [JobItemRow(**row) for row in connection.execute(statement).mappings()]


def load_job_modems(connection: Connection, job: str) -> list[str]:
    """Return the modems of a job in order."""
    statement = select(job_items.c.modem).where(job_items.c.job == job).order_by(job_items.c.position)
    return list(connection.execute(statement).scalars())


def list_items(
    connection: Connection, job: str, *, status: str | None = None, after: int = -1, limit: int = 100
) -> list[JobItemRow]:
    """Return some items of a job in order, behind the position `after`."""
    statement = select(job_items).where(job_items.c.job == job, job_items.c.position > after)
    if status is not None:
        statement = statement.where(job_items.c.status == status)
    found = connection.execute(statement.order_by(job_items.c.position).limit(limit))
    return [JobItemRow(**row) for row in found.mappings()]


def count_items(connection: Connection, ids: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return for each of some jobs how many of its items stand how."""
    statement = (
        select(job_items.c.job, job_items.c.status, func.count())
        .where(job_items.c.job.in_(ids))
        .group_by(job_items.c.job, job_items.c.status)
    )
    counts: dict[str, dict[str, int]] = {id_: {} for id_ in ids}
    for job, status, count in connection.execute(statement):
        counts[job][status] = count
    return counts


def purge_jobs(connection: Connection, before: datetime, limit: int) -> int:
    """Remove at most `limit` jobs that ended before a moment, with their items; return how many went."""
    old = select(jobs.c.id).where(jobs.c.status.in_(JOB_ENDED), jobs.c.finished_at < before).limit(limit)
    ids = list(connection.execute(old).scalars())
    if ids:
        connection.execute(delete(job_items).where(job_items.c.job.in_(ids)))
        connection.execute(delete(jobs).where(jobs.c.id.in_(ids)))
    return len(ids)


def wipe_args(connection: Connection, job: str, keep: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Keep of a job's arguments, and of those of its items, what `keep` leaves: secrets go with the job's end."""
    args = connection.execute(select(jobs.c.args).where(jobs.c.id == job)).scalar_one()
    connection.execute(update(jobs).where(jobs.c.id == job).values(args=keep(args)))
    own = select(job_items.c.position, job_items.c.args).where(job_items.c.job == job, job_items.c.args.is_not(None))
    for position, item_args in connection.execute(own).all():
        where = (job_items.c.job == job, job_items.c.position == position)
        connection.execute(update(job_items).where(*where).values(args=keep(item_args)))


def _changed(item: JobItemRow) -> dict[str, Any]:
    values = row_values(item)
    keys = {bound: values.pop(name) for bound, name in _ITEM_KEYS.items()}
    del values["modem"], values["args"]
    return {**keys, **{f"new_{name}": value for name, value in values.items()}}
