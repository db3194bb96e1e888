"""The tables of SMS and calls, for the local schema."""

from sqlalchemy import Boolean, Column, Float, Index, Integer, MetaData, String, Table

from irzhub.storage.types import Ident, JsonText, UtcDateTime


def build_phone_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Add the tables of what GSM modems are to send and of what they received; return them."""
    orders = Table(
        "phone_orders",
        metadata,
        Column("id", Ident(26), primary_key=True),
        Column("kind", String(8), nullable=False),
        Column("number", String(20), nullable=False),
        Column("text", String(12000)),
        Column("modem", Ident(40)),
        Column("origin", String(100), nullable=False),
        Column("priority", Integer, nullable=False),
        Column("status", String(16), nullable=False),
        Column("created_at", UtcDateTime, nullable=False),
        Column("expires_at", UtcDateTime),
        Column("is_kept", Boolean, nullable=False),
        Column("may_repeat", Boolean, nullable=False),
        Column("wants_report", Boolean, nullable=False),
        Column("ring_s", Float),
        Column("attempts", Integer, nullable=False),
        Column("by", String(40), nullable=False),
        Column("references", JsonText, nullable=False),
        Column("sent_at", UtcDateTime),
        Column("finished_at", UtcDateTime),
        Column("error", String(1000)),
        Index("ix_phone_orders_status", "status"),
        Index("ix_phone_orders_modem", "modem", "id"),
    )
    received = Table(
        "phone_received",
        metadata,
        Column("id", Ident(26), primary_key=True),
        Column("kind", String(8), nullable=False),
        Column("number", String(40), nullable=False),
        Column("text", String(45000), nullable=False),
        Column("modem", Ident(40)),
        Column("by", String(40), nullable=False),
        Column("received_at", UtcDateTime, nullable=False),
        Column("sent_at", UtcDateTime),
        Column("is_complete", Boolean, nullable=False),
        Index("ix_phone_received_modem", "modem", "id"),
        Index("ix_phone_received_received_at", "received_at"),
    )
    return orders, received
