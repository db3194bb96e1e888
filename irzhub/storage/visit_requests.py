"""Visit requests: who has to go where, why, and how to get in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select

from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_local import visit_requests

_SAVE: Final = upsert(visit_requests)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """One request; `number` is what people call it by, `incident` what it is about, where there is one.

    Args:
        site, address: where to go. access: how to get in. contact: whom to ask there.
        cause: what is wrong. task: what to do. due_at: by when. result: what was found and done.
    """

    number: int
    incident: int | None = None
    modem: str | None = None
    created_at: datetime
    created_by: str
    site: str = ""
    address: str = ""
    access: str = ""
    contact: str = ""
    cause: str = ""
    task: str = ""
    due_at: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    result: str = ""


def save_visit(connection: Connection, row: VisitRow) -> None:
    """Add a request, or replace the one of its number."""
    connection.execute(_SAVE, row_values(row))


def get_visit(connection: Connection, number: int) -> VisitRow | None:
    """Return one request, None when there is none of that number."""
    statement = select(visit_requests).where(visit_requests.c.number == number)
    row = connection.execute(statement).mappings().one_or_none()
    return None if row is None else VisitRow(**row)


def list_visits(
    connection: Connection,
    *,
    is_open: bool | None = None,
    incident: int | None = None,
    before: int | None = None,
    limit: int = 100,
) -> list[VisitRow]:
    """Return requests from new to old, behind the number `before`."""
    statement = select(visit_requests).order_by(visit_requests.c.number.desc()).limit(limit)
    if is_open is not None:
        closed_at = visit_requests.c.closed_at
        statement = statement.where(closed_at.is_(None) if is_open else closed_at.is_not(None))
    if incident is not None:
        statement = statement.where(visit_requests.c.incident == incident)
    if before is not None:
        statement = statement.where(visit_requests.c.number < before)
    return [VisitRow(**row) for row in connection.execute(statement).mappings()]


def last_visit(connection: Connection) -> int:
    """Return the highest number that was given, 0 for none."""
    return connection.scalar(select(func.max(visit_requests.c.number))) or 0
