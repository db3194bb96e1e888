"""Maintenance windows: what happens there meanwhile is recorded, and nobody is told."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select

from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_local import maintenance_windows

_SAVE: Final = upsert(maintenance_windows)


@dataclass(frozen=True, slots=True, kw_only=True)
class MaintenanceRow:
    """One window of one modem, of a group with all below it, or of the whole hub when neither is named."""

    id: str
    modem: str | None = None
    group: str | None = None
    since: datetime
    until: datetime
    reason: str
    created_by: str
    created_at: datetime


def save_window(connection: Connection, row: MaintenanceRow) -> None:
    """Add a window, or replace the one of its id."""
    connection.execute(_SAVE, row_values(row))


def list_windows(connection: Connection, until_after: datetime | None = None) -> list[MaintenanceRow]:
    """Return windows by their beginning; only those that end after a moment, where one is given."""
    statement = select(maintenance_windows).order_by(maintenance_windows.c.since, maintenance_windows.c.id)
    if until_after is not None:
        statement = statement.where(maintenance_windows.c.until > until_after)
    return [MaintenanceRow(**row) for row in connection.execute(statement).mappings()]


def delete_window(connection: Connection, id_: str) -> None:
    """Remove a window."""
    connection.execute(delete(maintenance_windows).where(maintenance_windows.c.id == id_))
