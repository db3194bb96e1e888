"""The tables of notification settings and of what people switched off among the automations, for the local schema."""

from sqlalchemy import Boolean, Column, MetaData, String, Table

from irzhub.storage.types import Ident, JsonText, UtcDateTime


def build_notification_tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    """Add the tables of modems' and groups' own settings, and of the automations' switches; return them."""
    modem_notifications = Table(
        "modem_notifications",
        metadata,
        Column("modem", Ident(40), primary_key=True),
        Column("settings", JsonText, nullable=False),
        Column("changed_at", UtcDateTime, nullable=False),
        Column("changed_by", String(100), nullable=False),
    )
    group_notifications = Table(
        "group_notifications",
        metadata,
        Column("path", String(200), primary_key=True),
        Column("settings", JsonText, nullable=False),
        Column("changed_at", UtcDateTime, nullable=False),
        Column("changed_by", String(100), nullable=False),
    )
    automation_switches = Table(
        "automation_switches",
        metadata,
        Column("rule", String(100), primary_key=True),
        Column("is_enabled", Boolean, nullable=False),
        Column("changed_at", UtcDateTime, nullable=False),
        Column("changed_by", String(100), nullable=False),
    )
    return modem_notifications, group_notifications, automation_switches
