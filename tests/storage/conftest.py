from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from irzhub.storage.history_engine import open_blocking, parse_url, prepare_schema
from irzhub.storage.local import Connection, LocalStore, open_beside
from tests.mariadb import history_url, mariadb, mariadb_template, new_history, own_mariadb

__all__ = ["history_url", "mariadb", "mariadb_template", "new_history", "own_mariadb"]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[LocalStore]:
    async with LocalStore(tmp_path) as store:
        yield store


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Connection]:
    """A connection to a fresh `hub.db`."""
    with open_beside(tmp_path) as connection:
        yield connection


@pytest.fixture
def history_connection(history_url: str, tmp_path: Path) -> Iterator[Connection]:
    """A connection to a fresh history database, once of each kind."""
    url = parse_url(history_url, tmp_path)
    prepare_schema(url)
    with open_blocking(url) as engine, engine.begin() as connection:
        yield connection
