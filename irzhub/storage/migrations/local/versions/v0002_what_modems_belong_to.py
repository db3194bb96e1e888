"""What modems belong to: organisation and site; the numbers of their SIM cards."""

from typing import Final

import sqlalchemy as sa

from irzhub.storage.migrations.steps import add_column, drop_column

revision = "0002"
down_revision = "0001"

_LENGTHS: Final = {"organisation": 64, "site": 64, "phone_sim1": 20, "phone_sim2": 20}


def upgrade() -> None:
    for name, length in _LENGTHS.items():
        add_column("modems", sa.Column(name, sa.String(length=length), nullable=False, server_default=""))


def downgrade() -> None:
    for name in reversed(_LENGTHS):
        drop_column("modems", name)
