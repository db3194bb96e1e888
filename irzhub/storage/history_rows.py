"""Writing many rows at once into the history database, whichever it is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Connection, Dialect, Insert, String, Table
from sqlalchemy.dialects import mysql, sqlite

from irzhub.storage.types import JsonText, UtcDateTime, stored_utc, to_json, utc_text

ROWS_AT_ONCE: Final = 50
"""Rows of one statement. More is hardly faster, and the driver builds each statement on the loop: 10 ms for these."""

Encode = Callable[[Any], Any]


def upsert_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows, or replace those with the same primary key; all have the same columns.

    Texts are cut to their column's length: MySQL in strict mode refuses a whole statement for one text that is too
    long, and some come from modems.
    """
    limits = _limits(table)
    fitting = [{name: _cut(value, limits.get(name)) for name, value in row.items()} for row in rows]
    _write(connection, table, fitting, replaces=True)


def add_rows(connection: Connection, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows; one whose primary key is there already changes nothing. All have the same columns."""
    _write(connection, table, rows, replaces=False)


@dataclass(frozen=True)
class _Statement:
    """One INSERT in the words of a database, with how each value is given to its driver."""

    sql: str
    columns: tuple[tuple[str, Encode | None], ...]
    is_positional: bool

    def values(self, row: dict[str, Any]) -> Any:
        """Return the values of a row as the driver takes them."""
        found = [row[name] if encode is None else encode(row[name]) for name, encode in self.columns]
        if self.is_positional:
            return tuple(found)
        return {name: value for (name, _), value in zip(self.columns, found, strict=True)}


def _write(connection: Connection, table: Table, rows: Sequence[dict[str, Any]], *, replaces: bool) -> None:
    """Write past SQLAlchemy's own execution: its layers cost three times the rest, and hold the loop's lock."""
    if not rows:
        return
    statement = _statement(table, connection.dialect, tuple(rows[0]), replaces)
    for start in range(0, len(rows), ROWS_AT_ONCE):
        portion = [statement.values(row) for row in rows[start : start + ROWS_AT_ONCE]]
        connection.exec_driver_sql(statement.sql, portion)


@lru_cache(maxsize=128)
def _statement(table: Table, dialect: Dialect, names: tuple[str, ...], replaces: bool) -> _Statement:
    insert = _upsert(table, dialect.name) if replaces else _add(table, dialect.name)
    compiled = insert.compile(dialect=dialect, column_keys=list(names))
    is_positional = bool(compiled.positional)
    order = compiled.positiontup if is_positional else names
    columns = tuple((name, _encoder(table, name, dialect)) for name in order or ())
    return _Statement(str(compiled), columns, is_positional)


def _encoder(table: Table, name: str, dialect: Dialect) -> Encode | None:
    kind = table.c[name].type
    if isinstance(kind, UtcDateTime):
        return _or_none(utc_text if dialect.name == "sqlite" else stored_utc)
    if isinstance(kind, JsonText):
        return _or_none(to_json)
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _or_none(encode: Encode) -> Encode:
    return lambda value: None if value is None else encode(value)


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


def _add(table: Table, dialect: str) -> Insert:
    if dialect == "sqlite":
        return sqlite.insert(table).on_conflict_do_nothing()
    # Not INSERT IGNORE, which would also ignore real faults: an update that changes nothing.
    server = mysql.insert(table)
    first = next(iter(table.primary_key)).name
    return server.on_duplicate_key_update({first: server.inserted[first]})


@lru_cache
def _limits(table: Table) -> dict[str, int]:
    found: Iterable[tuple[str, Any]] = ((column.name, column.type) for column in table.columns)
    return {name: kind.length for name, kind in found if isinstance(kind, String) and kind.length is not None}


def _cut(value: Any, limit: int | None) -> Any:
    return value[:limit] if limit is not None and isinstance(value, str) else value
