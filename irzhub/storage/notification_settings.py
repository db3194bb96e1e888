"""What modems and groups have of their own in notifications; what they inherit is nowhere stored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, insert, select

from irzhub.core.groups import is_within, moved
from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_local import group_notifications, modem_notifications

_UPSERT_MODEM: Final = upsert(modem_notifications)
_UPSERT_GROUP: Final = upsert(group_notifications)


@dataclass(frozen=True, slots=True)
class ModemNotifications:
    """One modem's own settings, as `irzhub.automation.notification` reads and writes them."""

    modem: str
    settings: dict[str, Any] = field(hash=False)
    changed_at: datetime
    changed_by: str


@dataclass(frozen=True, slots=True)
class GroupNotifications:
    """One group's own settings, for all in it and below it; an empty path is the hub as a whole."""

    path: str
    settings: dict[str, Any] = field(hash=False)
    changed_at: datetime
    changed_by: str


def load_modem_notifications(connection: Connection) -> list[ModemNotifications]:
    """Return the settings of all modems that have some of their own, by id."""
    found = connection.execute(select(modem_notifications).order_by(modem_notifications.c.modem))
    return [ModemNotifications(**row) for row in found.mappings()]


def load_group_notifications(connection: Connection) -> list[GroupNotifications]:
    """Return the settings of all groups that have some of their own, by path."""
    found = connection.execute(select(group_notifications).order_by(group_notifications.c.path))
    return [GroupNotifications(**row) for row in found.mappings()]


def save_modem_notifications(connection: Connection, rows: Sequence[ModemNotifications]) -> None:
    """Set what modems have of their own; empty settings remove the row."""
    _forget_modems(connection, (row.modem for row in rows if not row.settings))
    if kept := [row_values(row) for row in rows if row.settings]:
        connection.execute(_UPSERT_MODEM, kept)


def save_group_notifications(connection: Connection, row: GroupNotifications) -> None:
    """Set what a group has of its own; empty settings remove the row."""
    if row.settings:
        connection.execute(_UPSERT_GROUP, row_values(row))
    else:
        connection.execute(delete(group_notifications).where(group_notifications.c.path == row.path))


def move_group_notifications(connection: Connection, old: str, new: str) -> None:
    """Take along the settings of a group that is called `new` now, and of those below it.

    Raises:
        ValueError: a path becomes too long or too deep.
    """
    rows = [row for row in load_group_notifications(connection) if row.path and is_within(row.path, old)]
    _forget_groups(connection, (row.path for row in rows))
    if rows:
        connection.execute(
            insert(group_notifications), [{**row_values(row), "path": moved(row.path, old, new)} for row in rows]
        )


def delete_group_notifications(connection: Connection, path: str) -> None:
    """Forget the settings of a group and of those below it."""
    _forget_groups(
        connection, (row.path for row in load_group_notifications(connection) if row.path and is_within(row.path, path))
    )


def _forget_modems(connection: Connection, modems: Iterable[str]) -> None:
    for modem in modems:
        connection.execute(delete(modem_notifications).where(modem_notifications.c.modem == modem))


def _forget_groups(connection: Connection, paths: Iterable[str]) -> None:
    for path in list(paths):
        connection.execute(delete(group_notifications).where(group_notifications.c.path == path))
