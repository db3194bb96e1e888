"""Reports that are mailed: when, to whom, and how each mail fared."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import Connection, delete, insert, select, update

from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_local import report_mails, report_schedules

MailStatus: TypeAlias = Literal["waiting", "sent", "failed"]
_SAVE: Final = upsert(report_schedules)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSchedule:
    """A report that is mailed again and again.

    Args:
        period: a word of `reports.period`, meant on the day on which it is mailed.
        filters: `modem`, `group`, `organisation`, empty for all. limits: what its author may see.
        forms: of the files. at: `HH:MM` on the clock of `time_zone`.
        weekdays: 1 (Monday) to 7, empty: any. month_day: 1 to 31, None: any; of shorter months the last day.
        next_at: when it is due, None while it is switched off. last_at: when it was due last.
    """

    id: str
    name: str
    kind: str
    period: str
    filters: dict[str, str] = field(hash=False)
    limits: dict[str, Any] = field(hash=False)
    forms: list[str] = field(hash=False)
    recipients: list[str] = field(hash=False)
    at: str
    weekdays: list[int] = field(hash=False)
    month_day: int | None
    time_zone: str
    language: str
    is_enabled: bool
    created_at: datetime
    created_by: str
    updated_at: datetime
    next_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMail:
    """One report to one address.

    Args:
        schedule: None for one that somebody asked for. wanted: the report, as `reports.wanted` writes it.
        next_at: when it is tried, None once it is over.
    """

    id: str
    schedule: str | None
    recipient: str
    wanted: dict[str, Any] = field(hash=False)
    forms: list[str] = field(hash=False)
    status: MailStatus = "waiting"
    attempts: int = 0
    error: str = ""
    created_at: datetime
    created_by: str
    next_at: datetime | None = None
    finished_at: datetime | None = None


def load_schedules(connection: Connection) -> list[ReportSchedule]:
    """Return all schedules, the oldest first."""
    found = connection.execute(select(report_schedules).order_by(report_schedules.c.id))
    return [ReportSchedule(**row) for row in found.mappings()]


def find_schedule(connection: Connection, id_: str) -> ReportSchedule | None:
    """Return one schedule, None when there is none of that id."""
    row = connection.execute(select(report_schedules).where(report_schedules.c.id == id_)).mappings().first()
    return None if row is None else ReportSchedule(**row)


def save_schedule(connection: Connection, row: ReportSchedule) -> None:
    """Write a schedule, in place of the one of its id."""
    connection.execute(_SAVE, row_values(row))


def delete_schedule(connection: Connection, id_: str) -> None:
    """Remove a schedule, with its mails that have not left."""
    connection.execute(delete(report_schedules).where(report_schedules.c.id == id_))
    waiting = (report_mails.c.schedule == id_) & (report_mails.c.status == "waiting")
    connection.execute(delete(report_mails).where(waiting))


def due_schedules(connection: Connection, now: datetime) -> list[ReportSchedule]:
    """Return the schedules that are due."""
    is_due = report_schedules.c.is_enabled.is_(True) & (report_schedules.c.next_at <= now)
    found = connection.execute(select(report_schedules).where(is_due).order_by(report_schedules.c.next_at))
    return [ReportSchedule(**row) for row in found.mappings()]


def put_into_mail(connection: Connection, mails: Sequence[ReportMail], schedule: ReportSchedule | None = None) -> None:
    """Keep mails that are to leave, and in the same transaction when their schedule is due next.

    One whose schedule was changed or removed meanwhile is not kept: it is due anew, or not at all.
    """
    if schedule is not None:
        changed = connection.execute(
            update(report_schedules)
            .where(report_schedules.c.id == schedule.id, report_schedules.c.updated_at == schedule.updated_at)
            .values(next_at=schedule.next_at, last_at=schedule.last_at)
        )
        if not changed.rowcount:
            return
    if mails:
        connection.execute(insert(report_mails), [row_values(mail) for mail in mails])


def due_mails(connection: Connection, now: datetime, limit: int) -> list[ReportMail]:
    """Return mails that are to be tried now, the oldest first."""
    statement = (
        select(report_mails)
        .where(report_mails.c.next_at <= now)
        .order_by(report_mails.c.next_at, report_mails.c.id)
        .limit(limit)
    )
    return [ReportMail(**row) for row in connection.execute(statement).mappings()]


def next_moment(connection: Connection) -> datetime | None:
    """Return when something is due next, None when nothing is."""
    of_mails = connection.scalar(
        select(report_mails.c.next_at)
        .where(report_mails.c.next_at.is_not(None))
        .order_by(report_mails.c.next_at)
        .limit(1)
    )
    of_schedules = connection.scalar(
        select(report_schedules.c.next_at)
        .where(report_schedules.c.next_at.is_not(None), report_schedules.c.is_enabled.is_(True))
        .order_by(report_schedules.c.next_at)
        .limit(1)
    )
    return min((each for each in (of_mails, of_schedules) if each is not None), default=None)


def note_mail(connection: Connection, mail: ReportMail) -> None:
    """Write how a mail fares; one that was removed meanwhile stays removed."""
    changed = {name: getattr(mail, name) for name in ("status", "attempts", "error", "next_at", "finished_at")}
    connection.execute(update(report_mails).where(report_mails.c.id == mail.id).values(**changed))


def list_mails(connection: Connection, limit: int) -> list[ReportMail]:
    """Return the newest mails first."""
    found = connection.execute(select(report_mails).order_by(report_mails.c.id.desc()).limit(limit))
    return [ReportMail(**row) for row in found.mappings()]


def purge_mails(connection: Connection, before: datetime) -> int:
    """Remove mails that were over before a moment; say how many."""
    return connection.execute(delete(report_mails).where(report_mails.c.finished_at < before)).rowcount


def replaced(mail: ReportMail, **changes: Any) -> ReportMail:
    """Return a mail with changes; errors are cut to what is kept of them."""
    if "error" in changes:
        changes["error"] = str(changes["error"])[:1000]
    return dataclasses.replace(mail, **changes)
