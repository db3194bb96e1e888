"""A fresh Mosquitto for each test that asks for one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.mosquitto import PROGRAM, Mosquitto


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Mosquitto]:
    """A running Mosquitto with the shipped configuration, anonymous, on a port of its own."""
    if PROGRAM is None:
        pytest.skip("no Mosquitto is installed (apt install mosquitto)")
    async with Mosquitto(tmp_path) as running:
        yield running
