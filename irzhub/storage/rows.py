"""From a row's dataclass to a local table: the values, and the statement that adds or replaces."""

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Boolean, Connection, Table
from sqlalchemy.dialects.sqlite import Insert, dialect, insert

from irzhub.storage.types import JsonText, UtcDateTime, to_json, utc_text


def driver(connection: Connection) -> Any:
    """Return the `sqlite3` connection of a local store, inside its open transaction.

    For what happens ten thousand times in a storm: SQLAlchemy's layers cost ten times such a statement, and
    their thread holds the interpreter's lock meanwhile, which the loop needs.
    """
    return connection.connection.driver_connection


def row_values(row: Any) -> dict[str, Any]:
    """Return a row's fields by column name, as they are: unlike `dataclasses.asdict`, nothing is copied."""
    return {field.name: getattr(row, field.name) for field in dataclasses.fields(row)}


def upsert(table: Table, *, keep: frozenset[str] = frozenset()) -> Insert:
    """Return an INSERT into a local table that replaces the row with the same primary key.

    Built once for a table and kept: building costs more than running it.

    Args:
        table: where to.
        keep: columns that an existing row keeps.
    """
    statement = insert(table)
    key = [column.name for column in table.primary_key]
    changed = {
        column.name: statement.excluded[column.name]
        for column in table.columns
        if column.name not in keep and column.name not in key
    }
    return statement.on_conflict_do_update(index_elements=key, set_=changed)


class DriverUpsert:
    """The same past SQLAlchemy, for rows that come in storms: `save` adds rows or replaces those with the same key."""

    def __init__(self, table: Table) -> None:
        compiled = upsert(table).compile(dialect=dialect(paramstyle="qmark"))
        self._sql = str(compiled)
        names = compiled.positiontup or ()
        self._columns = [(name, _encoder(table.c[name].type)) for name in names]

    def save(self, connection: Connection, rows: Iterable[Any]) -> None:
        """Write rows' dataclasses."""
        values = [
            tuple(
                getattr(row, name) if encode is None or getattr(row, name) is None else encode(getattr(row, name))
                for name, encode in self._columns
            )
            for row in rows
        ]
        if values:
            driver(connection).executemany(self._sql, values)


def _encoder(kind: object) -> Callable[[Any], Any] | None:
    """Return how SQLite keeps values of a column's type, None: as they are."""
    if isinstance(kind, UtcDateTime):
        return utc_text
    if isinstance(kind, JsonText):
        return to_json
    return int if isinstance(kind, Boolean) else None
