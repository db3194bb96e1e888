"""Finding events among millions: by number, modem, type and time, page by page, in the journal and in the history.

Every search goes by number, along one index: numbers grow with time, so a time becomes a number first.
Both stores are asked with the same statement; only the table and the hub's id differ.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, select

from irzhub.core.event_json import build_event
from irzhub.core.events import Event
from irzhub.storage import tables_history, tables_local

MANY_MODEMS: Final = 50
"""Up to so many modems are looked up one by one; more of them are picked out of all events."""
SCANNED: Final = 20_000
"""Events looked at for one page where no index fits; the page ends there even if it is not full."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventSearch:
    """What is looked for: events with `after_seq < seq < before_seq`; None means all.

    Args:
        modems: ids of which an event's is one. types: of which its type is one.
        newest_first: the order; the page begins at that end.
    """

    after_seq: int = 0
    before_seq: int = 2**62
    modems: frozenset[str] | None = None
    types: frozenset[str] | None = None
    newest_first: bool = False
    limit: int = 100


@dataclass(frozen=True, slots=True)
class Found:
    """Events in order, and the number behind which to go on; None where nothing more is in this store."""

    events: list[Event]
    next_seq: int | None


def find_events(connection: Connection, search: EventSearch, hub: str | None = None) -> Found:
    """Return one page of events: of the journal, or with `hub` of that hub's history."""
    table = tables_local.events if hub is None else tables_history.events
    if search.modems is not None and len(search.modems) <= MANY_MODEMS:
        return _by_modem(connection, table, search, hub)
    if search.types is not None and search.modems is None:
        return _by_type(connection, table, search, hub)
    return _scan(connection, table, search, hub)


def history_bounds(connection: Connection, hub: str) -> tuple[int, int]:
    """Return the lowest and the highest number in a hub's history; (0, 0) for none."""
    events = tables_history.events
    ends = [
        connection.scalar(select(events.c.seq).where(events.c.hub == hub).order_by(order).limit(1)) or 0
        for order in (events.c.seq, events.c.seq.desc())
    ]
    return ends[0], ends[1]


def history_seq_before(connection: Connection, hub: str, moment: datetime) -> int:
    """Return the number of the last event in a hub's history that is older than `moment`; 0 when none is."""
    events = tables_history.events
    statement = (
        select(events.c.seq)
        .where(events.c.hub == hub, events.c.ts < moment)
        .order_by(events.c.ts.desc(), events.c.seq.desc())
        .limit(1)
    )
    return connection.scalar(statement) or 0


def _by_modem(connection: Connection, table: Table, search: EventSearch, hub: str | None) -> Found:
    return _merged(
        search,
        (
            _of(connection, _along(table, search, hub).where(table.c.modem == modem), search)
            for modem in search.modems or ()
        ),
    )


def _by_type(connection: Connection, table: Table, search: EventSearch, hub: str | None) -> Found:
    return _merged(
        search,
        (
            _of(connection, _along(table, search, hub).where(table.c.type == kind), search)
            for kind in search.types or ()
        ),
    )


def _merged(search: EventSearch, pages: Iterable[list[Event]]) -> Found:
    sign = -1 if search.newest_first else 1
    merged = heapq.merge(*pages, key=lambda event: sign * event.seq)
    found = list(islice(merged, search.limit + 1))
    return Found(found[: search.limit], found[search.limit - 1].seq if len(found) > search.limit else None)


def _of(connection: Connection, statement: Select[Any], search: EventSearch) -> list[Event]:
    table = statement.get_final_froms()[0]
    if search.types is not None:
        statement = statement.where(table.c.type.in_(sorted(search.types)))
    return _read(connection, statement.limit(search.limit + 1))


def _scan(connection: Connection, table: Table, search: EventSearch, hub: str | None) -> Found:
    """Pick events out of a stretch of all; where the stretch ends before the page is full, the next one goes on."""
    if search.modems is None and search.types is None:
        found = _read(connection, _along(table, search, hub).limit(search.limit + 1))
        return Found(found[: search.limit], found[search.limit - 1].seq if len(found) > search.limit else None)
    statement = _along(table, search, hub).with_only_columns(table.c.seq, table.c.modem, table.c.type).limit(SCANNED)
    wanted: list[int] = []
    last, looked_at = 0, 0
    for last, modem, kind in connection.execute(statement):
        looked_at += 1
        if modem in (search.modems or ()) and (search.types is None or kind in search.types):
            wanted.append(last)
            if len(wanted) == search.limit:
                break
    is_over = looked_at < SCANNED and len(wanted) < search.limit
    events = _pick(connection, table, wanted, hub, newest_first=search.newest_first)
    return Found(events, None if is_over else last)


def _pick(
    connection: Connection, table: Table, wanted: Sequence[int], hub: str | None, *, newest_first: bool
) -> list[Event]:
    if not wanted:
        return []
    statement = select(table).where(table.c.seq.in_(wanted))
    if hub is not None:
        statement = statement.where(table.c.hub == hub)
    return _read(connection, statement.order_by(table.c.seq.desc() if newest_first else table.c.seq))


def _along(table: Table, search: EventSearch, hub: str | None) -> Select[Any]:
    statement = select(table).where(table.c.seq > search.after_seq, table.c.seq < search.before_seq)
    if hub is not None:
        statement = statement.where(table.c.hub == hub)
    return statement.order_by(table.c.seq.desc() if search.newest_first else table.c.seq)


def _read(connection: Connection, statement: Select[Any]) -> list[Event]:
    return [
        build_event(row["type"], row["ts"], row["modem"], row["data"], row["seq"], row["id"])
        for row in connection.execute(statement).mappings()
    ]
