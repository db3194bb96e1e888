"""Incidents in `hub.db`: their rows, the members of common causes, and what people did about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, delete, func, or_, select, update

from irzhub.storage.rows import DriverUpsert, driver
from irzhub.storage.tables_local import incident_actions, incident_members, incidents
from irzhub.storage.types import utc_text

CURSOR: Final = "incidents"
"""The reader of the journal whose position is committed together with what the events made of incidents."""

_SAVE: Final = DriverUpsert(incidents)
_SAVE_ACTION: Final = DriverUpsert(incident_actions)
_SAVE_MEMBER: Final = (
    "INSERT INTO incident_members (incident, modem, lost_at, returned_at, detail) VALUES (?, ?, ?, ?, ?) "
    "ON CONFLICT (incident, modem) DO UPDATE SET lost_at = excluded.lost_at, returned_at = excluded.returned_at, "
    "detail = excluded.detail"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    """One incident: an interval in which something about one subject was not as it should be.

    Args:
        number: what people call it by, also in an SMS (`OK 17`).
        subject: a modem id, `<modem>/gpi/<pin>`, `<modem>/meter/<address>`, `hub/<part>` or `cause/<kind>/<name>`.
        opened_at, last_seen_at: first and latest moment of being bad. count: how often it turned bad.
        good_since: it has been good from here on and closes when that lasts; None while it is bad.
        closed_by: who closed it by hand, empty when it closed by itself.
        facts: what was seen, by kind; words are made of it when it is read.
        muted: why nobody is told: `commissioning` or `maintenance`; empty: people are told.
        silenced_until: until then nothing more is said of it (UTC).
        parent: number of the common cause that it belongs to.
        is_told: its `alert_opened` is in the journal.
        revision: grows with every change of any incident; copies are made behind it.
    """

    number: int
    kind: str
    subject: str
    modem: str | None = None
    severity: str
    opened_at: datetime
    last_seen_at: datetime
    count: int = 1
    good_since: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    muted: str = ""
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    silenced_until: datetime | None = None
    owner: str = ""
    note: str = ""
    parent: int | None = None
    is_told: bool = False
    revision: int = 0


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One modem of a common cause: when it was lost, why in words, and when it was back."""

    incident: int
    modem: str
    lost_at: datetime
    returned_at: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One thing that somebody did about an incident; `change` is such as `acknowledged` or `comment`."""

    id: str
    incident: int
    at: datetime
    by: str
    change: str
    note: str = ""


def save_incidents(connection: Connection, rows: Sequence[IncidentRow]) -> None:
    """Add incidents, or replace those with the same number."""
    _SAVE.save(connection, rows)


def save_members(connection: Connection, rows: Iterable[MemberRow]) -> None:
    """Add members of common causes, or replace how they stand."""
    driver(connection).executemany(
        _SAVE_MEMBER,
        [
            (
                row.incident,
                row.modem,
                utc_text(row.lost_at),
                None if row.returned_at is None else utc_text(row.returned_at),
                row.detail[:500],
            )
            for row in rows
        ],
    )


def add_action(connection: Connection, row: ActionRow) -> None:
    """Note what somebody did."""
    _SAVE_ACTION.save(connection, [row])


def list_actions(connection: Connection, incident: int, limit: int = 500) -> list[ActionRow]:
    """Return what was done about an incident, in order."""
    statement = select(incident_actions).where(incident_actions.c.incident == incident)
    found = connection.execute(statement.order_by(incident_actions.c.id).limit(limit))
    return [ActionRow(**row) for row in found.mappings()]


def load_open_incidents(connection: Connection) -> list[IncidentRow]:
    """Return all that are open, from old to new."""
    statement = select(incidents).where(incidents.c.closed_at.is_(None)).order_by(incidents.c.number)
    return [IncidentRow(**row) for row in connection.execute(statement).mappings()]


def last_numbers(connection: Connection) -> tuple[int, int]:
    """Return the highest number and the highest revision that were given; 0 for none."""
    number, revision = connection.execute(select(func.max(incidents.c.number), func.max(incidents.c.revision))).one()
    return number or 0, revision or 0


def load_members(connection: Connection, numbers: Iterable[int]) -> list[MemberRow]:
    """Return the members of some common causes, by the time of their loss."""
    statement = select(incident_members).where(incident_members.c.incident.in_(list(numbers)))
    found = connection.execute(statement.order_by(incident_members.c.lost_at, incident_members.c.modem))
    return [MemberRow(**row) for row in found.mappings()]


def get_incident(connection: Connection, number: int) -> IncidentRow | None:
    """Return one incident, None when there is none of that number."""
    row = connection.execute(select(incidents).where(incidents.c.number == number)).mappings().one_or_none()
    return None if row is None else IncidentRow(**row)


def list_closed(
    connection: Connection,
    *,
    since: datetime | None = None,
    before: int | None = None,
    modem: str | None = None,
    kind: str | None = None,
    limit: int = 100,
) -> list[IncidentRow]:
    """Return closed incidents from new to old by number.

    Args:
        connection: of the local store.
        since: only those that were closed at or after this moment.
        before: only those with a lower number.
        modem: of this modem, or of a common cause that it belonged to.
        kind: of this kind.
        limit: so many at the most.
    """
    statement = select(incidents).where(incidents.c.closed_at.is_not(None))
    if since is not None:
        statement = statement.where(incidents.c.closed_at >= since)
    if before is not None:
        statement = statement.where(incidents.c.number < before)
    if kind is not None:
        statement = statement.where(incidents.c.kind == kind)
    if modem is not None:
        caused = select(incident_members.c.incident).where(incident_members.c.modem == modem)
        statement = statement.where(or_(incidents.c.modem == modem, incidents.c.number.in_(caused)))
    found = connection.execute(statement.order_by(incidents.c.number.desc()).limit(limit))
    return [IncidentRow(**row) for row in found.mappings()]


def count_closed(connection: Connection, since: datetime) -> int:
    """Return how many incidents that people were told of closed since a moment, each common cause as one."""
    closed = (incidents.c.closed_at >= since, incidents.c.is_told, incidents.c.parent.is_(None))
    return connection.scalar(select(func.count()).select_from(incidents).where(*closed)) or 0


def changed_incidents(connection: Connection, after: int, limit: int) -> list[IncidentRow]:
    """Return at most `limit` incidents that changed behind a revision, in the order of their changes."""
    statement = select(incidents).where(incidents.c.revision > after).order_by(incidents.c.revision).limit(limit)
    return [IncidentRow(**row) for row in connection.execute(statement).mappings()]


def rename_modem(connection: Connection, old: str, new: str) -> None:
    """Another modem stands in the place of one: its open incidents are the new one's to bring to an end."""
    open_ = (incidents.c.modem == old, incidents.c.closed_at.is_(None))
    connection.execute(update(incidents).where(*open_).values(modem=new))


def purge_incidents(connection: Connection, before: datetime, copied: int, limit: int) -> int:
    """Remove at most `limit` incidents that were closed before a moment and are copied; return how many went.

    The newest number stays: numbering goes on from it.
    """
    newest = select(func.max(incidents.c.number)).scalar_subquery()
    old = select(incidents.c.number).where(
        incidents.c.closed_at < before, incidents.c.revision <= copied, incidents.c.number < newest
    )
    numbers = list(connection.scalars(old.order_by(incidents.c.number).limit(limit)))
    if numbers:
        for table, column in (
            (incident_members, incident_members.c.incident),
            (incident_actions, incident_actions.c.incident),
        ):
            connection.execute(delete(table).where(column.in_(numbers)))
        connection.execute(delete(incidents).where(incidents.c.number.in_(numbers)))
    return len(numbers)
