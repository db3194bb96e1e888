"""Events of one modem and of one type in the order of their numbers: pages of them are read along these."""

from alembic import op

from irzhub.storage.migrations.steps import create_index

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    create_index(op.f("ix_events_hub_modem_seq"), "events", ["hub", "modem", "seq"])
    create_index(op.f("ix_events_hub_type_seq"), "events", ["hub", "type", "seq"])


def downgrade() -> None:
    op.drop_index(op.f("ix_events_hub_type_seq"), "events")
    op.drop_index(op.f("ix_events_hub_modem_seq"), "events")
