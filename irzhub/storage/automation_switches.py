"""Which automations people switched off or on over REST; the file says what they are otherwise."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select

from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_local import automation_switches

_UPSERT: Final = upsert(automation_switches)


@dataclass(frozen=True, slots=True)
class SwitchRow:
    """One automation, by its id in the file."""

    rule: str
    is_enabled: bool
    changed_at: datetime
    changed_by: str


def load_switches(connection: Connection) -> list[SwitchRow]:
    """Return all switches, by rule."""
    found = connection.execute(select(automation_switches).order_by(automation_switches.c.rule))
    return [SwitchRow(**row) for row in found.mappings()]


def save_switch(connection: Connection, row: SwitchRow) -> None:
    """Add or replace a switch."""
    connection.execute(_UPSERT, row_values(row))


def delete_switch(connection: Connection, rule: str) -> None:
    """Forget a switch: the file decides again."""
    connection.execute(delete(automation_switches).where(automation_switches.c.rule == rule))
