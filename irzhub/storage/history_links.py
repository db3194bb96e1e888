"""What the history knows of links: sessions in a span of time, and bytes and signal summed up by modem."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from irzhub.storage.history_series import DAY_S, HOUR_S
from irzhub.storage.picking import along
from irzhub.storage.tables_history import modems as fleet
from irzhub.storage.tables_history import series, sessions

_SPAN: Final = (
    sessions.c.modem,
    sessions.c.opened_at,
    sessions.c.closed_at,
    sessions.c.lasted_s,
    sessions.c.reason,
)
_AT_ONCE: Final = 2_000


@dataclass(frozen=True, slots=True)
class SessionSpan:
    """One session; `closed_at` is None while it lasts. `is_seen`: the hub saw it end, for `reason`."""

    modem: str
    opened_at: datetime
    closed_at: datetime | None
    is_seen: bool
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class LinkSums:
    """A modem's bytes and signal in a span of time, as far as the hours are summed up."""

    modem: str
    rx_bytes: int
    tx_bytes: int
    csq_sum: int
    csq_count: int
    csq_min: int | None


def session_spans(
    connection: Connection, hub: str, modems: Sequence[str] | None, since: datetime, until: datetime
) -> list[SessionSpan]:
    """Return the sessions that lasted at some time between two moments, each modem's in order.

    Args:
        connection: to the history.
        hub: whose.
        modems: of these, or None: of all that the hub knows.
        since: the first of the moments.
        until: the other one.
    """
    if modems is None:
        return [*_spans(connection, _begun_before(hub, since)), *_spans(connection, _begun(hub, since, until))]
    of_few = along(select(*_SPAN), sessions, "ix_sessions_hub_modem_opened_at").where(
        sessions.c.hub == hub, sessions.c.modem.in_(list(modems)), sessions.c.opened_at < until, _lasts_behind(since)
    )
    return _spans(connection, of_few.order_by(sessions.c.modem, sessions.c.opened_at))


def _begun(hub: str, since: datetime, until: datetime) -> Select[Any]:
    opened = sessions.c.opened_at
    statement = along(select(*_SPAN), sessions, "ix_sessions_hub_opened_at")
    return statement.where(sessions.c.hub == hub, opened >= since, opened < until).order_by(opened)


def _begun_before(hub: str, since: datetime) -> Select[Any]:
    """Return what finds the sessions that a moment lies in: of each modem the last one that began before.

    Looked up modem by modem, because a history of years has millions that began before.
    """
    older = sessions.alias()
    last = (
        along(select(older.c.session), older, "ix_sessions_hub_modem_opened_at")
        .where(older.c.hub == hub, older.c.modem == fleet.c.modem, older.c.opened_at < since)
        .order_by(older.c.opened_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    lasts = select(last.label("session")).where(fleet.c.hub == hub).subquery()
    return (
        select(*_SPAN)
        .select_from(lasts.join(sessions, and_(sessions.c.hub == hub, sessions.c.session == lasts.c.session)))
        .where(_lasts_behind(since))
    )


def _lasts_behind(since: datetime) -> ColumnElement[bool]:
    return or_(sessions.c.closed_at.is_(None), sessions.c.closed_at >= since)


def _spans(connection: Connection, statement: Select[Any]) -> list[SessionSpan]:
    same: dict[str, str] = {}  # a million rows name the same modems and reasons: each text is kept once
    found: list[SessionSpan] = []
    for rows in connection.execute(statement).partitions(_AT_ONCE):
        found += [
            SessionSpan(
                same.setdefault(modem, modem),
                opened,
                closed,
                closed is None or lasted is not None,
                None if reason is None else same.setdefault(reason, reason),
            )
            for modem, opened, closed, lasted, reason in rows
        ]
    return found


def link_sums(connection: Connection, hub: str, since: datetime, until: datetime) -> dict[str, LinkSums]:
    """Return what each modem moved and how it was heard, by modem.

    Whole days count by their sums, the last one, which is not over, by its hours.
    """
    day = func.max(series.c.start)
    last = connection.scalar(select(day).where(series.c.hub == hub, series.c.slot_s == DAY_S, series.c.start < until))
    found: dict[str, LinkSums] = {}
    for slot_s, begin, end in ((DAY_S, since, last or since), (HOUR_S, last or since, until)):
        statement = (
            select(
                series.c.modem,
                func.sum(series.c.rx_bytes),
                func.sum(series.c.tx_bytes),
                func.sum(series.c.csq_sum),
                func.sum(series.c.csq_count),
                func.min(series.c.csq_min),
            )
            .where(series.c.hub == hub, series.c.slot_s == slot_s, series.c.start >= begin, series.c.start < end)
            .group_by(series.c.modem)
        )
        for modem, *sums, least in connection.execute(statement):
            found[modem] = _added(found.get(modem), modem, [int(each or 0) for each in sums], least)
    return found


def _added(before: LinkSums | None, modem: str, sums: list[int], least: int | None) -> LinkSums:
    if before is None:
        return LinkSums(modem, sums[0], sums[1], sums[2], sums[3], least)
    known = [each for each in (before.csq_min, least) if each is not None]
    return LinkSums(
        modem,
        before.rx_bytes + sums[0],
        before.tx_bytes + sums[1],
        before.csq_sum + sums[2],
        before.csq_count + sums[3],
        min(known, default=None),
    )
