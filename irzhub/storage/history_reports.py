"""What the history tells reports: signal and traffic by day, incidents and events of a span of time."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, or_, select

from irzhub.core.events import Event
from irzhub.storage.event_search import EventSearch, find_events, history_seq_before
from irzhub.storage.history_series import DAY_S, HOUR_S
from irzhub.storage.tables_history import incidents, series

_PAGE: Final = 5_000


@dataclass(frozen=True, slots=True)
class SlotSums:
    """Bytes and signal of one modem, or of all that were asked for, in a slot that begins at `start`."""

    modem: str
    start: datetime
    rx_bytes: int
    tx_bytes: int
    csq_sum: int
    csq_count: int
    csq_min: int | None


@dataclass(frozen=True, slots=True)
class PastIncident:
    """An incident as its copy in the history tells of it."""

    number: int
    kind: str
    subject: str
    modem: str | None
    severity: str
    opened_at: datetime
    closed_at: datetime | None
    count: int
    acknowledged_by: str
    acknowledged_at: datetime | None
    parent: int | None


def slot_sums(
    connection: Connection,
    hub: str,
    modems: Collection[str] | None,
    since: datetime,
    until: datetime,
    *,
    by_modem: bool,
) -> list[SlotSums]:
    """Return sums by day, of the last day by hour; by modem, or of all together.

    Args:
        connection: to the history.
        hub: whose.
        modems: only of these, None: of all.
        since: slots that begin then or later.
        until: slots that begin before.
        by_modem: a row for each modem over the whole time; else a row for each slot over all modems.
    """
    newest = func.max(series.c.start)
    last = connection.scalar(
        select(newest).where(series.c.hub == hub, series.c.slot_s == DAY_S, series.c.start < until)
    )
    key = series.c.modem if by_modem else series.c.start
    found = []
    for slot_s, begin, end in ((DAY_S, since, last or since), (HOUR_S, max(last or since, since), until)):
        statement = (
            select(
                key,
                func.sum(series.c.rx_bytes),
                func.sum(series.c.tx_bytes),
                func.sum(series.c.csq_sum),
                func.sum(series.c.csq_count),
                func.min(series.c.csq_min),
            )
            .where(series.c.hub == hub, series.c.slot_s == slot_s, series.c.start >= begin, series.c.start < end)
            .group_by(key)
        )
        if modems is not None:
            statement = statement.where(series.c.modem.in_(sorted(modems)))
        for of, *sums, least in connection.execute(statement):
            counts = [int(each or 0) for each in sums]
            modem, start = (of, begin) if by_modem else ("", of)
            found.append(SlotSums(modem, start, counts[0], counts[1], counts[2], counts[3], least))
    return found


def past_incidents(
    connection: Connection, hub: str, since: datetime, until: datetime, limit: int
) -> list[PastIncident]:
    """Return incidents that were open at some time between two moments, the newest first."""
    columns: Sequence[Any] = [incidents.c[name] for name in PastIncident.__dataclass_fields__]
    statement = (
        select(*columns)
        .where(
            incidents.c.hub == hub,
            incidents.c.opened_at < until,
            or_(incidents.c.closed_at.is_(None), incidents.c.closed_at >= since),
        )
        .order_by(incidents.c.number.desc())
        .limit(limit)
    )
    return [PastIncident(**row) for row in connection.execute(statement).mappings()]


def past_events(
    connection: Connection, hub: str, kind: str, modems: frozenset[str] | None, since: datetime, until: datetime
) -> Iterator[Event]:
    """Yield the events of a type between two moments in order; few modems are looked up one by one."""
    after, before = history_seq_before(connection, hub, since), history_seq_before(connection, hub, until) + 1
    while True:
        search = EventSearch(after_seq=after, before_seq=before, modems=modems, types=frozenset({kind}), limit=_PAGE)
        page = find_events(connection, search, hub)
        yield from page.events
        if page.next_seq is None:
            return
        after = page.next_seq
