"""The shift log: what happened on watch, noted by the hub and by people."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from irzhub.storage.rows import row_values
from irzhub.storage.tables_local import shift_log


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftEntry:
    """One line of the log.

    Args:
        id: a ULID: order is time.
        by: who wrote it, `hub` for the hub itself.
        kind: `note`, `taken`, `handed_over`, `opened`, `closed`, `visit`, `visit_closed`.
        facts: what the hub makes words of when it is read. text: what a person wrote.
    """

    id: str
    at: datetime
    by: str
    kind: str
    incident: int | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    text: str = ""


def add_entry(connection: Connection, row: ShiftEntry) -> None:
    """Add a line."""
    connection.execute(insert(shift_log), row_values(row))


def list_entries(
    connection: Connection, *, since: datetime | None = None, before: str | None = None, limit: int = 100
) -> list[ShiftEntry]:
    """Return lines from new to old, behind the id `before`."""
    statement = select(shift_log).order_by(shift_log.c.id.desc()).limit(limit)
    if since is not None:
        statement = statement.where(shift_log.c.at >= since)
    if before is not None:
        statement = statement.where(shift_log.c.id < before)
    return [ShiftEntry(**row) for row in connection.execute(statement).mappings()]


def last_of_kind(connection: Connection, *kinds: str) -> ShiftEntry | None:
    """Return the latest line of some kinds, None when there is none."""
    statement = select(shift_log).where(shift_log.c.kind.in_(kinds)).order_by(shift_log.c.id.desc()).limit(1)
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else ShiftEntry(**row)


def purge_entries(connection: Connection, before: datetime) -> int:
    """Remove the lines older than a moment; return how many went."""
    return connection.execute(delete(shift_log).where(shift_log.c.at < before)).rowcount
