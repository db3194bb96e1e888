"""Groups of which more is known than a path: a note, settings of the relay, and whether they are being set up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, delete, select, update

from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_local import groups, modems

_UPSERT: Final = upsert(groups)


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One group.

    Args:
        path: names with `/` between, from the outermost in.
        relay: settings as written, which its modems inherit.
        is_commissioning: it and all below it are being set up.
    """

    path: str
    created_at: datetime
    comment: str = ""
    relay: dict[str, Any] = field(default_factory=dict)
    is_commissioning: bool = False


def load_groups(connection: Connection) -> list[GroupRow]:
    """Return all groups that have a row, by path."""
    return [GroupRow(**row) for row in connection.execute(select(groups).order_by(groups.c.path)).mappings()]


def save_group(connection: Connection, row: GroupRow) -> None:
    """Add a group, or replace what is known of it."""
    connection.execute(_UPSERT, row_values(row))


def delete_groups(connection: Connection, paths: Iterable[str]) -> None:
    """Forget groups."""
    connection.execute(delete(groups).where(groups.c.path.in_(list(paths))))


def move_modems(connection: Connection, paths: Mapping[str, str]) -> None:
    """Put modems into other groups: `paths` says the new one of each modem."""
    if paths:
        statement = update(modems).where(modems.c.modem == bindparam("of_modem"))
        connection.execute(statement, [{"of_modem": modem, "group": path} for modem, path in paths.items()])
