"""Templates of modem settings, what was sent to modems and read from them, and images of firmware."""

import sqlalchemy as sa
from alembic import op

from irzhub.storage import types
from irzhub.storage.migrations.steps import create_table, drop_table

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    create_table(
        "settings_templates",
        sa.Column("id", types.Ident(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("lines", types.JsonText(), nullable=False),
        sa.Column("defaults", types.JsonText(), nullable=False),
        sa.Column("modem_values", types.JsonText(), nullable=False),
        sa.Column("may_be_unknown", sa.Boolean(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.Column("updated_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_settings_templates")),
    )
    create_table(
        "modem_settings",
        sa.Column("modem", types.Ident(length=40), nullable=False),
        sa.Column("name", types.Ident(length=40), nullable=False),
        sa.Column("sent", sa.String(length=400), nullable=True),
        sa.Column("sent_at", types.UtcDateTime(), nullable=True),
        sa.Column("sent_via", sa.String(length=8), nullable=True),
        sa.Column("read", sa.String(length=400), nullable=True),
        sa.Column("read_at", types.UtcDateTime(), nullable=True),
        sa.Column("read_from", sa.String(length=20), nullable=True),
        sa.PrimaryKeyConstraint("modem", "name", name=op.f("pk_modem_settings")),
    )
    create_table(
        "firmware_images",
        sa.Column("id", types.Ident(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("model", sa.String(length=40), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("sha256", types.Ident(length=64), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_firmware_images")),
    )


def downgrade() -> None:
    for table in ("firmware_images", "modem_settings", "settings_templates"):
        drop_table(table)
