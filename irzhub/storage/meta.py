"""Small facts about the hub itself, by key."""

from typing import Final

from sqlalchemy import Connection, delete, select

from irzhub.storage.rows import upsert
from irzhub.storage.tables_local import meta

SEQ_FLOOR: Final = "journal.seq_floor"
"""A number up to which none is given again: what a restore leaves to the journal."""
HUB_INSTANCE: Final = "hub.instance"
"""The mark that tells this hub's rows in the history database from those of another hub with the same id."""

_UPSERT: Final = upsert(meta)


def get_meta(connection: Connection, key: str) -> str | None:
    """Return the text kept under `key`, None when there is none."""
    value: str | None = connection.scalar(select(meta.c.value).where(meta.c.key == key))
    return value


def set_meta(connection: Connection, key: str, value: str) -> None:
    """Keep `value` under `key`, in place of what was there."""
    connection.execute(_UPSERT, {"key": key, "value": value})


def delete_meta(connection: Connection, key: str) -> None:
    """Forget what was kept under `key`."""
    connection.execute(delete(meta).where(meta.c.key == key))
