"""What automations have begun and did: waits and runs that outlive a restart, and the last traces of each rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_local import automation_kept, automation_traces

_SAVE_KEPT: Final = upsert(automation_kept)
_SAVE_TRACES: Final = upsert(automation_traces)
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRow:
    """A wait (`hold`) or a run that has not ended; `data` is the engine's own."""

    key: str
    kind: str
    rule: str
    due: datetime | None
    data: dict[str, Any]


def load_kept(connection: Connection) -> list[KeptRow]:
    """Return all that was begun, in the order in which it is due."""
    statement = select(automation_kept).order_by(automation_kept.c.due, automation_kept.c.key)
    return [KeptRow(**row) for row in connection.execute(statement).mappings()]


def change_kept(connection: Connection, saved: Sequence[KeptRow], dropped: Sequence[str]) -> None:
    """Add or replace what is waited for, and forget what is not."""
    if saved:
        connection.execute(_SAVE_KEPT, [row_values(row) for row in saved])
    for start in range(0, len(dropped), _AT_ONCE):
        keys = dropped[start : start + _AT_ONCE]
        connection.execute(delete(automation_kept).where(automation_kept.c.key.in_(keys)))


def load_traces(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Return the last traces by rule."""
    return {row.rule: row.traces for row in connection.execute(select(automation_traces))}


def save_traces(connection: Connection, traces: Mapping[str, Sequence[dict[str, Any]]], now: datetime) -> None:
    """Replace the traces of some rules; of a rule without any they are forgotten."""
    rows = [{"rule": rule, "traces": found, "changed_at": now} for rule, found in traces.items() if found]
    if rows:
        connection.execute(_SAVE_TRACES, rows)
    gone = [rule for rule, found in traces.items() if not found]
    for start in range(0, len(gone), _AT_ONCE):
        rules = gone[start : start + _AT_ONCE]
        connection.execute(delete(automation_traces).where(automation_traces.c.rule.in_(rules)))
