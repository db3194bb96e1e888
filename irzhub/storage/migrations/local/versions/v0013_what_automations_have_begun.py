"""What automations have begun, and their last traces."""

import sqlalchemy as sa
from alembic import op

from irzhub.storage import types
from irzhub.storage.migrations.steps import create_index, create_table, drop_table

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    create_table(
        "automation_kept",
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("rule", sa.String(length=100), nullable=False),
        sa.Column("due", types.UtcDateTime(), nullable=True),
        sa.Column("data", types.JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_automation_kept")),
    )
    create_index("ix_automation_kept_rule", "automation_kept", ["rule"])
    create_table(
        "automation_traces",
        sa.Column("rule", sa.String(length=100), nullable=False),
        sa.Column("traces", types.JsonText(), nullable=False),
        sa.Column("changed_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("rule", name=op.f("pk_automation_traces")),
    )


def downgrade() -> None:
    drop_table("automation_traces")
    drop_table("automation_kept")
