"""The tables of reports that are mailed, for the local schema."""

from sqlalchemy import Boolean, Column, Index, Integer, MetaData, String, Table

from irzhub.storage.types import Ident, JsonText, UtcDateTime


def build_report_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Add the tables of schedules, and of mails that are due, under way or done; return them."""
    schedules = Table(
        "report_schedules",
        metadata,
        Column("id", Ident(26), primary_key=True),
        Column("name", String(200), nullable=False),
        Column("kind", String(32), nullable=False),
        Column("period", String(20), nullable=False),
        Column("filters", JsonText, nullable=False),
        Column("limits", JsonText, nullable=False),
        Column("forms", JsonText, nullable=False),
        Column("recipients", JsonText, nullable=False),
        Column("at", String(5), nullable=False),
        Column("weekdays", JsonText, nullable=False),
        Column("month_day", Integer),
        Column("time_zone", String(64), nullable=False),
        Column("language", String(2), nullable=False),
        Column("is_enabled", Boolean, nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        Column("created_by", String(100), nullable=False),
        Column("updated_at", UtcDateTime, nullable=False),
        Column("next_at", UtcDateTime),
        Column("last_at", UtcDateTime),
    )
    mails = Table(
        "report_mails",
        metadata,
        Column("id", Ident(26), primary_key=True),
        Column("schedule", Ident(26)),
        Column("recipient", String(300), nullable=False),
        Column("wanted", JsonText, nullable=False),
        Column("forms", JsonText, nullable=False),
        Column("status", String(12), nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("error", String(1000), nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        Column("created_by", String(100), nullable=False),
        Column("next_at", UtcDateTime),
        Column("finished_at", UtcDateTime),
        Index("ix_report_mails_next_at", "next_at"),
        Index("ix_report_mails_schedule", "schedule", "id"),
    )
    return schedules, mails
