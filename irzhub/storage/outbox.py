"""Messages for people: a row for each message, recipient and channel, written before anything is sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from irzhub.storage.rows import DriverUpsert, driver
from irzhub.storage.tables_local import outbox, outbox_damping, outbox_told
from irzhub.storage.types import utc_text

_ROWS: Final = DriverUpsert(outbox)
_DAMPING: Final = DriverUpsert(outbox_damping)
_LIVING: Final = ("waiting", "held", "sending", "unknown")
_AT_ONCE: Final = 500

Recipient: TypeAlias = tuple[str, str]
"""Channel and address."""


@dataclass(slots=True, kw_only=True)
class OutboxRow:
    """One message for one address on one channel, and how far it has come.

    Args:
        id: ULID, the same in every attempt. state: see `alerts/outbox_states.py`.
        contact: name in the directory, empty for an address that stands in a rule.
        rule, subject, event_id, event_ts, severity, title, text, event, damp_s, incident, closes: of the message.
        attempts: how often it was handed to the channel. may_repeat: how an attempt ended is not known.
        not_before: when it is due, None: at once. expires_at: after this it is not sent.
        sent_at: when the channel took it. finished_at: when nothing more was to be done.
        reference: what the channel calls it. folded_into: the message that speaks for this one.
        fallback_of: the one on another channel in whose place it goes.
        count: of how many messages it speaks. parts: SMS that it needs.
        log: its attempts and what people did, from old to new.
    """

    id: str
    created_at: datetime
    state: str = "waiting"
    channel: str
    address: str
    contact: str = ""
    rule: str
    subject: str
    event_id: str
    event_ts: datetime
    modem: str | None = None
    severity: str = "warning"
    title: str = ""
    text: str = field(repr=False)
    event: dict[str, Any] = field(default_factory=dict, repr=False)
    damp_s: float = 0.0
    incident: int | None = None
    closes: bool = False
    attempts: int = 0
    may_repeat: bool = False
    not_before: datetime | None = None
    expires_at: datetime
    sent_at: datetime | None = None
    finished_at: datetime | None = None
    error: str | None = None
    reference: str | None = None
    folded_into: str | None = None
    fallback_of: str | None = None
    count: int = 1
    parts: int = 1
    log: list[dict[str, Any]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class DampingRow:
    """A window in which repeats are folded; `row` is the newest of them as JSON, without what is the outbox's own."""

    key: str
    began_at: datetime
    ends_at: datetime
    count: int
    row: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxWanted:
    """Which rows are asked for; None: whatever it is. `before` is an id: older ones only."""

    states: tuple[str, ...] = ()
    channel: str | None = None
    contact: str | None = None
    address: str | None = None
    rule: str | None = None
    modem: str | None = None
    incident: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: str | None = None
    limit: int = 100


def save_outbox(
    connection: Connection,
    rows: Sequence[OutboxRow],
    told: Iterable[tuple[str, datetime]] = (),
    damping: Sequence[DampingRow] = (),
    ended_damping: Iterable[str] = (),
) -> None:
    """Write what has changed, in one transaction: rows, keys of what was told, windows and windows that ended."""
    _ROWS.save(connection, rows)
    if keys := [(key, utc_text(at)) for key, at in told]:
        driver(connection).executemany('INSERT OR IGNORE INTO outbox_told ("key", at) VALUES (?, ?)', keys)
    _DAMPING.save(connection, damping)
    if ended := [(key,) for key in ended_damping]:
        driver(connection).executemany('DELETE FROM outbox_damping WHERE "key" = ?', ended)


def load_living(connection: Connection) -> list[OutboxRow]:
    """Return what is not finished, from old to new; a message whose end is unknown only if it is to be repeated."""
    is_living = outbox.c.state.in_(_LIVING) & ((outbox.c.state != "unknown") | outbox.c.not_before.is_not(None))
    found = connection.execute(select(outbox).where(is_living).order_by(outbox.c.id))
    return [OutboxRow(**row) for row in found.mappings()]


