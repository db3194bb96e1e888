"""A running hub with an administrator, and a browser before it."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.hub_process import HubProcess
from tests.page.browser import PASSWORD, Visitor, chromium, visitor
from tests.page.build import build_page

expect.set_options(timeout=15_000)
"""How long something may take to be seen: hub and browser share two cores with all that else is tested."""


@pytest.fixture(scope="session")
def page_built() -> None:
    """The page as its sources are now."""
    build_page()


@pytest.fixture
async def hub(page_built: None, tmp_path: Path) -> AsyncIterator[HubProcess]:
    """A hub without modems; `admin` may do everything."""
    async with HubProcess(tmp_path / "hub") as running:
        await asyncio.to_thread(add_user, running, "admin", "admin")
        yield running


def add_user(hub: HubProcess, name: str, role: str) -> None:
    """Add an account as an administrator does on the command line."""
    command = [sys.executable, "-m", "irzhub", "user", "add", name, "--role", role, "--password-stdin"]
    done = subprocess.run(
        [*command, "--config", str(hub.folder)], input=f"{PASSWORD}\n", capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """The distribution's Chromium, without a window."""
    async with chromium() as running:
        yield running


@pytest.fixture
async def someone(hub: HubProcess, browser: Browser) -> AsyncIterator[Visitor]:
    """Somebody at a desk, not signed in; at the end nothing has gone wrong that was not expected."""
    async with visitor(browser, f"http://127.0.0.1:{hub.web_port}") as seen:
        yield seen
        assert seen.faults == []
