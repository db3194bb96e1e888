"""Copies of the audit in the history database; a row's number makes a repeat harmless."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from irzhub.storage.audit import AuditRow
from irzhub.storage.history_rows import add_rows
from irzhub.storage.rows import row_values
from irzhub.storage.tables_history import audit


def insert_audit(connection: Connection, hub: str, rows: Sequence[AuditRow]) -> None:
    """Store rows of a hub; those that are stored already stay as they are."""
    add_rows(connection, audit, [{"hub": hub, **row_values(row)} for row in rows])


def last_audit(connection: Connection, hub: str) -> int:
    """Return the highest number of a hub's rows here; 0 when there are none."""
    return connection.scalar(select(func.max(audit.c.seq)).where(audit.c.hub == hub)) or 0


def purge_audit_copies(connection: Connection, hub: str, before: datetime, limit: int) -> int:
    """Remove at most `limit` rows older than `before`; return how many went."""
    oldest = select(audit.c.seq).where(audit.c.hub == hub, audit.c.ts < before).order_by(audit.c.seq).limit(limit)
    numbers = connection.scalars(oldest).all()
    if numbers:
        connection.execute(delete(audit).where(audit.c.hub == hub, audit.c.seq.in_(numbers)))
    return len(numbers)
