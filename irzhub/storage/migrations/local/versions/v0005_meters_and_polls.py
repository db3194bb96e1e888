"""Meters, who asked them and what came back."""

import sqlalchemy as sa
from alembic import op

from irzhub.storage import types
from irzhub.storage.migrations.steps import create_index, create_table, drop_table

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    create_table(
        "meters",
        sa.Column("id", types.Ident(length=26), nullable=False),
        sa.Column("modem", types.Ident(length=40), nullable=False),
        sa.Column("type", sa.String(length=100), nullable=False),
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=40), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meters")),
    )
    create_index(op.f("ix_meters_modem"), "meters", ["modem"])
    create_index(op.f("ix_meters_serial"), "meters", ["serial"])
    create_table(
        "meter_lines",
        sa.Column("modem", types.Ident(length=40), nullable=False),
        sa.Column("address", sa.String(length=40), nullable=False),
        sa.Column("protocol", sa.String(length=20), nullable=False),
        sa.Column("first_asked", types.UtcDateTime(), nullable=False),
        sa.Column("last_asked", types.UtcDateTime(), nullable=False),
        sa.Column("last_answered", types.UtcDateTime(), nullable=True),
        sa.Column("in_vain", sa.Integer(), nullable=False),
        sa.Column("usual_in_vain", sa.Float(), nullable=False),
        sa.Column("silent_since", types.UtcDateTime(), nullable=True),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("modem", "address", name=op.f("pk_meter_lines")),
    )
    create_table(
        "polls",
        sa.Column("day", types.Ident(length=10), nullable=False),
        sa.Column("modem", types.Ident(length=40), nullable=False),
        sa.Column("address", sa.String(length=40), nullable=False),
        sa.Column("program", sa.String(length=64), nullable=False),
        sa.Column("protocol", sa.String(length=20), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("silent", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.Column("away", sa.Integer(), nullable=False),
        sa.Column("busy", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("hours_asked", sa.Integer(), nullable=False),
        sa.Column("hours_answered", sa.Integer(), nullable=False),
        sa.Column("wait_ms", sa.BigInteger(), nullable=False),
        sa.Column("longest_ms", sa.Integer(), nullable=False),
        sa.Column("first_asked", types.UtcDateTime(), nullable=False),
        sa.Column("last_asked", types.UtcDateTime(), nullable=False),
        sa.Column("last_answered", types.UtcDateTime(), nullable=True),
        sa.Column("other", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("day", "modem", "address", "program", name=op.f("pk_polls")),
    )
    create_table(
        "programs",
        sa.Column("program", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.PrimaryKeyConstraint("program", name=op.f("pk_programs")),
    )


def downgrade() -> None:
    for table in ("programs", "polls", "meter_lines", "meters"):
        drop_table(table)
