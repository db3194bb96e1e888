"""SMS and calls of the hub's own GSM modems: what is to go out, how it stands, and what came in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, delete, func, insert, select, update

from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_local import phone_orders, phone_received

WAITING: Final = ("queued", "sending")
LOST: Final = "the hub ended before it was sent"
_SAVE: Final = upsert(phone_orders)
_LONGEST_ERROR: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneOrder:
    """One SMS or call that is to go out.

    Args:
        kind: `sms` or `call`. number: with `+` before it. text: None where it is not kept: it may hold a password.
        modem: the modem it is for, None for a person. priority: 0 goes before 1 and 2.
        status: queued, sending, then for an SMS sent, delivered, failed, unknown (it may have left), cancelled or
            expired; for a call answered, rang, busy, no_answer, failed, cancelled or expired.
        is_kept: it is taken up again after a restart; else whoever ordered it does so.
        may_repeat: an attempt before this one may have arrived too.
        by: the GSM modem that took it. references: the network's numbers of its parts.
    """

    id: str
    kind: str
    number: str
    text: str | None = field(repr=False)
    modem: str | None
    origin: str
    priority: int
    status: str
    created_at: datetime
    expires_at: datetime | None = None
    is_kept: bool = False
    may_repeat: bool = False
    wants_report: bool = False
    ring_s: float | None = None
    attempts: int = 0
    by: str = ""
    references: list[int] = field(default_factory=list)
    sent_at: datetime | None = None
    finished_at: datetime | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneReceived:
    """One SMS or call that came in; `by` is the GSM modem it came to, `modem` the one whose SIM card it came from."""

    id: str
    kind: str
    number: str
    text: str = field(repr=False)
    modem: str | None
    by: str
    received_at: datetime
    sent_at: datetime | None = None
    is_complete: bool = True


def save_phone_order(connection: Connection, row: PhoneOrder) -> None:
    """Add an order, or replace how it stands."""
    values = row_values(row)
    values["error"] = None if row.error is None else row.error[:_LONGEST_ERROR]
    connection.execute(_SAVE, values)


def get_phone_order(connection: Connection, id_: str) -> PhoneOrder | None:
    """Return one order, None when there is none with that id."""
    row = connection.execute(select(phone_orders).where(phone_orders.c.id == id_)).mappings().one_or_none()
    return None if row is None else PhoneOrder(**row)


def take_up_phone_orders(connection: Connection, now: datetime) -> list[PhoneOrder]:
    """Return what is still to go out after a start, from old to new; what nobody keeps has failed.

    What was under way when the hub ended may have left: it goes out once more, marked, and not a third time.
    """
    table = phone_orders
    waiting = table.c.status.in_(WAITING)
    lost = {"status": "failed", "error": LOST, "finished_at": now}
    connection.execute(update(table).where(waiting, table.c.is_kept.is_(False)).values(lost))
    sending = table.c.status == "sending"
    doubtful = {"status": "unknown", "error": "the hub ended twice while it was sent", "finished_at": now}
    connection.execute(update(table).where(sending, table.c.may_repeat.is_(True)).values(doubtful))
    connection.execute(update(table).where(sending).values(status="queued", may_repeat=True))
    rows = connection.execute(select(table).where(waiting).order_by(table.c.id)).mappings()
    return [PhoneOrder(**row) for row in rows]


def end_living_phone_orders(connection: Connection) -> None:
    """End what was not finished when a backup was made: by now it may have gone out."""
    error = "it comes from a backup: nobody knows what became of it"
    connection.execute(
        update(phone_orders).where(phone_orders.c.status.in_(WAITING)).values(status="unknown", error=error)
    )


def page_phone_orders(
    connection: Connection, kind: str, *, status: str | None, modem: str | None, before: str | None, limit: int
) -> list[PhoneOrder]:
    """Return at most `limit` orders of a kind, the newest first, those before the id `before`."""
    statement = _page(phone_orders, kind, modem, before, limit)
    if status is not None:
        statement = statement.where(phone_orders.c.status == status)
    return [PhoneOrder(**row) for row in connection.execute(statement).mappings()]


def count_waiting_phone_orders(connection: Connection) -> int:
    """Return how many orders wait for a GSM modem or are under way."""
    counted = select(func.count()).select_from(phone_orders).where(phone_orders.c.status.in_(WAITING))
    return connection.scalar(counted) or 0


def add_phone_received(connection: Connection, row: PhoneReceived) -> None:
    """Keep an SMS or a call that came in."""
    connection.execute(insert(phone_received), row_values(row))


def page_phone_received(
    connection: Connection, kind: str, *, modem: str | None, before: str | None, limit: int
) -> list[PhoneReceived]:
    """Return at most `limit` of what came in, the newest first, those before the id `before`."""
    statement = _page(phone_received, kind, modem, before, limit)
    return [PhoneReceived(**row) for row in connection.execute(statement).mappings()]


def purge_phone(connection: Connection, before: datetime, limit: int) -> int:
    """Remove at most `limit` rows of each table that are older than `before`; return how many went."""
    removed = 0
    for table, moment in ((phone_orders, phone_orders.c.created_at), (phone_received, phone_received.c.received_at)):
        old: Sequence[str] = connection.scalars(select(table.c.id).where(moment < before).limit(limit)).all()
        if old:
            removed += connection.execute(delete(table).where(table.c.id.in_(old))).rowcount
    return removed


def _page(table: Table, kind: str, modem: str | None, before: str | None, limit: int) -> Select[Any]:
    statement = select(table).where(table.c.kind == kind).order_by(table.c.id.desc()).limit(limit)
    if modem is not None:
        statement = statement.where(table.c.modem == modem)
    return statement if before is None else statement.where(table.c.id < before)
