"""The tables of what automations have begun and of what they did, for the local schema."""

from sqlalchemy import Column, Index, MetaData, String, Table

from irzhub.storage.types import JsonText, UtcDateTime


def build_automation_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Add the tables of waits and runs that outlive a restart, and of the last traces by rule; return them."""
    kept = Table(
        "automation_kept",
        metadata,
        Column("key", String(400), primary_key=True),
        Column("kind", String(8), nullable=False),
        Column("rule", String(100), nullable=False),
        Column("due", UtcDateTime),
        Column("data", JsonText, nullable=False),
        Index("ix_automation_kept_rule", "rule"),
    )
    traces = Table(
        "automation_traces",
        metadata,
        Column("rule", String(100), primary_key=True),
        Column("traces", JsonText, nullable=False),
        Column("changed_at", UtcDateTime, nullable=False),
    )
    return kept, traces
