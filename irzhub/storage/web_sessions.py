"""Who is signed in: one row for each browser, known by the hash of its cookie."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from irzhub.storage.rows import row_values
from irzhub.storage.tables_local import web_sessions


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One browser that is signed in.

    Args:
        id_hash: SHA-256 of the cookie in hex; the cookie itself is kept nowhere.
        csrf: what every change must carry besides the cookie.
        peer: the address that signed in. agent: what the browser calls itself.
        last_seen: its last request, to a minute. expires_at: when it ends in any case.
        id: under which people and the audit speak of it.
    """

    id_hash: str = field(repr=False)
    user: str
    csrf: str = field(repr=False)
    peer: str
    created_at: datetime
    last_seen: datetime
    expires_at: datetime
    id: str = ""
    agent: str = ""


def add_session(connection: Connection, row: SessionRow) -> None:
    """Add a session."""
    connection.execute(insert(web_sessions), row_values(row))


def find_session(connection: Connection, id_hash: str) -> SessionRow | None:
    """Return the session of a cookie, also one whose time is over; None when there is none."""
    row = connection.execute(select(web_sessions).where(web_sessions.c.id_hash == id_hash)).mappings().one_or_none()
    return None if row is None else SessionRow(**row)


def list_sessions(connection: Connection, user: str | None = None) -> list[SessionRow]:
    """Return the sessions of a user, or of all, from old to new."""
    statement = select(web_sessions).order_by(web_sessions.c.created_at, web_sessions.c.id)
    if user is not None:
        statement = statement.where(web_sessions.c.user == user)
    return [SessionRow(**row) for row in connection.execute(statement).mappings()]


def touch_session(connection: Connection, id_hash: str, at: datetime) -> None:
    """Note that a session was used."""
    connection.execute(update(web_sessions).where(web_sessions.c.id_hash == id_hash), {"last_seen": at})


def end_session(connection: Connection, id_: str) -> SessionRow | None:
    """End the session of that public id; return what it was, None when there is none."""
    row = connection.execute(select(web_sessions).where(web_sessions.c.id == id_)).mappings().first()
    if row is None or not id_:
        return None
    connection.execute(delete(web_sessions).where(web_sessions.c.id == id_))
    return SessionRow(**row)


def end_sessions(connection: Connection, user: str, except_id: str = "") -> int:
    """End the sessions of a user, but for one; return how many there were."""
    ended = delete(web_sessions).where(web_sessions.c.user == user, web_sessions.c.id != except_id)
    return connection.execute(ended).rowcount


def purge_sessions(connection: Connection, now: datetime, idle_since: datetime) -> int:
    """Remove the sessions whose time was over at `now`, and those not used since; return how many went."""
    over = delete(web_sessions).where((web_sessions.c.expires_at <= now) | (web_sessions.c.last_seen <= idle_since))
    return connection.execute(over).rowcount