def load_damping(connection: Connection) -> list[DampingRow]:
    """Return the windows in which repeats are folded."""
    return [DampingRow(**row) for row in connection.execute(select(outbox_damping)).mappings()]


def known_keys(connection: Connection, keys: Sequence[str]) -> set[str]:
    """Return which of these keys were told already."""
    known: set[str] = set()
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        marks = ",".join("?" * len(some))
        found = driver(connection).execute(f'SELECT "key" FROM outbox_told WHERE "key" IN ({marks})', some)  # noqa: S608
        known.update(key for (key,) in found)
    return known


def opening_recipients(connection: Connection, rule: str, subject: str) -> set[Recipient]:
    """Return who was told of a subject by a rule since that rule last said that it is over."""
    about = (outbox.c.rule == rule) & (outbox.c.subject == subject)
    closed = connection.scalar(select(func.max(outbox.c.id)).where(about, outbox.c.closes.is_(True)))
    wanted = about & outbox.c.closes.is_(False) & outbox.c.state.not_in(("cancelled",))
    if closed is not None:
        wanted &= outbox.c.id > closed
    found = connection.execute(select(outbox.c.channel, outbox.c.address).where(wanted).distinct())
    return {(row.channel, row.address) for row in found}


def incident_recipients(connection: Connection, incident: int) -> list[OutboxRow]:
    """Return the messages that told people of an incident, from old to new."""
    wanted = (outbox.c.incident == incident) & outbox.c.state.not_in(("cancelled",))
    found = connection.execute(select(outbox).where(wanted).order_by(outbox.c.id))
    return [OutboxRow(**row) for row in found.mappings()]


def spent_since(connection: Connection, moment: datetime) -> list[tuple[str, str, int]]:
    """Return channel, address and parts sent of everything that left since `moment`."""
    sums = func.sum(outbox.c.parts)
    statement = select(outbox.c.channel, outbox.c.address, sums).where(outbox.c.sent_at >= moment)
    found = connection.execute(statement.group_by(outbox.c.channel, outbox.c.address))
    return [(channel, address, int(parts)) for channel, address, parts in found]


def find_rows(connection: Connection, wanted: OutboxWanted) -> list[OutboxRow]:
    """Return rows of the queue and of the log, the newest first."""
    statement = select(outbox).order_by(outbox.c.id.desc()).limit(wanted.limit)
    for condition in _conditions(wanted):
        statement = statement.where(condition)
    return [OutboxRow(**row) for row in connection.execute(statement).mappings()]


def get_row(connection: Connection, id_: str) -> OutboxRow | None:
    """Return one row, None when there is none of that id."""
    row = connection.execute(select(outbox).where(outbox.c.id == id_)).mappings().one_or_none()
    return None if row is None else OutboxRow(**row)


def prune_outbox(connection: Connection, before: datetime, told_before: datetime) -> int:
    """Remove finished rows and keys that are older; say how many rows."""
    is_living = outbox.c.state.in_(_LIVING) & outbox.c.finished_at.is_(None)
    removed = connection.execute(delete(outbox).where(outbox.c.created_at < before, ~is_living)).rowcount
    connection.execute(delete(outbox_told).where(outbox_told.c.at < told_before))
    return removed


def end_living_messages(connection: Connection) -> None:
    """Let nothing leave that a backup brought back: what it says is long past."""
    is_living = outbox.c.state.in_(_LIVING)
    connection.execute(update(outbox).where(is_living).values(state="expired", not_before=None))


def _conditions(wanted: OutboxWanted) -> list[ColumnElement[bool]]:
    table = outbox.c
    equal = {
        "channel": wanted.channel,
        "contact": wanted.contact,
        "address": wanted.address,
        "rule": wanted.rule,
        "modem": wanted.modem,
        "incident": wanted.incident,
    }
    conditions = [table[name] == value for name, value in equal.items() if value is not None]
    if wanted.states:
        conditions.append(table.state.in_(wanted.states))
    if wanted.since is not None:
        conditions.append(table.created_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(table.created_at < wanted.until)
    if wanted.before is not None:
        conditions.append(table.id < wanted.before)
    return conditions
