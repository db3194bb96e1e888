"""Writing many rows at once into the history database, whichever it is."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import Connection, Insert, String, Table
from sqlalchemy.dialects import mysql, sqlite

ROWS_AT_ONCE: Final = 100
"""Rows of one statement. More is hardly faster, and the driver builds each statement on the loop: 20 ms for these."""


def upsert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows, or replace those with the same primary key. Texts are cut to their column's length.

    MySQL in strict mode refuses a whole statement for one text that is too long, and some come from modems.
    """
    limits = _limits(table)
    fitting = [{name: _cut(value, limits.get(name)) for name, value in row.items()} for row in rows]
    for start in range(0, len(fitting), ROWS_AT_ONCE):
        connection.execute(_upsert(table, connection.dialect.name), fitting[start : start + ROWS_AT_ONCE])


def add_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows; one whose primary key is there already changes nothing."""
    for start in range(0, len(rows), ROWS_AT_ONCE):
        connection.execute(_add(table, connection.dialect.name), list(rows[start : start + ROWS_AT_ONCE]))


@cache
def _upsert(table: Table, dialect: str) -> Insert:
    key = {column.name for column in table.primary_key}
    names = [column.name for column in table.columns if column.name not in key]
    if dialect == "sqlite":
        file = sqlite.insert(table)
        return file.on_conflict_do_update(
            index_elements=sorted(key), set_={name: file.excluded[name] for name in names}
        )
    server = mysql.insert(table)
    return server.on_duplicate_key_update({name: server.inserted[name] for name in names})


@cache
def _add(table: Table, dialect: str) -> Insert:
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    # Not INSERT IGNORE, which would also ignore real faults: an update that changes nothing.
    server = mysql.insert(table)
    first = next(iter(table.primary_key)).name
    return server.on_duplicate_key_update({first: server.inserted[first]})


@cache
def _limits(table: Table) -> dict[str, int]:
    found: Iterable[tuple[str, Any]] = ((column.name, column.type) for column in table.columns)
    return {name: kind.length for name, kind in found if isinstance(kind, String) and kind.length is not None}


def _cut(value: Any, limit: int | None) -> Any:
    return value[:limit] if limit is not None and isinstance(value, str) else value
