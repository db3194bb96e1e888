"""Incidents with their members and actions, the shift log, visit requests and maintenance windows."""

import sqlalchemy as sa
from alembic import op

from irzhub.storage import types
from irzhub.storage.migrations.steps import create_index, create_table, drop_table

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    _create_incidents()
    _create_people()


def _create_incidents() -> None:
    create_table(
        "incidents",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("modem", types.Ident(length=40), nullable=True),
        sa.Column("severity", sa.String(length=12), nullable=False),
        sa.Column("opened_at", types.UtcDateTime(), nullable=False),
        sa.Column("last_seen_at", types.UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("good_since", types.UtcDateTime(), nullable=True),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(length=100), nullable=False),
        sa.Column("facts", types.JsonText(), nullable=False),
        sa.Column("muted", sa.String(length=20), nullable=False),
        sa.Column("acknowledged_by", sa.String(length=100), nullable=False),
        sa.Column("acknowledged_at", types.UtcDateTime(), nullable=True),
        sa.Column("silenced_until", types.UtcDateTime(), nullable=True),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.Column("parent", sa.Integer(), nullable=True),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_incidents")),
    )
    create_index(op.f("ix_incidents_closed_at"), "incidents", ["closed_at"])
    create_index(op.f("ix_incidents_modem_number"), "incidents", ["modem", "number"])
    create_index(op.f("ix_incidents_parent"), "incidents", ["parent"])
    create_index(op.f("ix_incidents_revision"), "incidents", ["revision"])
    create_table(
        "incident_members",
        sa.Column("incident", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("modem", types.Ident(length=40), nullable=False),
        sa.Column("lost_at", types.UtcDateTime(), nullable=False),
        sa.Column("returned_at", types.UtcDateTime(), nullable=True),
        sa.Column("detail", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("incident", "modem", name=op.f("pk_incident_members")),
    )
    create_index(op.f("ix_incident_members_modem"), "incident_members", ["modem"])
    create_table(
        "incident_actions",
        sa.Column("id", types.Ident(length=26), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("change", sa.String(length=32), nullable=False),
        sa.Column("note", sa.String(length=2000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_actions")),
    )
    create_index(op.f("ix_incident_actions_incident_id"), "incident_actions", ["incident", "id"])


def _create_people() -> None:
    create_table(
        "shift_log",
        sa.Column("id", types.Ident(length=26), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("incident", sa.Integer(), nullable=True),
        sa.Column("facts", types.JsonText(), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift_log")),
    )
    create_table(
        "visit_requests",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("incident", sa.Integer(), nullable=True),
        sa.Column("modem", types.Ident(length=40), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("site", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=400), nullable=False),
        sa.Column("access", sa.String(length=2000), nullable=False),
        sa.Column("contact", sa.String(length=400), nullable=False),
        sa.Column("cause", sa.String(length=2000), nullable=False),
        sa.Column("task", sa.String(length=2000), nullable=False),
        sa.Column("due_at", types.UtcDateTime(), nullable=True),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.Column("closed_by", sa.String(length=100), nullable=False),
        sa.Column("result", sa.String(length=2000), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_visit_requests")),
    )
    create_table(
        "maintenance_windows",
        sa.Column("id", types.Ident(length=26), nullable=False),
        sa.Column("modem", types.Ident(length=40), nullable=True),
        sa.Column("group", sa.String(length=200), nullable=True),
        sa.Column("since", types.UtcDateTime(), nullable=False),
        sa.Column("until", types.UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(length=400), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_maintenance_windows")),
    )


def downgrade() -> None:
    for table in (
        "maintenance_windows",
        "visit_requests",
        "shift_log",
        "incident_actions",
        "incident_members",
        "incidents",
    ):
        drop_table(table)
