"""SMS and calls of the hub's own GSM modems."""

import sqlalchemy as sa
from alembic import op

from irzhub.storage import types
from irzhub.storage.migrations.steps import create_index, create_table, drop_table

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    create_table(
        "phone_orders",
        sa.Column("id", types.Ident(length=26), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("text", sa.String(length=12000), nullable=True),
        sa.Column("modem", types.Ident(length=40), nullable=True),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", types.UtcDateTime(), nullable=True),
        sa.Column("is_kept", sa.Boolean(), nullable=False),
        sa.Column("may_repeat", sa.Boolean(), nullable=False),
        sa.Column("wants_report", sa.Boolean(), nullable=False),
        sa.Column("ring_s", sa.Float(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("references", types.JsonText(), nullable=False),
        sa.Column("sent_at", types.UtcDateTime(), nullable=True),
        sa.Column("finished_at", types.UtcDateTime(), nullable=True),
        sa.Column("error", sa.String(length=1000), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_orders")),
    )
    create_index("ix_phone_orders_status", "phone_orders", ["status"])
    create_index("ix_phone_orders_modem", "phone_orders", ["modem", "id"])
    create_table(
        "phone_received",
        sa.Column("id", types.Ident(length=26), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=45000), nullable=False),
        sa.Column("modem", types.Ident(length=40), nullable=True),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("received_at", types.UtcDateTime(), nullable=False),
        sa.Column("sent_at", types.UtcDateTime(), nullable=True),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phone_received")),
    )
    create_index("ix_phone_received_modem", "phone_received", ["modem", "id"])
    create_index("ix_phone_received_received_at", "phone_received", ["received_at"])


def downgrade() -> None:
    drop_table("phone_received")
    drop_table("phone_orders")
