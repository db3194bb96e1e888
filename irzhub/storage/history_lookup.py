"""Reading the history back for people: sessions page by page, and series joined over replaced modems."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from irzhub.storage.history_series import SlotRow
from irzhub.storage.picking import LOOKED_UP, along, is_one_of
from irzhub.storage.tables_history import series, sessions

_BY_TIME: Final = "ix_sessions_hub_opened_at"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionSearch:
    """Which sessions are looked for, the latest first.

    Args:
        modems: ids of which a session's is one; None for all.
        since, until: bounds of when it began. is_open: whether it lasts; None for both.
        behind: beginning and name of the last one of the page before.
    """

    modems: Sequence[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    is_open: bool | None = None
    behind: tuple[datetime, str] | None = None
    limit: int = 100


def find_sessions(connection: Connection, hub: str, search: SessionSearch) -> list[dict[str, Any]]:
    """Return at most one more than a page of sessions, so that the caller sees whether there are more."""
    opened, name = sessions.c.opened_at, sessions.c.session
    statement = along(select(sessions), sessions, _index(search)).where(sessions.c.hub == hub)
    if search.modems is not None and len(search.modems) == 1:
        statement = statement.where(sessions.c.modem == search.modems[0])
    elif search.modems is not None and len(search.modems) <= LOOKED_UP:
        statement = statement.where(sessions.c.modem.in_(list(search.modems)))
    elif search.modems is not None:
        statement = statement.where(is_one_of(sessions.c.modem, search.modems))
    if search.since is not None:
        statement = statement.where(opened >= search.since)
    if search.until is not None:
        statement = statement.where(opened < search.until)
    if search.is_open is not None:
        statement = statement.where(sessions.c.is_open.is_(search.is_open))
    if search.behind is not None:
        moment, last = search.behind
        statement = statement.where(opened <= moment, or_(opened < moment, and_(opened == moment, name < last)))
    statement = statement.order_by(_order(search).desc(), name.desc()).limit(search.limit + 1)
    return [dict(row) for row in connection.execute(statement).mappings()]


def _index(search: SessionSearch) -> str:
    """Return the index along which sessions are read: a fleet has few that last, and a modem few at all."""
    if search.is_open:
        return "ix_sessions_hub_is_open_modem"
    is_of_few = search.modems is not None and len(search.modems) <= LOOKED_UP
    return "ix_sessions_hub_modem_opened_at" if is_of_few else _BY_TIME


def _order(search: SessionSearch) -> ColumnElement[datetime]:
    """Return by what sessions are ordered: where few are looked up, not by what SQLite would walk an index for."""
    opened = sessions.c.opened_at
    is_walked = _index(search) == _BY_TIME or (search.modems is not None and len(search.modems) == 1)
    return opened if is_walked and not search.is_open else func.coalesce(opened, opened)


def read_joined_series(
    connection: Connection, hub: str, modems: Sequence[str], slot_s: int, since: datetime, until: datetime
) -> list[SlotRow]:
    """Return the slots of a modem and of those in whose place it stands, in order of time."""
    found = connection.execute(
        select(series)
        .where(series.c.hub == hub, series.c.modem.in_(list(modems)), series.c.slot_s == slot_s)
        .where(series.c.start >= since, series.c.start < until)
        .order_by(series.c.start)
    )
    return [SlotRow(**row) for row in found.mappings()]
