"""The registry's rows: each modem with its port for good, what people set, and its last known values."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypedDict

from sqlalchemy import Connection, CursorResult, bindparam, delete, select, update

from irzhub.storage.rows import driver, row_values, upsert
from irzhub.storage.tables_local import inputs, modem_notifications, modems, pins

_UPSERT: Final = upsert(modems, keep=frozenset({"was_online", "snapshot"}))
_SET_ONLINE: Final = "UPDATE modems SET was_online = ? WHERE modem = ?"


@dataclass(frozen=True, slots=True)
class ModemRow:
    """One registered modem.

    Args:
        password: as the registry keeps it, None while none is pinned.
        was_online: whether it was online when this was last written.
        overrides: settings of this modem that differ from the configuration's.
        snapshot: last known live values as JSON, so that a restart shows what was known.
        organisation, site: ids of what it belongs to, empty where it belongs to none.
        phone_sim1, phone_sim2: numbers of its SIM cards in E.164, empty while unknown.
    """

    modem: str
    imei: str
    channel: int | None
    driver: str
    host: str
    port: int
    name: str
    group: str
    comment: str
    password: str | None = field(repr=False)
    registered_at: datetime
    was_online: bool = False
    overrides: dict[str, Any] = field(default_factory=dict)
    snapshot: dict[str, Any] = field(default_factory=dict)
    organisation: str = ""
    site: str = ""
    phone_sim1: str = ""
    phone_sim2: str = ""


class RowEdit(TypedDict, total=False):
    """What people may change of a row; what is left out stays."""

    name: str
    group: str
    comment: str
    organisation: str
    site: str
    phone_sim1: str
    phone_sim2: str
    overrides: dict[str, Any]


def load_modems(connection: Connection) -> list[ModemRow]:
    """Return the whole registry, by modem id."""
    return _rows(connection.execute(select(modems).order_by(modems.c.modem)))


def has_modems(connection: Connection) -> bool:
    """Say whether any modem is registered."""
    return connection.execute(select(modems.c.modem).limit(1)).first() is not None


def load_some_modems(connection: Connection, ids: Sequence[str]) -> list[ModemRow]:
    """Return the rows of those of `ids` that are registered."""
    return _rows(connection.execute(select(modems).where(modems.c.modem.in_(ids))))


def save_modem(connection: Connection, row: ModemRow) -> None:
    """Add a modem, or replace what its row says, but for the live part: `was_online` and `snapshot` stay.

    Those two have writers of their own, and whoever edits a name holds old ones.

    Raises:
        sqlalchemy.exc.IntegrityError: another modem has that host and port.
    """
    connection.execute(_UPSERT, row_values(row))


def delete_modem(connection: Connection, modem: str) -> None:
    """Remove a modem with what people set for it and its pin levels; what it published stays listed for the broker."""
    for table in (modems, inputs, pins, modem_notifications):
        connection.execute(delete(table).where(table.c.modem == modem))


def set_online(connection: Connection, modem: str, online: bool) -> None:
    """Note whether a modem is online, for the next start (ARCHITECTURE D15)."""
    driver(connection).execute(_SET_ONLINE, (online, modem))


def save_snapshots(connection: Connection, snapshots: list[tuple[str, dict[str, Any]]]) -> None:
    """Replace the last known values of several modems; unknown modems are left out."""
    if snapshots:
        statement = update(modems).where(modems.c.modem == bindparam("of_modem"))
        connection.execute(statement, [{"of_modem": modem, "snapshot": values} for modem, values in snapshots])


def _rows(found: CursorResult[Any]) -> list[ModemRow]:
    names = tuple(found.keys())  # a dict of our own: the result's mappings look each name up again
    return [ModemRow(**_alike(dict(zip(names, row, strict=True)))) for row in found]


def _alike(row: dict[str, Any]) -> dict[str, Any]:
    """Keep once what ten thousand rows have alike."""
    if row["imei"] == row["modem"]:
        row["imei"] = row["modem"]
    for name in ("driver", "host", "group"):
        row[name] = sys.intern(row[name])
    return row
