"""From a row's dataclass to a local table: the values, and the statement that adds or replaces."""

import dataclasses
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.sqlite import Insert, insert


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
