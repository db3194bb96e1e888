"""Picking rows out by ids of the fleet, on the way along an index that was chosen for its order."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Select, bindparam, func

LOOKED_UP: Final = 50
"""Up to so many ids are looked up one by one; of more, rows are read in order and those of others left out."""


def is_one_of(column: ColumnElement[Any], ids: Collection[str]) -> ColumnElement[bool]:
    """Say whether a column holds one of many ids; it is read from each row, and no row is looked up by it.

    The ids stand in the statement itself, because a fleet may have more modems than SQLite takes parameters: they
    must be the hub's own, never what somebody typed.
    """
    values = bindparam(None, sorted(ids), column.type, expanding=True, literal_execute=True)
    return func.coalesce(column, "").in_(values)


def along(statement: Select[Any], table: FromClause, index: str) -> Select[Any]:
    """Have a server read a table along an index.

    Left to choose, MariaDB sorts millions of rows for a page of a hundred. SQLite chooses by itself.
    """
    return statement.with_hint(table, f"FORCE INDEX ({index})", "mysql")
