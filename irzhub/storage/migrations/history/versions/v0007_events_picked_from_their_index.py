"""Indexes of events that hold all that a search picks by: it reads the rows of its page alone.

The index by modem and time goes: nobody asks by it, and each index costs every event that is stored.
"""

from alembic import op

from irzhub.storage.migrations.steps import create_index, drop_index

revision = "0007"
down_revision = "0006"

_WIDE = (
    ("ix_events_hub_seq_modem_type", ["hub", "seq", "modem", "type"]),
    ("ix_events_hub_modem_seq_type", ["hub", "modem", "seq", "type"]),
    ("ix_events_hub_type_seq_modem", ["hub", "type", "seq", "modem"]),
)
_FORMER = (
    ("ix_events_hub_seq", ["hub", "seq"]),
    ("ix_events_hub_modem_ts", ["hub", "modem", "ts"]),
    ("ix_events_hub_modem_seq", ["hub", "modem", "seq"]),
    ("ix_events_hub_type_seq", ["hub", "type", "seq"]),
)


def upgrade() -> None:
    for name, columns in _WIDE:
        create_index(op.f(name), "events", columns)
    for name, _ in _FORMER:
        drop_index(op.f(name), "events")


def downgrade() -> None:
    for name, columns in _FORMER:
        create_index(op.f(name), "events", columns)
    for name, _ in _WIDE:
        drop_index(op.f(name), "events")
