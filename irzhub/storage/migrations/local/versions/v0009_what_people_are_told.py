"""Messages for people, what damps them, whom they reach, and the ladders that climb while nobody answers."""

import sqlalchemy as sa
from alembic import op

from irzhub.storage import types
from irzhub.storage.migrations.steps import create_index, create_table, drop_table

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    create_table(
        "outbox",
        sa.Column("id", types.Ident(length=26), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("event_ts", types.UtcDateTime(), nullable=False),
        sa.Column("modem", types.Ident(length=40), nullable=True),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=400), nullable=False),
        sa.Column("text", sa.String(length=20000), nullable=False),
        sa.Column("event", types.JsonText(), nullable=False),
        sa.Column("damp_s", sa.Float(), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=True),
        sa.Column("closes", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("may_repeat", sa.Boolean(), nullable=False),
        sa.Column("not_before", types.UtcDateTime(), nullable=True),
        sa.Column("expires_at", types.UtcDateTime(), nullable=False),
        sa.Column("sent_at", types.UtcDateTime(), nullable=True),
        sa.Column("finished_at", types.UtcDateTime(), nullable=True),
        sa.Column("error", sa.String(length=1000), nullable=True),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("folded_into", types.Ident(length=26), nullable=True),
        sa.Column("fallback_of", types.Ident(length=26), nullable=True),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("log", types.JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    create_index("ix_outbox_state_id", "outbox", ["state", "id"])
    create_index("ix_outbox_rule_subject", "outbox", ["rule", "subject"])
    create_index("ix_outbox_incident", "outbox", ["incident"])
    create_table(
        "outbox_told",
        sa.Column("key", types.Ident(length=32), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outbox_told")),
    )
    create_index("ix_outbox_told_at", "outbox_told", ["at"])
    create_table(
        "outbox_damping",
        sa.Column("key", types.Ident(length=32), nullable=False),
        sa.Column("began_at", types.UtcDateTime(), nullable=False),
        sa.Column("ends_at", types.UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("row", types.JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_outbox_damping")),
    )
    create_table(
        "directory",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("entry", types.JsonText(), nullable=False),
        sa.Column("changed_at", types.UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", name=op.f("pk_directory")),
    )
    create_table(
        "escalation_runs",
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("ladder", sa.String(length=64), nullable=False),
        sa.Column("began_at", types.UtcDateTime(), nullable=False),
        sa.Column("next_at", types.UtcDateTime(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("repeats", sa.Integer(), nullable=False),
        sa.Column("message", types.JsonText(), nullable=False),
        sa.Column("ended_at", types.UtcDateTime(), nullable=True),
        sa.Column("ended_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("incident", "ladder", name=op.f("pk_escalation_runs")),
    )


def downgrade() -> None:
    for table in ("escalation_runs", "directory", "outbox_damping", "outbox_told", "outbox"):
        drop_table(table)
