"""Which retained topics were published for each modem, so that they can be blanked later (CONTRACT 2, rule 4)."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from irzhub.storage.tables_local import published


def add_published(connection: Connection, modem: str, topics: Iterable[str]) -> None:
    """Note that `topics` hold retained payloads of `modem`; known ones stay as they are."""
    if rows := [{"modem": modem, "topic": topic} for topic in topics]:
        connection.execute(insert(published).on_conflict_do_nothing(), rows)


def remove_published(connection: Connection, modem: str, topics: Iterable[str] | None = None) -> None:
    """Forget topics that were blanked; None: all of that modem."""
    statement = delete(published).where(published.c.modem == modem)
    if topics is not None:
        statement = statement.where(published.c.topic.in_(list(topics)))
    connection.execute(statement)


def list_published(connection: Connection, modem: str | None = None) -> dict[str, set[str]]:
    """Return the topics by modem; of one modem only, where it is given."""
    statement = select(published.c.modem, published.c.topic)
    if modem is not None:
        statement = statement.where(published.c.modem == modem)
    found: dict[str, set[str]] = {}
    for owner, topic in connection.execute(statement):
        found.setdefault(owner, set()).add(topic)
    return found
