"""The tables of `hub.db`, which is always local SQLite (ARCHITECTURE D3)."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, MetaData, String, Table, UniqueConstraint

from irzhub.storage.poll_columns import poll_columns
from irzhub.storage.settings_tables import build_settings_tables
from irzhub.storage.tables_alerts import build_alert_tables
from irzhub.storage.tables_automation import build_automation_tables
from irzhub.storage.tables_notifications import build_notification_tables
from irzhub.storage.tables_outbox import build_directory_tables, build_outbox_tables
from irzhub.storage.tables_page import build_page_tables
from irzhub.storage.tables_phone import build_phone_tables
from irzhub.storage.tables_reports import build_report_tables
from irzhub.storage.tables_wakes import build_wake_table
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
    Column("rights_added", JsonText, nullable=False, server_default="[]"),
    Column("rights_taken", JsonText, nullable=False, server_default="[]"),
    Column("organisation", String(64), nullable=False, server_default=""),
    Column("groups", JsonText),
    Column("language", String(8)),
    Column("last_login", UtcDateTime),
    Column("password_changed_at", UtcDateTime),
    Column("totp_secret", Ident(64)),
    Column("totp_pending", Ident(64)),
    Column("totp_step", BigInteger),
    Column("recovery_codes", JsonText, nullable=False, server_default="[]"),
)

organisations: Final = Table(
    "organisations",
    metadata,
    Column("id", Ident(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("comment", String(2000), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
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
    Column("owner", String(64), nullable=False, server_default=""),
    Column("rights_added", JsonText, nullable=False, server_default="[]"),
    Column("rights_taken", JsonText, nullable=False, server_default="[]"),
    Column("organisations", JsonText),
    Column("groups", JsonText),
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
    Column("id", Ident(26), nullable=False, server_default=""),
    Column("agent", String(200), nullable=False, server_default=""),
)

audit: Final = Table(
    "audit",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("ts", UtcDateTime, nullable=False, index=True),
    Column("actor", String(100), nullable=False, index=True),
    Column("role", String(20), nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("source", String(64), nullable=False),
    Column("action", String(64), nullable=False, index=True),
    Column("modem", Ident(40), index=True),
    Column("object", JsonText, nullable=False),
    Column("result", String(20), nullable=False),
    Column("status", Integer),
    Column("before", JsonText),
    Column("after", JsonText),
    Column("request_id", Ident(32)),
    Column("previous", Ident(64), nullable=False),
    Column("hash", Ident(64), nullable=False),
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

groups: Final = Table(
    "groups",
    metadata,
    Column("path", String(200), primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("comment", String(2000), nullable=False),
    Column("relay", JsonText, nullable=False),
    Column("is_commissioning", Boolean, nullable=False),
)

sites: Final = Table(
    "sites",
    metadata,
    Column("id", Ident(26), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("organisation", String(64), nullable=False),
    Column("address", String(500), nullable=False),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("contact", String(200), nullable=False),
    Column("phones", JsonText, nullable=False),
    Column("access_notes", String(2000), nullable=False),
    Column("time_zone", String(64), nullable=False),
    Column("comment", String(2000), nullable=False),
)

organisation_relay: Final = Table(
    "organisation_relay",
    metadata,
    Column("organisation", String(64), primary_key=True),
    Column("relay", JsonText, nullable=False),
)

former_modems: Final = Table(
    "former_modems",
    metadata,
    Column("modem", Ident(40), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("reason", String(20), nullable=False),
    Column("by", String(100), nullable=False),
    Column("name", String(200), nullable=False),
    Column("host", String(64)),
    Column("port", Integer),
    Column("is_blocked", Boolean, nullable=False),
    Column("replaced_by", Ident(40)),
)

idempotency: Final = Table(
    "idempotency",
    metadata,
    Column("caller", String(100), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("route", String(100), nullable=False),
    Column("body_hash", Ident(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False, index=True),
    Column("status", Integer),
    Column("headers", JsonText, nullable=False),
    Column("body", JsonText, nullable=False),
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

meters: Final = Table(
    "meters",
    metadata,
    Column("id", Ident(26), primary_key=True),
    Column("modem", Ident(40), nullable=False, index=True),
    Column("type", String(100), nullable=False),
    Column("serial", String(64), nullable=False, index=True),
    Column("address", String(40), nullable=False),
    Column("comment", String(2000), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

meter_lines: Final = Table(
    "meter_lines",
    metadata,
    Column("modem", Ident(40), primary_key=True),
    Column("address", String(40), primary_key=True),
    Column("protocol", String(20), nullable=False),
    Column("first_asked", UtcDateTime, nullable=False),
    Column("last_asked", UtcDateTime, nullable=False),
    Column("last_answered", UtcDateTime),
    Column("in_vain", Integer, nullable=False),
    Column("usual_in_vain", Float, nullable=False),
    Column("silent_since", UtcDateTime),
    Column("identity", String(64), nullable=False),
)

polls: Final = Table(
    "polls",
    metadata,
    Column("day", Ident(10), primary_key=True),
    Column("modem", Ident(40), primary_key=True),
    Column("address", String(40), primary_key=True),
    Column("program", String(64), primary_key=True),
    *poll_columns(),
)

programs: Final = Table(
    "programs",
    metadata,
    Column("program", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("comment", String(2000), nullable=False),
)

settings_templates, modem_settings, firmware_images = build_settings_tables(metadata)

modem_notifications, group_notifications, automation_switches = build_notification_tables(metadata)
automation_kept, automation_traces = build_automation_tables(metadata)

outbox, outbox_told, outbox_damping = build_outbox_tables(metadata)
directory, escalation_runs = build_directory_tables(metadata)
incidents, incident_members, incident_actions, shift_log, visit_requests, maintenance_windows = build_alert_tables(
    metadata
)
wakes = build_wake_table(metadata)
phone_orders, phone_received = build_phone_tables(metadata)
saved_views = build_page_tables(metadata)
report_schedules, report_mails = build_report_tables(metadata)
