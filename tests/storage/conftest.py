from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from irzhub.storage.local import LocalStore
from tests.mariadb import history_url, mariadb, mariadb_template, new_history, own_mariadb

__all__ = ["history_url", "mariadb", "mariadb_template", "new_history", "own_mariadb"]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[LocalStore]:
    async with LocalStore(tmp_path) as store:
        yield store
