"""Steps of a migration that may be taken twice.

MySQL commits every DDL statement by itself, so a migration that was killed half-way is run again from its start.
"""

from typing import Any

from alembic import op
from sqlalchemy import Column, inspect


def create_table(name: str, *columns: Any) -> None:
    """Create a table unless it is there; on a server for every script, whatever the database's own default is."""
    op.create_table(name, *columns, if_not_exists=True, mysql_engine="InnoDB", mysql_charset="utf8mb4")


def create_index(name: str, table: str, columns: list[str]) -> None:
    """Create an index unless it is there."""
    if name not in _indexes_of(table):
        op.create_index(name, table, columns)


def drop_index(name: str, table: str) -> None:
    """Drop an index if it is there."""
    if name in _indexes_of(table):
        op.drop_index(name, table)


def drop_table(name: str) -> None:
    """Drop a table, with its indexes, if it is there."""
    op.drop_table(name, if_exists=True)


def add_column(table: str, column: Column[Any]) -> None:
    """Add a column unless it is there; one that may not be null brings its `server_default`."""
    if column.name not in _columns_of(table):
        op.add_column(table, column)


def drop_column(table: str, name: str) -> None:
    """Drop a column if it is there."""
    if name in _columns_of(table):
        op.drop_column(table, name)


def _columns_of(table: str) -> set[str]:
    return {column["name"] for column in inspect(op.get_bind()).get_columns(table)}


def _indexes_of(table: str) -> set[str | None]:
    return {index["name"] for index in inspect(op.get_bind()).get_indexes(table)}
