"""Alembic's entry for the local database."""

from alembic import context

from irzhub.storage.migrate import run_migrations
from irzhub.storage.tables_local import metadata

run_migrations(context, metadata)
