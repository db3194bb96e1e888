"""Copies of incidents."""

import sqlalchemy as sa
from alembic import op

from irzhub.storage import types
from irzhub.storage.migrations import steps

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    steps.create_table(
        "incidents",
        sa.Column("hub", types.Ident(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("modem", types.Ident(length=40), nullable=True),
        sa.Column("severity", sa.String(length=12), nullable=False),
        sa.Column("opened_at", types.UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", types.UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("good_since", types.UtcDateTime(), nullable=True),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(length=100), nullable=False),
        sa.Column("facts", types.JsonText(), nullable=False),
        sa.Column("muted", sa.String(length=20), nullable=False),
        sa.Column("acknowledged_by", sa.String(length=100), nullable=False),
        sa.Column("acknowledged_at", types.UtcDateTime(), nullable=True),
        sa.Column("silenced_until", types.UtcDateTime(), nullable=True),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("parent", sa.Integer(), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hub", "number", name=op.f("pk_incidents")),
    )
    steps.create_index(op.f("ix_incidents_hub_revision"), "incidents", ["hub", "revision"])
    steps.create_index(op.f("ix_incidents_hub_modem_number"), "incidents", ["hub", "modem", "number"])


def downgrade() -> None:
    steps.drop_table("incidents")
