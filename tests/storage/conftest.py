from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from irzhub.storage.local import LocalStore


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[LocalStore]:
    async with LocalStore(tmp_path) as store:
        yield store
