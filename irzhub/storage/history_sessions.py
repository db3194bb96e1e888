"""Sessions of modems, made from `connected` and `disconnected` events; the same events again change nothing."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, delete, select

from irzhub.core.events import Event, ModemConnected, ModemDisconnected
from irzhub.storage.history_rows import upsert_rows
from irzhub.storage.tables_history import sessions

_EMPTY: Final[dict[str, Any]] = {column.name: None for column in sessions.columns}


def record_sessions(connection: Connection, hub: str, batch: Sequence[Event]) -> None:
    """Open and close the sessions that a batch of events tells of, in order."""
    told = [event for event in batch if isinstance(event, ModemConnected | ModemDisconnected)]
    if told:
        known = _known_sessions(connection, hub, told)
        upsert_rows(connection, sessions, fold_sessions(hub, known, told))


def fold_sessions(hub: str, known: Iterable[dict[str, Any]], batch: Sequence[Event]) -> list[dict[str, Any]]:
    """Return the session rows that change when `batch` happens to the `known` ones.

    A session that is still open when its modem connects again ended unseen (the hub was down): it is closed
    at that moment as `hub_restart`, its length unknown. One whose beginning was never recorded is written
    as far as it is known.
    """
    rows = {row["session"]: row for row in known}
    still_open: dict[str, set[str]] = defaultdict(set)  # of each modem
    for row in rows.values():
        if row["is_open"]:
            still_open[row["modem"]].add(row["session"])
    changed: dict[str, dict[str, Any]] = {}

    def close_open(modem: str, at: datetime, reason: str) -> None:
        for session in still_open.pop(modem, ()):
            rows[session] = changed[session] = rows[session] | {"closed_at": at, "is_open": False, "reason": reason}

    for event in batch:
        match event:
            case ModemConnected(modem=str(modem), session=session):
                close_open(modem, event.ts, "hub_restart")
                rows[session] = changed[session] = _opened(hub, modem, event)
                still_open[modem].add(session)
            case ModemDisconnected(modem=str(modem), session=None):
                close_open(modem, event.ts, event.reason)
            case ModemDisconnected(modem=str(modem), session=str(session)):
                still_open[modem].discard(session)
                rows[session] = changed[session] = _closed(
                    rows.get(session) or _unseen(hub, modem, session, event), event
                )
            case _:
                continue
    return list(changed.values())


def purge_sessions(connection: Connection, hub: str, before: datetime, limit: int) -> int:
    """Remove at most `limit` sessions that began before `before` and are over; return how many went."""
    oldest = (
        select(sessions.c.session)
        .where(sessions.c.hub == hub, sessions.c.opened_at < before, sessions.c.is_open.is_(False))
        .order_by(sessions.c.opened_at)
        .limit(limit)
    )
    names = connection.scalars(oldest).all()
    if names:
        connection.execute(delete(sessions).where(sessions.c.hub == hub, sessions.c.session.in_(names)))
    return len(names)


def _known_sessions(
    connection: Connection, hub: str, told: Sequence[ModemConnected | ModemDisconnected]
) -> list[dict[str, Any]]:
    modems = sorted({event.modem for event in told if event.modem is not None})
    named = sorted({event.session for event in told if event.session is not None})
    mine = select(sessions).where(sessions.c.hub == hub)
    still_open = mine.where(sessions.c.is_open.is_(True), sessions.c.modem.in_(modems))
    found = [dict(row) for row in connection.execute(still_open).mappings()]
    found += [dict(row) for row in connection.execute(mine.where(sessions.c.session.in_(named))).mappings()]
    return found


def _opened(hub: str, modem: str, event: ModemConnected) -> dict[str, Any]:
    return _EMPTY | {
        "hub": hub,
        "session": event.session,
        "modem": modem,
        "peer": event.peer,
        "model": event.model,
        "firmware": event.firmware,
        "sim": event.sim,
        "csq": event.csq,
        "woken_by": event.woken_by,
        "opened_at": event.ts,
        "is_open": True,
    }


def _unseen(hub: str, modem: str, session: str, event: ModemDisconnected) -> dict[str, Any]:
    opened_at = event.ts - timedelta(seconds=event.lasted_s or 0)
    return _EMPTY | {"hub": hub, "session": session, "modem": modem, "opened_at": opened_at}


def _closed(row: dict[str, Any], event: ModemDisconnected) -> dict[str, Any]:
    return row | {
        "closed_at": event.ts,
        "is_open": False,
        "reason": event.reason,
        "detail": event.detail,
        "lasted_s": event.lasted_s,
        "rx_bytes": event.rx_bytes,
        "tx_bytes": event.tx_bytes,
    }
