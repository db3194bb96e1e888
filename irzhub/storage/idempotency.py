"""Answers kept for a day under the key that a caller gave, so that a repeat of a request changes nothing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from irzhub.storage.rows import row_values
from irzhub.storage.tables_local import idempotency

KEPT: Final = timedelta(hours=24)
STUCK: Final = timedelta(minutes=5)
"""A request that has no answer after so long was cut off by the end of the hub: it may be tried again."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """One request and what it was answered; `status` is None while it runs.

    Args:
        caller, key: whose request, and the caller's own name for it.
        route: the operation. body_hash: SHA-256 of the body in hex.
        body: text of the answer's body, None where it may not be kept.
    """

    caller: str
    key: str
    route: str
    body_hash: str
    created_at: datetime
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = ""


def begin(connection: Connection, row: KeptAnswer) -> KeptAnswer | None:
    """Claim a key for a request; return what is kept for it already, None when it is new."""
    now = row.created_at
    connection.execute(delete(idempotency).where(idempotency.c.created_at < now - KEPT))
    mine = (idempotency.c.caller == row.caller) & (idempotency.c.key == row.key)
    stuck = mine & idempotency.c.status.is_(None) & (idempotency.c.created_at < now - STUCK)
    connection.execute(delete(idempotency).where(stuck))
    kept = connection.execute(select(idempotency).where(mine)).mappings().one_or_none()
    if kept is not None:
        return KeptAnswer(**kept)
    connection.execute(insert(idempotency), {**row_values(row), "body": ""})
    return None


def finish(connection: Connection, row: KeptAnswer) -> None:
    """Keep the answer of a request that had claimed its key."""
    mine = (idempotency.c.caller == row.caller) & (idempotency.c.key == row.key)
    values = {"status": row.status, "headers": row.headers, "body": row.body if row.body is not None else {"secret": 1}}
    connection.execute(update(idempotency).where(mine).values(values))


def give_up(connection: Connection, caller: str, key: str) -> None:
    """Free a key: its request changed nothing, so it may be sent again."""
    connection.execute(delete(idempotency).where(idempotency.c.caller == caller, idempotency.c.key == key))
