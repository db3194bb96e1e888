"""Hubs that end with their test, whatever happens in it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.hub_process import HubProcess
from tests.mariadb import mariadb, mariadb_template, own_mariadb

__all__ = ["hub", "mariadb", "mariadb_template", "own_mariadb"]


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[HubProcess]:
    """A running hub with SQLite and its own broker."""
    async with HubProcess(tmp_path / "hub") as running:
        yield running
