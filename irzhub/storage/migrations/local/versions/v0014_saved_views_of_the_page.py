"""Views of the dispatcher page that people saved."""

import sqlalchemy as sa
from alembic import op

from irzhub.storage.migrations.steps import create_table, drop_table

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    create_table(
        "saved_views",
        sa.Column("user", sa.String(length=100), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("page", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=2000), nullable=False),
        sa.PrimaryKeyConstraint("user", "place", name=op.f("pk_saved_views")),
    )


def downgrade() -> None:
    drop_table("saved_views")
