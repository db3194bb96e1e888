from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.mariadb import history_url, mariadb, mariadb_template, new_history, own_mariadb
from tests.recorder.bench import Bench

__all__ = ["history_url", "mariadb", "mariadb_template", "new_history", "own_mariadb"]


@pytest.fixture
async def bench(tmp_path: Path, history_url: str) -> AsyncIterator[Bench]:
    async with Bench(tmp_path, history_url) as bench:
        yield bench
