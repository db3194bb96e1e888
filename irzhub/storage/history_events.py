"""Events in the history database; an event's id makes a repeat harmless."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from irzhub.core.event_json import event_data, event_type
from irzhub.core.events import Event
from irzhub.storage.history_rows import add_rows
from irzhub.storage.tables_history import events


def insert_events(connection: Connection, hub: str, batch: Sequence[Event]) -> None:
    """Store events of a hub; those that are stored already stay as they are."""
    rows = [
        {
            "id": event.id,
            "hub": hub,
            "seq": event.seq,
            "ts": event.ts,
            "type": event_type(event),
            "modem": event.modem,
            "data": event_data(event),
        }
        for event in batch
    ]
    add_rows(connection, events, rows)


def last_seq(connection: Connection, hub: str) -> int:
    """Return the highest number of a hub's events here; 0 when there are none."""
    return connection.scalar(select(func.max(events.c.seq)).where(events.c.hub == hub)) or 0


def purge_events(connection: Connection, hub: str, before: datetime, limit: int) -> int:
    """Remove at most `limit` events older than `before`; return how many went."""
    oldest = select(events.c.id).where(events.c.hub == hub, events.c.ts < before).order_by(events.c.ts).limit(limit)
    ids = connection.scalars(oldest).all()
    if ids:
        connection.execute(delete(events).where(events.c.id.in_(ids)))
    return len(ids)
