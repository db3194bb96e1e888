"""Copies of incidents in the history database, for reports over years; a number makes a repeat harmless."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, func, select

from irzhub.storage.history_rows import upsert_rows
from irzhub.storage.incidents import IncidentRow
from irzhub.storage.rows import row_values
from irzhub.storage.tables_history import incidents


def upsert_incidents(connection: Connection, hub: str, rows: Sequence[IncidentRow]) -> None:
    """Store how incidents of a hub stand; the row that was there goes."""
    upsert_rows(connection, incidents, [{"hub": hub, **_values(row)} for row in rows])


def last_revision(connection: Connection, hub: str) -> int:
    """Return the highest revision of a hub's incidents here; 0 when there are none."""
    return connection.scalar(select(func.max(incidents.c.revision)).where(incidents.c.hub == hub)) or 0


def _values(row: IncidentRow) -> dict[str, Any]:
    values = row_values(row)
    del values["is_told"]
    return values
