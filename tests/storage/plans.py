"""What a database is asked, and how it means to find that."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event


@contextmanager
def asked(connection: Connection) -> Iterator[list[tuple[str, Any]]]:
    """Note every statement that the database is given."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        found.append((statement, values))

    event.listen(connection, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(connection, "before_cursor_execute", note)


def plan(connection: Connection, statement: str, values: Any, table: str) -> list[str]:
    """Return how a database means to read a table: the index of each step, and what it does besides."""
    if connection.dialect.name == "sqlite":
        return [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    rows = connection.exec_driver_sql(f"EXPLAIN {statement}", values).mappings()
    return [f"{table} {row['key']}; {row['Extra']}" for row in rows if row["table"] == table]
