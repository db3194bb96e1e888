"""The first tables."""

import sqlalchemy as sa
from alembic import op

from irzhub.storage import types
from irzhub.storage.migrations import steps

revision = "0001"
down_revision = None


def upgrade() -> None:
    steps.create_table(
        "events",
        sa.Column("id", types.Ident(length=26), nullable=False),
        sa.Column("hub", types.Ident(length=40), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("ts", types.UtcDateTime(), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("modem", types.Ident(length=40), nullable=True),
        sa.Column("data", types.JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    steps.create_index(op.f("ix_events_hub_modem_ts"), "events", ["hub", "modem", "ts"])
    steps.create_index(op.f("ix_events_hub_seq"), "events", ["hub", "seq"])
    steps.create_index(op.f("ix_events_hub_ts"), "events", ["hub", "ts"])

    steps.create_table(
        "hubs",
        sa.Column("hub", types.Ident(length=40), nullable=False),
        sa.Column("instance", types.Ident(length=26), nullable=False),
        sa.Column("seen_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("hub", name=op.f("pk_hubs")),
    )
    steps.create_table(
        "modems",
        sa.Column("hub", types.Ident(length=40), nullable=False),
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
        sa.Column("overrides", types.JsonText(), nullable=False),
        sa.Column("inputs", types.JsonText(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("model", sa.String(length=100), nullable=True),
        sa.Column("firmware", sa.String(length=100), nullable=True),
        sa.Column("peer", sa.String(length=64), nullable=True),
        sa.Column("sim", sa.SmallInteger(), nullable=True),
        sa.Column("csq", sa.SmallInteger(), nullable=True),
        sa.Column("rssi_dbm", sa.SmallInteger(), nullable=True),
        sa.Column("iccid", sa.String(length=32), nullable=True),
        sa.Column("temperature_c", sa.SmallInteger(), nullable=True),
        sa.Column("cell", sa.String(length=100), nullable=True),
        sa.Column("clients", sa.Integer(), nullable=True),
        sa.Column("gpi", types.JsonText(), nullable=True),
        sa.Column("gpo", types.JsonText(), nullable=True),
        sa.Column("rx_bytes", sa.BigInteger(), nullable=True),
        sa.Column("tx_bytes", sa.BigInteger(), nullable=True),
        sa.Column("last_seen", types.UtcDateTime(), nullable=True),
        sa.Column("observed_at", types.UtcDateTime(), nullable=True),
        sa.Column("updated_at", types.UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("hub", "modem", name=op.f("pk_modems")),
    )
    steps.create_index(op.f("ix_modems_imei"), "modems", ["imei"])

    steps.create_table(
        "series",
        sa.Column("hub", types.Ident(length=40), nullable=False),
        sa.Column("modem", types.Ident(length=40), nullable=False),
        sa.Column("slot_s", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("start", types.UtcDateTime(), nullable=False),
        sa.Column("csq_min", sa.SmallInteger(), nullable=True),
        sa.Column("csq_max", sa.SmallInteger(), nullable=True),
        sa.Column("csq_sum", sa.Integer(), nullable=False),
        sa.Column("csq_count", sa.Integer(), nullable=False),
        sa.Column("csq_last", sa.SmallInteger(), nullable=True),
        sa.Column("temperature_min", sa.SmallInteger(), nullable=True),
        sa.Column("temperature_max", sa.SmallInteger(), nullable=True),
        sa.Column("temperature_sum", sa.Integer(), nullable=False),
        sa.Column("temperature_count", sa.Integer(), nullable=False),
        sa.Column("temperature_last", sa.SmallInteger(), nullable=True),
        sa.Column("rx_bytes", sa.BigInteger(), nullable=False),
        sa.Column("tx_bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hub", "modem", "slot_s", "start", name=op.f("pk_series")),
    )
    steps.create_index(op.f("ix_series_hub_slot_s_start"), "series", ["hub", "slot_s", "start"])

    steps.create_table(
        "sessions",
        sa.Column("hub", types.Ident(length=40), nullable=False),
        sa.Column("session", types.Ident(length=64), nullable=False),
        sa.Column("modem", types.Ident(length=40), nullable=False),
        sa.Column("peer", sa.String(length=64), nullable=True),
        sa.Column("model", sa.String(length=100), nullable=True),
        sa.Column("firmware", sa.String(length=100), nullable=True),
        sa.Column("sim", sa.SmallInteger(), nullable=True),
        sa.Column("csq", sa.SmallInteger(), nullable=True),
        sa.Column("woken_by", sa.String(length=40), nullable=True),
        sa.Column("opened_at", types.UtcDateTime(), nullable=False),
        sa.Column("closed_at", types.UtcDateTime(), nullable=True),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("detail", sa.String(length=500), nullable=True),
        sa.Column("lasted_s", sa.Double(), nullable=True),
        sa.Column("rx_bytes", sa.BigInteger(), nullable=True),
        sa.Column("tx_bytes", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("hub", "session", name=op.f("pk_sessions")),
    )
    steps.create_index(op.f("ix_sessions_hub_is_open_modem"), "sessions", ["hub", "is_open", "modem"])
    steps.create_index(op.f("ix_sessions_hub_modem_opened_at"), "sessions", ["hub", "modem", "opened_at"])
    steps.create_index(op.f("ix_sessions_hub_opened_at"), "sessions", ["hub", "opened_at"])


def downgrade() -> None:

    steps.drop_table("sessions")

    steps.drop_table("series")

    steps.drop_table("modems")
    steps.drop_table("hubs")

    steps.drop_table("events")
