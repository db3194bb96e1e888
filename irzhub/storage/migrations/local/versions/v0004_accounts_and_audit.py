"""What people and programs may do and see, their second factor, organisations, and the audit."""

from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from irzhub.storage import types
from irzhub.storage.migrations.steps import add_column, create_index, create_table, drop_column, drop_table

revision = "0004"
down_revision = "0003"


def _rights() -> list[sa.Column[Any]]:
    return [
        sa.Column("rights_added", types.JsonText(), nullable=False, server_default="[]"),
        sa.Column("rights_taken", types.JsonText(), nullable=False, server_default="[]"),
        sa.Column("groups", types.JsonText(), nullable=True),
    ]


def _added() -> dict[str, list[sa.Column[Any]]]:
    return {
        "users": [
            *_rights(),
            sa.Column("organisation", sa.String(length=64), nullable=False, server_default=""),
            sa.Column("language", sa.String(length=8), nullable=True),
            sa.Column("last_login", types.UtcDateTime(), nullable=True),
            sa.Column("password_changed_at", types.UtcDateTime(), nullable=True),
            sa.Column("totp_secret", types.Ident(length=64), nullable=True),
            sa.Column("totp_pending", types.Ident(length=64), nullable=True),
            sa.Column("totp_step", sa.BigInteger(), nullable=True),
            sa.Column("recovery_codes", types.JsonText(), nullable=False, server_default="[]"),
        ],
        "tokens": [
            *_rights(),
            sa.Column("owner", sa.String(length=64), nullable=False, server_default=""),
            sa.Column("organisations", types.JsonText(), nullable=True),
        ],
        "web_sessions": [
            sa.Column("id", types.Ident(length=26), nullable=False, server_default=""),
            sa.Column("agent", sa.String(length=200), nullable=False, server_default=""),
        ],
    }


_INDEXED: Final = ("ts", "actor", "action", "modem")


def upgrade() -> None:
    for table, columns in _added().items():
        for column in columns:
            add_column(table, column)
    create_table(
        "organisations",
        sa.Column("id", types.Ident(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisations")),
    )
    create_table(
        "audit",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("ts", types.UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("organisation", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("action", sa.String(length=64), nullable=False),
        sa.Column("modem", types.Ident(length=40), nullable=True),
        sa.Column("object", types.JsonText(), nullable=False),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("before", types.JsonText(), nullable=True),
        sa.Column("after", types.JsonText(), nullable=True),
        sa.Column("request_id", types.Ident(length=32), nullable=True),
        sa.Column("previous", types.Ident(length=64), nullable=False),
        sa.Column("hash", types.Ident(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit")),
    )
    for name in _INDEXED:
        create_index(f"ix_audit_{name}", "audit", [name])


def downgrade() -> None:
    drop_table("audit")
    drop_table("organisations")
    for table, columns in _added().items():
        for column in columns:
            drop_column(table, column.name)
