"""Copies of the audit, beside the events that they explain."""

import sqlalchemy as sa
from alembic import op

from irzhub.storage import types
from irzhub.storage.migrations import steps

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    steps.create_table(
        "audit",
        sa.Column("hub", types.Ident(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ts", types.UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("modem", types.Ident(length=40), nullable=True),
        sa.Column("object", types.JsonText(), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("before", types.JsonText(), nullable=True),
        sa.Column("after", types.JsonText(), nullable=True),
        sa.Column("request_id", types.Ident(length=32), nullable=True),
        sa.Column("previous", types.Ident(length=64), nullable=False),
        sa.Column("hash", types.Ident(length=64), nullable=False),
        sa.PrimaryKeyConstraint("hub", "seq", name=op.f("pk_audit")),
    )
    steps.create_index(op.f("ix_audit_hub_ts"), "audit", ["hub", "ts"])


def downgrade() -> None:
    steps.drop_table("audit")
