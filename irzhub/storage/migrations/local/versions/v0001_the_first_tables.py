"""The first tables."""

import sqlalchemy as sa
from alembic import op

from irzhub.storage import types

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "commands",
        sa.Column("id", types.Ident(length=26), nullable=False),
        sa.Column("modem", types.Ident(length=40), nullable=False),
        sa.Column("command", sa.String(length=40), nullable=False),
        sa.Column("args", types.JsonText(), nullable=False),
        sa.Column("origin", sa.String(length=100), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("result", types.JsonText(), nullable=True),
        sa.Column("error", sa.String(length=1000), nullable=True),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", types.UtcDateTime(), nullable=False),
        sa.Column("finished_at", types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commands")),
    )
    with op.batch_alter_table("commands", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_commands_modem"), ["modem"], unique=False)
        batch_op.create_index(batch_op.f("ix_commands_status"), ["status"], unique=False)

    op.create_table(
        "cursors",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_cursors")),
    )
    op.create_table(
        "events",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", types.Ident(length=26), nullable=False),
        sa.Column("ts", types.UtcDateTime(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("modem", types.Ident(length=40), nullable=True),
        sa.Column("data", types.JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
        sa.UniqueConstraint("id", name=op.f("uq_events_id")),
    )
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_events_modem_seq"), ["modem", "seq"], unique=False)

    op.create_table(
        "inputs",
        sa.Column("modem", types.Ident(length=40), nullable=False),
        sa.Column("pin", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("invert", sa.Boolean(), nullable=False),
        sa.Column("debounce_s", sa.Float(), nullable=False),
        sa.Column("normal", sa.String(length=3), nullable=True),
        sa.PrimaryKeyConstraint("modem", "pin", name=op.f("pk_inputs")),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("value", sa.String(length=4000), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "modems",
        sa.Column("modem", types.Ident(length=40), nullable=False),
        sa.Column("imei", types.Ident(length=40), nullable=False),
        sa.Column("channel", sa.Integer(), nullable=True),
        sa.Column("driver", sa.String(length=20), nullable=False),
        sa.Column("host", sa.String(length=64), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("group", sa.String(length=200), nullable=False),
        sa.Column("comment", sa.String(length=2000), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=True),
        sa.Column("registered_at", types.UtcDateTime(), nullable=False),
        sa.Column("was_online", sa.Boolean(), nullable=False),
        sa.Column("overrides", types.JsonText(), nullable=False),
        sa.Column("snapshot", types.JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("modem", name=op.f("pk_modems")),
        sa.UniqueConstraint("host", "port", name=op.f("uq_modems_host_port")),
    )
    op.create_table(
        "pins",
        sa.Column("modem", types.Ident(length=40), nullable=False),
        sa.Column("pin", sa.Integer(), nullable=False),
        sa.Column("is_output", sa.Boolean(), nullable=False),
        sa.Column("level", sa.String(length=3), nullable=False),
        sa.Column("at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("modem", "pin", name=op.f("pk_pins")),
    )
    op.create_table(
        "published",
        sa.Column("modem", types.Ident(length=40), nullable=False),
        sa.Column("topic", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("modem", "topic", name=op.f("pk_published")),
    )
    op.create_table(
        "tokens",
        sa.Column("id", types.Ident(length=26), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("hash", types.Ident(length=64), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", types.UtcDateTime(), nullable=True),
        sa.Column("revoked_at", types.UtcDateTime(), nullable=True),
        sa.Column("last_used", types.UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("hash", name=op.f("uq_tokens_hash")),
    )
    op.create_table(
        "users",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("password_hash", sa.String(length=300), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_users")),
    )
    op.create_table(
        "web_sessions",
        sa.Column("id_hash", types.Ident(length=64), nullable=False),
        sa.Column("user", sa.String(length=64), nullable=False),
        sa.Column("csrf", types.Ident(length=64), nullable=False),
        sa.Column("peer", sa.String(length=64), nullable=False),
        sa.Column("created_at", types.UtcDateTime(), nullable=False),
        sa.Column("last_seen", types.UtcDateTime(), nullable=False),
        sa.Column("expires_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id_hash", name=op.f("pk_web_sessions")),
    )
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_web_sessions_user"), ["user"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("web_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_web_sessions_user"))

    op.drop_table("web_sessions")
    op.drop_table("users")
    op.drop_table("tokens")
    op.drop_table("published")
    op.drop_table("pins")
    op.drop_table("modems")
    op.drop_table("meta")
    op.drop_table("inputs")
    with op.batch_alter_table("events", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_events_modem_seq"))

    op.drop_table("events")
    op.drop_table("cursors")
    with op.batch_alter_table("commands", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_commands_status"))
        batch_op.drop_index(batch_op.f("ix_commands_modem"))

    op.drop_table("commands")
