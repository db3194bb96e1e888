"""The tables of incidents, of shifts and of what people plan around them, for the local schema."""

from typing import Any

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table

from irzhub.storage.types import Ident, JsonText, UtcDateTime


def build_alert_tables(metadata: MetaData) -> tuple[Table, Table, Table, Table, Table, Table]:
    """Add incidents, members of common causes, what was done about incidents, shift log, visits and maintenance."""
    incidents = Table(
        "incidents",
        metadata,
        *incident_columns(),
        Column("is_told", Boolean, nullable=False),
        Column("revision", Integer, nullable=False),
        Index(None, "closed_at"),
        Index(None, "modem", "number"),
        Index(None, "parent"),
        Index(None, "revision"),
    )
    members = Table(
        "incident_members",
        metadata,
        Column("incident", Integer, primary_key=True, autoincrement=False),
        Column("modem", Ident(40), primary_key=True),
        Column("lost_at", UtcDateTime, nullable=False),
        Column("returned_at", UtcDateTime),
        Column("detail", String(500), nullable=False),
        Index(None, "modem"),
    )
    actions = Table(
        "incident_actions",
        metadata,
        Column("id", Ident(26), primary_key=True),
        Column("incident", Integer, nullable=False),
        Column("at", UtcDateTime, nullable=False),
        Column("by", String(100), nullable=False),
        Column("change", String(32), nullable=False),
        Column("note", String(2000), nullable=False),
        Index(None, "incident", "id"),
    )
    return (incidents, members, actions, *_people_tables(metadata))


def incident_columns() -> list[Column[Any]]:
    """Return the columns of an incident that the history has too, new ones with each call."""
    return [
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("kind", String(32), nullable=False),
        Column("subject", String(200), nullable=False),
        Column("modem", Ident(40)),
        Column("severity", String(12), nullable=False),
        Column("opened_at", UtcDateTime, nullable=False),
        Column("last_seen_at", UtcDateTime, nullable=False),
        Column("count", Integer, nullable=False),
        Column("good_since", UtcDateTime),
        Column("closed_at", UtcDateTime),
        Column("closed_by", String(100), nullable=False),
        Column("facts", JsonText, nullable=False),
        Column("muted", String(20), nullable=False),
        Column("acknowledged_by", String(100), nullable=False),
        Column("acknowledged_at", UtcDateTime),
        Column("silenced_until", UtcDateTime),
        Column("owner", String(100), nullable=False),
        Column("note", String(2000), nullable=False),
        Column("parent", Integer),
    ]


def _people_tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    shift_log = Table(
        "shift_log",
        metadata,
        Column("id", Ident(26), primary_key=True),
        Column("at", UtcDateTime, nullable=False),
        Column("by", String(100), nullable=False),
        Column("kind", String(24), nullable=False),
        Column("incident", Integer),
        Column("facts", JsonText, nullable=False),
        Column("text", String(2000), nullable=False),
    )
    visit_requests = Table(
        "visit_requests",
        metadata,
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("incident", Integer),
        Column("modem", Ident(40)),
        Column("created_at", UtcDateTime, nullable=False),
        Column("created_by", String(100), nullable=False),
        Column("site", String(200), nullable=False),
        Column("address", String(400), nullable=False),
        Column("access", String(2000), nullable=False),
        Column("contact", String(400), nullable=False),
        Column("cause", String(2000), nullable=False),
        Column("task", String(2000), nullable=False),
        Column("due_at", UtcDateTime),
        Column("closed_at", UtcDateTime),
        Column("closed_by", String(100), nullable=False),
        Column("result", String(2000), nullable=False),
    )
    maintenance = Table(
        "maintenance_windows",
        metadata,
        Column("id", Ident(26), primary_key=True),
        Column("modem", Ident(40)),
        Column("group", String(200)),
        Column("since", UtcDateTime, nullable=False),
        Column("until", UtcDateTime, nullable=False),
        Column("reason", String(400), nullable=False),
        Column("created_by", String(100), nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
    )
    return shift_log, visit_requests, maintenance
