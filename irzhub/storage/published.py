"""Which retained topics were published for each modem, so that they can be blanked later (CONTRACT 2, rule 4)."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, delete, select

from irzhub.storage.rows import driver
from irzhub.storage.tables_local import published

_ADD: Final = "INSERT OR IGNORE INTO published (modem, topic) VALUES (?, ?)"


def add_published(connection: Connection, topics: Iterable[tuple[str, str]]) -> None:
    """Note that topics, each given with its modem before it, hold retained payloads; known ones stay as they are."""
    driver(connection).executemany(_ADD, topics)


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
