"""Who asked which meter each day, and what came back."""

import sqlalchemy as sa
from alembic import op

from irzhub.storage import types
from irzhub.storage.migrations import steps

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    steps.create_table(
        "polls",
        sa.Column("hub", types.Ident(length=40), nullable=False),
        sa.Column("day", types.Ident(length=10), nullable=False),
        sa.Column("modem", types.Ident(length=40), nullable=False),
        sa.Column("address", types.Ident(length=40), nullable=False),
        sa.Column("program", types.Ident(length=64), nullable=False),
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
        sa.PrimaryKeyConstraint("hub", "day", "modem", "address", "program", name=op.f("pk_polls")),
    )


def downgrade() -> None:
    steps.drop_table("polls")
