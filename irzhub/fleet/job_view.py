"""A job as others see it: for people, and as the events that tell of it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from irzhub.core.events import JobChanged, JobFinished
from irzhub.fleet.job_kind import JobKind
from irzhub.storage.jobs import JobRow


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """A job for people: its row, how many of its items stand how, and its arguments without secrets."""

    row: JobRow
    counts: dict[str, int]
    shown_args: dict[str, Any]

    @property
    def ended(self) -> int:
        """How many items have ended."""
        return self.row.total - self.counts.get("pending", 0) - self.counts.get("running", 0)


def build_view(row: JobRow, counts: dict[str, int], kind: JobKind | None) -> JobView:
    """Return a job for people; of a kind that this hub does not know no arguments are shown."""
    return JobView(row=row, counts=counts, shown_args={} if kind is None else kind.show(row.args))


def changed_event(row: JobRow, counts: dict[str, int], now: datetime) -> JobChanged:
    """Return what tells that a job stands otherwise or has come further."""
    return JobChanged(
        ts=now,
        job=row.id,
        kind=row.kind,
        status=row.status,
        step=row.step + 1,
        steps=len(row.steps),
        total=row.total,
        counts=counts,
        reason=row.reason,
    )


def finished_event(row: JobRow, counts: dict[str, int], now: datetime) -> JobFinished:
    """Return what tells that a job has ended."""
    return JobFinished(
        ts=now, job=row.id, kind=row.kind, status=row.status, total=row.total, counts=counts, reason=row.reason
    )
