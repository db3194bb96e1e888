"""Finding events among millions: by number, modem, type and time, page by page, in the journal and in the history.

Every search goes by number, along one index: numbers grow with time, so a time becomes a number first.
What that index cannot answer is picked out of a stretch of bounded length, from the index alone.
Both stores are asked with the same statements; only the table and the hub's id differ.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Select, Table, desc, func, select, union_all

from irzhub.core.event_json import build_event
from irzhub.core.events import Event
from irzhub.storage import tables_history, tables_local
from irzhub.storage.picking import LOOKED_UP, along, is_one_of

SCANNED: Final = 20_000
"""Events looked at for one page where no index fits; the page ends there even if it is not full."""

_BY_NUMBER: Final = "ix_events_hub_seq_modem_type"
_BY_MODEM: Final = "ix_events_hub_modem_seq_type"
_BY_TYPE: Final = "ix_events_hub_type_seq_modem"
_BY_TIME: Final = "ix_events_hub_ts"


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


@dataclass(frozen=True, slots=True)
class _Lane:
    """Events that lie side by side in one index, in the order of their numbers."""

    table: Table
    index: str
    of: tuple[ColumnElement[bool], ...]

    def between(self, search: EventSearch, *columns: ColumnElement[Any]) -> Select[Any]:
        """Select along the lane what is between the numbers of the search; all columns unless some are named."""
        seq = self.table.c.seq
        return self._select(search, columns).where(seq > search.after_seq, seq < search.before_seq)

    def picked(self, numbers: Sequence[int], search: EventSearch) -> Select[Any]:
        """Select these numbers in the order of the search."""
        return self._select(search).where(self.table.c.seq.in_(numbers))

    def _select(self, search: EventSearch, columns: Sequence[ColumnElement[Any]] = ()) -> Select[Any]:
        seq = self.table.c.seq
        statement = along(select(*(columns or self.table.columns)), self.table, self.index).where(*self.of)
        return statement.order_by(seq.desc() if search.newest_first else seq)


def find_events(connection: Connection, search: EventSearch, hub: str | None = None) -> Found:
    """Return one page of events: of the journal, or with `hub` of that hub's history."""
    table = tables_local.events if hub is None else tables_history.events
    whole = _Lane(table, _BY_NUMBER, () if hub is None else (table.c.hub == hub,))
    lanes, rest = _lanes(whole, search, types_have_index=hub is not None)
    if not lanes:
        return Found([], None)
    end = None
    if rest:
        end = _end_of_stretch(connection, lanes, search)
        search = _until(search, end)
    one_more = search.limit + 1
    if len(lanes) == 1 and not rest:
        events = _read(connection, lanes[0].between(search).limit(one_more))
    else:  # the index alone tells which: few rows are read, and those lie far apart
        events = _read(connection, whole.picked(_numbers(connection, lanes, search, rest), search))
    if len(events) == one_more:
        return Found(events[:-1], events[-2].seq)
    return Found(events, end)


def history_bounds(connection: Connection, hub: str) -> tuple[int, int]:
    """Return the lowest and the highest number in a hub's history; (0, 0) for none."""
    events = tables_history.events
    # One by one: SQLite finds each at an end of the index, and both in one statement by reading all of it.
    first, last = (
        connection.scalar(select(end(events.c.seq)).where(events.c.hub == hub)) or 0 for end in (func.min, func.max)
    )
    return first, last


def history_seq_before(connection: Connection, hub: str, moment: datetime) -> int:
    """Return the number of the last event in a hub's history that is older than `moment`; 0 when none is."""
    events = tables_history.events
    newest = connection.scalar(select(func.max(events.c.ts)).where(events.c.hub == hub, events.c.ts < moment))
    # As a sum, for SQLite would look for a plain maximum from the end of all numbers.
    of_then = along(select(func.max(events.c.seq + 0)), events, _BY_TIME).where(
        events.c.hub == hub, events.c.ts == newest
    )
    return 0 if newest is None else connection.scalar(of_then) or 0


def _lanes(
    whole: _Lane, search: EventSearch, *, types_have_index: bool
) -> tuple[list[_Lane], list[ColumnElement[bool]]]:
    """Return the lanes in which all that is looked for lies, and by what to pick it out of them."""
    table = whole.table
    by_type: list[ColumnElement[bool]] = []
    by_modem: list[ColumnElement[bool]] = []
    if search.types is not None:
        by_type = [func.coalesce(table.c.type, "").in_(sorted(search.types))]  # picked by, as modems are
    if search.modems is not None:
        by_modem = [is_one_of(table.c.modem, search.modems)]
    if search.modems is not None and len(search.modems) <= LOOKED_UP:
        each = [(*whole.of, table.c.modem == modem) for modem in sorted(search.modems)]
        return [_Lane(table, _BY_MODEM, of) for of in each], by_type
    if search.types is not None and len(search.types) <= LOOKED_UP and types_have_index:
        each = [(*whole.of, table.c.type == kind) for kind in sorted(search.types)]
        return [_Lane(table, _BY_TYPE, of) for of in each], by_modem
    return [whole], by_type + by_modem


def _end_of_stretch(connection: Connection, lanes: Sequence[_Lane], search: EventSearch) -> int | None:
    """Return the last number up to which all lanes together have no more than `SCANNED` events; None for no end."""
    offset = SCANNED // len(lanes) - 1
    ends = connection.scalars(_all_of(lane.between(search, lane.table.c.seq).limit(1).offset(offset) for lane in lanes))
    nearest = max if search.newest_first else min
    return nearest(ends, default=None)


def _until(search: EventSearch, end: int | None) -> EventSearch:
    if end is None:
        return search
    return replace(search, after_seq=end - 1) if search.newest_first else replace(search, before_seq=end + 1)


def _numbers(
    connection: Connection, lanes: Sequence[_Lane], search: EventSearch, rest: Sequence[ColumnElement[bool]]
) -> list[int]:
    """Return the numbers of one page and one more, merged out of several lanes by the database."""
    limit = search.limit + 1
    merged = _all_of(lane.between(search, lane.table.c.seq).where(*rest).limit(limit) for lane in lanes)
    return list(connection.scalars(merged.order_by(desc("seq") if search.newest_first else "seq").limit(limit)))


def _all_of(statements: Iterable[Select[Any]]) -> CompoundSelect[Any]:
    """Join statements, each with its own order and limit, for which SQLite wants them one level down."""
    return union_all(*(select(statement.subquery()) for statement in statements))


def _read(connection: Connection, statement: Select[Any]) -> list[Event]:
    return [
        build_event(row["type"], row["ts"], row["modem"], row["data"], row["seq"], row["id"])
        for row in connection.execute(statement).mappings()
    ]
