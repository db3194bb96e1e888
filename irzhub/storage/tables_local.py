"""The tables of `hub.db`, which is always local SQLite (ARCHITECTURE D3)."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, MetaData, String, Table, UniqueConstraint

from irzhub.storage.types import NAMING, Ident, JsonText, UtcDateTime

metadata: Final = MetaData(naming_convention=NAMING)

events: Final = Table(
    "events",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("id", Ident(26), nullable=False, unique=True),
    Column("ts", UtcDateTime, nullable=False),
    Column("type", String(40), nullable=False),
    Column("modem", Ident(40)),
    Column("data", JsonText, nullable=False),
    Index(None, "modem", "seq"),
)

cursors: Final = Table(
    "cursors",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("position", BigInteger, nullable=False),
)

modems: Final = Table(
    "modems",
    metadata,
    Column("modem", Ident(40), primary_key=True),
    Column("imei", Ident(40), nullable=False),
    Column("channel", Integer),
    Column("driver", String(20), nullable=False),
    Column("host", String(64), nullable=False),
    Column("port", Integer, nullable=False),
    Column("name", String(200), nullable=False),
    Column("group", String(200), nullable=False),
    Column("comment", String(2000), nullable=False),
    Column("password", String(200)),
    Column("registered_at", UtcDateTime, nullable=False),
    Column("was_online", Boolean, nullable=False),
    Column("overrides", JsonText, nullable=False),
    Column("snapshot", JsonText, nullable=False),
    UniqueConstraint("host", "port"),
)

inputs: Final = Table(
    "inputs",
    metadata,
    Column("modem", Ident(40), primary_key=True),
    Column("pin", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("invert", Boolean, nullable=False),
    Column("debounce_s", Float, nullable=False),
    Column("normal", String(3)),
)

pins: Final = Table(
    "pins",
    metadata,
    Column("modem", Ident(40), primary_key=True),
    Column("pin", Integer, primary_key=True),
    Column("is_output", Boolean, nullable=False),
    Column("level", String(3), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

users: Final = Table(
    "users",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("password_hash", String(300), nullable=False),
    Column("role", String(20), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled", Boolean, nullable=False),
)

tokens: Final = Table(
    "tokens",
    metadata,
    Column("id", Ident(26), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("role", String(20), nullable=False),
    Column("hash", Ident(64), nullable=False, unique=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("revoked_at", UtcDateTime),
    Column("last_used", UtcDateTime),
)

web_sessions: Final = Table(
    "web_sessions",
    metadata,
    Column("id_hash", Ident(64), primary_key=True),
    Column("user", String(64), nullable=False, index=True),
    Column("csrf", Ident(64), nullable=False),
    Column("peer", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_seen", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

commands: Final = Table(
    "commands",
    metadata,
    Column("id", Ident(26), primary_key=True),
    Column("modem", Ident(40), nullable=False, index=True),
    Column("command", String(40), nullable=False),
    Column("args", JsonText, nullable=False),
    Column("origin", String(100), nullable=False),
    Column("status", String(20), nullable=False, index=True),
    Column("result", JsonText),
    Column("error", String(1000)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
)

published: Final = Table(
    "published",
    metadata,
    Column("modem", Ident(40), primary_key=True),
    Column("topic", String(500), primary_key=True),
)

meta: Final = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", String(4000), nullable=False),
)
