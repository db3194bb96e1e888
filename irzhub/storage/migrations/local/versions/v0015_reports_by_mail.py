"""Reports that are mailed: their schedules, and each mail."""

import sqlalchemy as sa
from alembic import op

from irzhub.storage.migrations.steps import create_index, create_table, drop_table
from irzhub.storage.types import Ident, JsonText, UtcDateTime

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    create_table(
        "report_schedules",
        sa.Column("id", Ident(26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("filters", JsonText(), nullable=False),
        sa.Column("limits", JsonText(), nullable=False),
        sa.Column("forms", JsonText(), nullable=False),
        sa.Column("recipients", JsonText(), nullable=False),
        sa.Column("at", sa.String(length=5), nullable=False),
        sa.Column("weekdays", JsonText(), nullable=False),
        sa.Column("month_day", sa.Integer(), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("last_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_schedules")),
    )
    create_table(
        "report_mails",
        sa.Column("id", Ident(26), nullable=False),
        sa.Column("schedule", Ident(26), nullable=True),
        sa.Column("recipient", sa.String(length=300), nullable=False),
        sa.Column("wanted", JsonText(), nullable=False),
        sa.Column("forms", JsonText(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.String(length=1000), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("next_at", UtcDateTime(), nullable=True),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_mails")),
    )
    create_index("ix_report_mails_next_at", "report_mails", ["next_at"])
    create_index("ix_report_mails_schedule", "report_mails", ["schedule", "id"])


def downgrade() -> None:
    drop_table("report_mails")
    drop_table("report_schedules")
