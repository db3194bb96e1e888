"""Commands that survive a restart, their templates, outputs with feedback, and jobs over many modems."""

import sqlalchemy as sa
from alembic import op

from irzhub.storage import types
from irzhub.storage.migrations.steps import create_index, create_table, drop_table

revision = "0003"
down_revision = "0002"

_ADDED = ("priority", "via", "phone", "attempts", "sent_at", "dedupe")


def upgrade() -> None:
    with op.batch_alter_table("commands", schema=None) as batch_op:
        batch_op.add_column(sa.Column("priority", sa.String(length=10), nullable=False, server_default="manual"))
        batch_op.add_column(sa.Column("via", sa.String(length=10), nullable=False, server_default="gprs"))
        batch_op.add_column(sa.Column("phone", sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("sent_at", types.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("dedupe", sa.String(length=80), nullable=True))
        batch_op.create_unique_constraint(op.f("uq_commands_dedupe"), ["dedupe"])
        batch_op.create_index(batch_op.f("ix_commands_modem_id"), ["modem", "id"], unique=False)
    create_table(
        "command_templates",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("text", sa.String(length=300), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("changed_at", types.UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_command_templates")),
    )
    create_table(
        "outputs",
        sa.Column("modem", types.Ident(length=40), nullable=False),
        sa.Column("pin", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("feedback", sa.Integer(), nullable=True),
        sa.Column("invert", sa.Boolean(), nullable=False),
        sa.Column("confirm_s", sa.Float(), nullable=False),
        sa.Column("commanded", sa.String(length=3), nullable=True),
        sa.Column("commanded_at", types.UtcDateTime(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=True),
        sa.PrimaryKeyConstraint("modem", "pin", name=op.f("pk_outputs")),
    )
    create_table(
        "jobs",
        sa.Column("id", types.Ident(length=26), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("target", types.JsonText(), nullable=False),
        sa.Column("args", types.JsonText(), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("is_dangerous", sa.Boolean(), nullable=False),
        sa.Column("steps", types.JsonText(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", types.UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.String(length=100), nullable=True),
        sa.Column("approved_at", types.UtcDateTime(), nullable=True),
        sa.Column("started_at", types.UtcDateTime(), nullable=True),
        sa.Column("step_ended_at", types.UtcDateTime(), nullable=True),
        sa.Column("finished_at", types.UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    create_index("ix_jobs_status", "jobs", ["status"])
    create_table(
        "job_items",
        sa.Column("job", types.Ident(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("modem", types.Ident(length=40), nullable=False),
        sa.Column("args", types.JsonText(), nullable=True),
        sa.Column("step", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("result", types.JsonText(), nullable=True),
        sa.Column("error", sa.String(length=1000), nullable=True),
        sa.Column("has_returned", sa.Boolean(), nullable=False),
        sa.Column("started_at", types.UtcDateTime(), nullable=True),
        sa.Column("finished_at", types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("job", "position", name=op.f("pk_job_items")),
    )
    create_index("ix_job_items_modem", "job_items", ["modem"])
    create_index("ix_job_items_job_status_position", "job_items", ["job", "status", "position"])


def downgrade() -> None:
    for table in ("job_items", "jobs", "outputs", "command_templates"):
        drop_table(table)
    with op.batch_alter_table("commands", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commands_modem_id"))
        batch_op.drop_constraint(op.f("uq_commands_dedupe"), type_="unique")
        for column in _ADDED:
            batch_op.drop_column(column)
