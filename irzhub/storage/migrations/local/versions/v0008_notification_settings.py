"""What modems and groups have of their own in notifications, and which automations are switched off."""

import sqlalchemy as sa
from alembic import op

from irzhub.storage import types
from irzhub.storage.migrations.steps import create_table, drop_table

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    create_table(
        "modem_notifications",
        sa.Column("modem", types.Ident(length=40), nullable=False),
        sa.Column("settings", types.JsonText(), nullable=False),
        sa.Column("changed_at", types.UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("modem", name=op.f("pk_modem_notifications")),
    )
    create_table(
        "group_notifications",
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("settings", types.JsonText(), nullable=False),
        sa.Column("changed_at", types.UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_group_notifications")),
    )
    create_table(
        "automation_switches",
        sa.Column("rule", sa.String(length=100), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", types.UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("rule", name=op.f("pk_automation_switches")),
    )


def downgrade() -> None:
    for table in ("automation_switches", "group_notifications", "modem_notifications"):
        drop_table(table)
