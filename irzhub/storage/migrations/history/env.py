"""Alembic's entry for the history database."""

from alembic import context

from irzhub.storage.migrate import run_migrations
from irzhub.storage.tables_history import metadata

run_migrations(context, metadata)
