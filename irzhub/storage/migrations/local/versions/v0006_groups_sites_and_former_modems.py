"""Groups, sites, the organisations' part of the relay, former modems, and answers kept for their idempotency key."""

import sqlalchemy as sa
from alembic import op

from irzhub.storage import types
from irzhub.storage.migrations.steps import create_index, create_table, drop_table

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    create_table(
        "groups",
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("relay", types.JsonText(), nullable=False),
        sa.Column("is_commissioning", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_groups")),
    )
    create_table(
        "sites",
        sa.Column("id", types.Ident(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=500), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("contact", sa.String(length=200), nullable=False),
        sa.Column("phones", types.JsonText(), nullable=False),
        sa.Column("access_notes", sa.String(length=2000), nullable=False),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sites")),
    )
    create_table(
        "organisation_relay",
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("relay", types.JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", name=op.f("pk_organisation_relay")),
    )
    create_table(
        "former_modems",
        sa.Column("modem", types.Ident(length=40), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("host", sa.String(length=64), nullable=True),
        sa.Column("port", sa.Integer(), nullable=True),
        sa.Column("is_blocked", sa.Boolean(), nullable=False),
        sa.Column("replaced_by", types.Ident(length=40), nullable=True),
        sa.PrimaryKeyConstraint("modem", name=op.f("pk_former_modems")),
    )
    create_table(
        "idempotency",
        sa.Column("caller", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("route", sa.String(length=100), nullable=False),
        sa.Column("body_hash", types.Ident(length=64), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("headers", types.JsonText(), nullable=False),
        sa.Column("body", types.JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name=op.f("pk_idempotency")),
    )
    create_index(op.f("ix_idempotency_created_at"), "idempotency", ["created_at"])


def downgrade() -> None:
    for table in ("idempotency", "former_modems", "organisation_relay", "sites", "groups"):
        drop_table(table)
