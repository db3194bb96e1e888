"""The table of wakes, for the local schema."""

from sqlalchemy import Column, Float, Index, Integer, MetaData, String, Table

from irzhub.storage.types import Ident, JsonText, UtcDateTime


def build_wake_table(metadata: MetaData) -> Table:
    """Add the table of how modems were woken; return it."""
    return Table(
        "wakes",
        metadata,
        Column("id", Ident(26), primary_key=True),
        Column("modem", Ident(40), nullable=False),
        Column("reason", String(100), nullable=False),
        Column("status", String(16), nullable=False),
        Column("steps", JsonText, nullable=False),
        Column("calls", Integer, nullable=False),
        Column("sms", Integer, nullable=False),
        Column("started_at", UtcDateTime, nullable=False),
        Column("finished_at", UtcDateTime),
        Column("by", String(20)),
        Column("took_s", Float),
        Column("error", String(1000)),
        Index("ix_wakes_modem", "modem", "id"),
        Index("ix_wakes_started_at", "started_at"),
    )
