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
    Column("organisation", String(64), nullable=False, server_default=""),
    Column("site", String(64), nullable=False, server_default=""),
    Column("phone_sim1", String(20), nullable=False, server_default=""),
    Column("phone_sim2", String(20), nullable=False, server_default=""),
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
    Column("priority", String(10), nullable=False, server_default="manual"),
    Column("via", String(10), nullable=False, server_default="gprs"),
    Column("phone", String(20)),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("sent_at", UtcDateTime),
    Column("dedupe", String(80), unique=True),
    Index(None, "modem", "id"),
)

command_templates: Final = Table(
    "command_templates",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("text", String(300), nullable=False),
    Column("is_enabled", Boolean, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    Column("changed_by", String(100), nullable=False),
)

outputs: Final = Table(
    "outputs",
    metadata,
    Column("modem", Ident(40), primary_key=True),
    Column("pin", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("feedback", Integer),
    Column("invert", Boolean, nullable=False),
    Column("confirm_s", Float, nullable=False),
    Column("commanded", String(3)),
    Column("commanded_at", UtcDateTime),
    Column("state", String(10)),
)

jobs: Final = Table(
    "jobs",
    metadata,
    Column("id", Ident(26), primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("target", JsonText, nullable=False),
    Column("args", JsonText, nullable=False),
    Column("status", String(20), nullable=False, index=True),
    Column("is_dangerous", Boolean, nullable=False),
    Column("steps", JsonText, nullable=False),
    Column("step", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("created_by", String(100), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("approved_by", String(100)),
    Column("approved_at", UtcDateTime),
    Column("started_at", UtcDateTime),
    Column("step_ended_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("reason", String(1000)),
)

job_items: Final = Table(
    "job_items",
    metadata,
    Column("job", Ident(26), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("modem", Ident(40), nullable=False, index=True),
    Column("args", JsonText),
    Column("step", Integer),
    Column("status", String(20), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("result", JsonText),
    Column("error", String(1000)),
    Column("has_returned", Boolean, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Index(None, "job", "status", "position"),
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
