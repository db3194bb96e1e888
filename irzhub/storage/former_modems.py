"""Modems that were deleted, replaced or turned away: whose port is kept, and who may not come again."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select, update

from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_local import former_modems, metadata, modems

_UPSERT: Final = upsert(former_modems)
_STAYS: Final = frozenset({"events", "published", "audit", "commands", "job_items", "former_modems"})
"""Tables that tell what was: there the old name of a replaced modem stays."""


@dataclass(frozen=True, slots=True)
class FormerModem:
    """One modem that is no more.

    Args:
        host, port: the port kept for its return, None when it was freed.
        is_blocked: it is turned away when it dials in.
        replaced_by: the modem that took its place, whose history goes on from this one's.
        reason: `deleted`, `replaced` or `rejected`. by: who did it.
    """

    modem: str
    at: datetime
    reason: str
    by: str = ""
    name: str = ""
    host: str | None = None
    port: int | None = None
    is_blocked: bool = False
    replaced_by: str | None = None


def load_former_modems(connection: Connection) -> list[FormerModem]:
    """Return all of them, by id."""
    found = connection.execute(select(former_modems).order_by(former_modems.c.modem))
    return [FormerModem(**row) for row in found.mappings()]


def save_former_modem(connection: Connection, row: FormerModem) -> None:
    """Add one, or replace what is known of it."""
    connection.execute(_UPSERT, row_values(row))


def delete_former_modem(connection: Connection, modem: str) -> None:
    """Forget one: its port is free, and it may come again."""
    connection.execute(delete(former_modems).where(former_modems.c.modem == modem))


def rename_modem(connection: Connection, old: str, new: str, imei: str, channel: int | None) -> None:
    """Give all that is kept of a modem to another id: a replaced modem's port, name, inputs, meters and the rest.

    What was left of the new one in the same places, such as settings read on a desk before it was mounted, gives way.

    Raises:
        IntegrityError: the new one is registered itself.
    """
    for table in metadata.sorted_tables:
        if "modem" not in table.c or table.name in _STAYS:
            continue
        statement, changes = update(table).where(table.c.modem == old), {"modem": new}
        if table is modems:
            place = {"imei": imei, "channel": channel, "password": None, "was_online": False}
            connection.execute(statement.values({**changes, **place}))
        else:
            connection.execute(statement.values(changes).prefix_with("OR REPLACE"))
