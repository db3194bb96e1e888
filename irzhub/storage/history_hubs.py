"""Which hub writes under which id: two with one id would mix their fleets."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select

from irzhub.storage.errors import DatabaseUnavailable
from irzhub.storage.history_rows import upsert_rows
from irzhub.storage.tables_history import hubs

CLAIM_FOR: Final = timedelta(seconds=60)


def claim_hub(connection: Connection, hub: str, instance: str, now: datetime) -> None:
    """Say that the hub `instance` writes as `hub`; to be repeated well within `CLAIM_FOR`.

    Raises:
        DatabaseUnavailable: another instance has said so less than `CLAIM_FOR` ago.
    """
    row = connection.execute(select(hubs).where(hubs.c.hub == hub)).one_or_none()
    if row is not None and row.instance != instance and now - row.seen_at < CLAIM_FOR:
        raise DatabaseUnavailable(
            f"another hub with the id {hub!r} writes to this database: give one of them a `hub.id` of its own"
        )
    upsert_rows(connection, hubs, [{"hub": hub, "instance": instance, "seen_at": now}])


def release_hub(connection: Connection, hub: str, instance: str) -> None:
    """Take the claim back at the end, so that whoever goes on as this hub need not wait for it to lapse."""
    connection.execute(delete(hubs).where(hubs.c.hub == hub, hubs.c.instance == instance))
