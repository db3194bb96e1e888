"""Views of the dispatcher page that people saved: a name and what the page writes into its address."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from irzhub.storage.tables_local import saved_views


@dataclass(frozen=True, slots=True)
class SavedViewRow:
    """One view of one person, on one of the pages."""

    name: str
    page: str
    query: str


def list_views(connection: Connection, user: str) -> list[SavedViewRow]:
    """Return a person's views in the person's own order."""
    columns = (saved_views.c.name, saved_views.c.page, saved_views.c.query)
    statement = select(*columns).where(saved_views.c.user == user).order_by(saved_views.c.place)
    return [SavedViewRow(**row) for row in connection.execute(statement).mappings()]


def replace_views(connection: Connection, user: str, rows: Sequence[SavedViewRow]) -> None:
    """Keep these views of a person in this order, and no others."""
    connection.execute(delete(saved_views).where(saved_views.c.user == user))
    if rows:
        values = [
            {"user": user, "place": place, "page": row.page, "name": row.name, "query": row.query}
            for place, row in enumerate(rows)
        ]
        connection.execute(insert(saved_views), values)
