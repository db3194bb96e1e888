"""How modems were woken."""

import sqlalchemy as sa
from alembic import op

from irzhub.storage import types
from irzhub.storage.migrations.steps import create_index, create_table, drop_table

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    create_table(
        "wakes",
        sa.Column("id", types.Ident(length=26), nullable=False),
        sa.Column("modem", types.Ident(length=40), nullable=False),
        sa.Column("reason", sa.String(length=100), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("steps", types.JsonText(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("sms", sa.Integer(), nullable=False),
        sa.Column("started_at", types.UtcDateTime(), nullable=False),
        sa.Column("finished_at", types.UtcDateTime(), nullable=True),
        sa.Column("by", sa.String(length=20), nullable=True),
        sa.Column("took_s", sa.Float(), nullable=True),
        sa.Column("error", sa.String(length=1000), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wakes")),
    )
    create_index("ix_wakes_modem", "wakes", ["modem", "id"])
    create_index("ix_wakes_started_at", "wakes", ["started_at"])


def downgrade() -> None:
    drop_table("wakes")
