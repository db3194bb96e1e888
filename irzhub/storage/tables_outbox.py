"""The tables of what people are told: the outbox, what damps it, and whom it reaches; part of the local schema."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, MetaData, String, Table

from irzhub.storage.types import Ident, JsonText, UtcDateTime


def build_outbox_tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    """Add the tables of messages, of what was told already and of damping windows; return them."""
    outbox = Table(
        "outbox",
        metadata,
        Column("id", Ident(26), primary_key=True),
        Column("created_at", UtcDateTime, nullable=False),
        Column("state", String(12), nullable=False),
        Column("channel", String(10), nullable=False),
        Column("address", String(500), nullable=False),
        Column("contact", String(64), nullable=False),
        Column("rule", String(200), nullable=False),
        Column("subject", String(200), nullable=False),
        Column("event_id", String(64), nullable=False),
        Column("event_ts", UtcDateTime, nullable=False),
        Column("modem", Ident(40)),
        Column("severity", String(10), nullable=False),
        Column("title", String(400), nullable=False),
        Column("text", String(20000), nullable=False),
        Column("event", JsonText, nullable=False),
        Column("damp_s", Float, nullable=False),
        Column("incident", Integer),
        Column("closes", Boolean, nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("may_repeat", Boolean, nullable=False),
        Column("not_before", UtcDateTime),
        Column("expires_at", UtcDateTime, nullable=False),
        Column("sent_at", UtcDateTime),
        Column("finished_at", UtcDateTime),
        Column("error", String(1000)),
        Column("reference", String(200)),
        Column("folded_into", Ident(26)),
        Column("fallback_of", Ident(26)),
        Column("count", Integer, nullable=False),
        Column("parts", Integer, nullable=False),
        Column("log", JsonText, nullable=False),
        Index(None, "state", "id"),
        Index(None, "rule", "subject"),
        Index(None, "incident"),
    )
    told = Table(
        "outbox_told",
        metadata,
        Column("key", Ident(32), primary_key=True),
        Column("at", UtcDateTime, nullable=False, index=True),
    )
    damping = Table(
        "outbox_damping",
        metadata,
        Column("key", Ident(32), primary_key=True),
        Column("began_at", UtcDateTime, nullable=False),
        Column("ends_at", UtcDateTime, nullable=False),
        Column("count", Integer, nullable=False),
        Column("row", JsonText, nullable=False),
    )
    return outbox, told, damping


def build_directory_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Add the tables of contacts, teams, rosters, calendars and ladders, and of the ladders that run; return them."""
    directory = Table(
        "directory",
        metadata,
        Column("kind", String(20), primary_key=True),
        Column("name", String(64), primary_key=True),
        Column("organisation", String(64), nullable=False),
        Column("entry", JsonText, nullable=False),
        Column("changed_at", UtcDateTime, nullable=False),
        Column("changed_by", String(100), nullable=False),
    )
    escalations = Table(
        "escalation_runs",
        metadata,
        Column("incident", Integer, primary_key=True),
        Column("ladder", String(64), primary_key=True),
        Column("began_at", UtcDateTime, nullable=False),
        Column("next_at", UtcDateTime),
        Column("step", Integer, nullable=False),
        Column("repeats", Integer, nullable=False),
        Column("message", JsonText, nullable=False),
        Column("ended_at", UtcDateTime),
        Column("ended_by", String(100), nullable=False),
    )
    return directory, escalations
