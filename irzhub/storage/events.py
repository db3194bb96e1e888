"""The journal's rows in `hub.db`: numbered events, and the durable positions of those who read them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, delete, func, select

from irzhub.core.event_json import build_event, event_data, event_type
from irzhub.core.events import Event
from irzhub.storage.rows import driver
from irzhub.storage.tables_local import cursors, events
from irzhub.storage.types import to_json, utc_text

RECORDER_CURSOR: Final = "recorder"
"""The reader whose position says up to where the history database has the events."""

_SAVE_CURSOR: Final = (
    "INSERT INTO cursors (name, position) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET position = excluded.position"
)
_INSERT: Final = (
    "INSERT INTO events (seq, id, ts, type, modem, data) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (seq) DO NOTHING"
)


def insert_events(connection: Connection, batch: Sequence[Event]) -> None:
    """Store numbered events; those that are stored already are left out.

    A failed commit can be on the disk all the same, so the same events may come again.
    """
    driver(connection).executemany(
        _INSERT,
        [
            (event.seq, event.id, utc_text(event.ts), event_type(event), event.modem, to_json(event_data(event)))
            for event in batch
        ],
    )


def read_events(connection: Connection, after_seq: int, until_seq: int, limit: int) -> list[Event]:
    """Return at most `limit` events with `after_seq < seq <= until_seq`, in order."""
    statement = (
        select(events).where(events.c.seq > after_seq, events.c.seq <= until_seq).order_by(events.c.seq).limit(limit)
    )
    return [_event(row) for row in connection.execute(statement).mappings()]


def event_bounds(connection: Connection) -> tuple[int, int]:
    """Return the lowest and the highest number that is stored; (0, 0) for none."""
    first, last = connection.execute(select(func.min(events.c.seq), func.max(events.c.seq))).one()
    return first or 0, last or 0


def seq_before(connection: Connection, moment: datetime) -> int:
    """Return the highest number whose event is older than `moment`, found by halving; 0 when none is.

    Events are numbered in the order in which they came, so their times grow but for a stepped clock.
    """
    low, high = event_bounds(connection)
    if high == 0:
        return 0
    low -= 1  # known to be older, or nothing; above `high` nothing is older
    while low < high:
        middle = (low + high + 1) // 2
        row = connection.execute(
            select(events.c.seq, events.c.ts).where(events.c.seq >= middle).order_by(events.c.seq).limit(1)
        ).one()
        if row.ts < moment:
            low = row.seq
        else:
            high = middle - 1
    return low


def prune_events(connection: Connection, before_seq: int, limit: int) -> int:
    """Remove at most `limit` of the oldest events below `before_seq`; return how many went.

    The newest event always stays: the numbering continues from it.
    """
    first, last = event_bounds(connection)
    until = min(before_seq, last, first + limit)
    if first == 0 or until <= first:
        return 0
    return connection.execute(delete(events).where(events.c.seq < until)).rowcount


def load_cursors(connection: Connection) -> dict[str, int]:
    """Return every reader's position by its name."""
    return {row.name: row.position for row in connection.execute(select(cursors))}


def save_cursors(connection: Connection, positions: Mapping[str, int]) -> None:
    """Keep the positions of some readers."""
    driver(connection).executemany(_SAVE_CURSOR, positions.items())


def _event(row: RowMapping) -> Event:
    return build_event(row["type"], row["ts"], row["modem"], row["data"], row["seq"], row["id"])
