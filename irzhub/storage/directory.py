"""Whom notifications reach: contacts, teams, rosters, calendars and ladders, each an entry under its kind and name."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_local import directory, escalation_runs

_UPSERT: Final = upsert(directory)
_UPSERT_RUN: Final = upsert(escalation_runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryRow:
    """One entry; `entry` is what people wrote, as REST shows it. `organisation` is empty for what all share."""

    kind: str
    name: str
    organisation: str = ""
    entry: dict[str, Any] = field(default_factory=dict)
    changed_at: datetime
    changed_by: str


@dataclass(slots=True, kw_only=True)
class EscalationRow:
    """A ladder that climbs for one incident.

    Args:
        step: the next one. repeats: how often the last step was repeated. next_at: when, None once it ended.
        message: what is said, as JSON. ended_by: who or what ended it, empty while it climbs.
    """

    incident: int
    ladder: str
    began_at: datetime
    next_at: datetime | None
    step: int = 0
    repeats: int = 0
    message: dict[str, Any] = field(default_factory=dict)
    ended_at: datetime | None = None
    ended_by: str = ""


def load_directory(connection: Connection) -> list[DirectoryRow]:
    """Return all entries."""
    return [DirectoryRow(**row) for row in connection.execute(select(directory)).mappings()]


def save_entry(connection: Connection, row: DirectoryRow) -> None:
    """Add or replace an entry."""
    connection.execute(_UPSERT, row_values(row))


def delete_entry(connection: Connection, kind: str, name: str) -> None:
    """Remove an entry."""
    connection.execute(delete(directory).where(directory.c.kind == kind, directory.c.name == name))


def load_climbing(connection: Connection) -> list[EscalationRow]:
    """Return the ladders that have not ended."""
    found = connection.execute(select(escalation_runs).where(escalation_runs.c.ended_at.is_(None)))
    return [EscalationRow(**row) for row in found.mappings()]


def save_run(connection: Connection, row: EscalationRow) -> None:
    """Add or replace a ladder's run."""
    connection.execute(_UPSERT_RUN, row_values(row))


def runs_of(connection: Connection, incident: int) -> list[EscalationRow]:
    """Return the ladders that climbed for an incident."""
    found = connection.execute(select(escalation_runs).where(escalation_runs.c.incident == incident))
    return [EscalationRow(**row) for row in found.mappings()]


def prune_runs(connection: Connection, before: datetime) -> None:
    """Remove runs that ended before that time."""
    connection.execute(delete(escalation_runs).where(escalation_runs.c.ended_at < before))
