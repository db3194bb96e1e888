"""Small facts about the hub itself, by key."""

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.sqlite import insert

from irzhub.storage.tables_local import meta


def get_meta(connection: Connection, key: str) -> str | None:
    """Return the text kept under `key`, None when there is none."""
    value: str | None = connection.scalar(select(meta.c.value).where(meta.c.key == key))
    return value


def set_meta(connection: Connection, key: str, value: str) -> None:
    """Keep `value` under `key`, in place of what was there."""
    statement = insert(meta).values(key=key, value=value)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_={"value": statement.excluded.value})
    )


def delete_meta(connection: Connection, key: str) -> None:
    """Forget what was kept under `key`."""
    connection.execute(delete(meta).where(meta.c.key == key))
