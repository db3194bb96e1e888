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


def last_copied(connection: Connection, hub: str) -> tuple[int, int]:
    """Return the highest number and the highest revision of a hub's incidents here; 0 when there are none."""
    highest = select(func.max(incidents.c.number), func.max(incidents.c.revision)).where(incidents.c.hub == hub)
    number, revision = connection.execute(highest).one()
    return number or 0, revision or 0


def _values(row: IncidentRow) -> dict[str, Any]:
    values = row_values(row)
    del values["is_told"]
    return values
