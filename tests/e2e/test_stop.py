"""SIGTERM ends the process within ten seconds, whatever hangs."""

import asyncio
import contextlib
import os
import re
import signal
import sqlite3
import time
from pathlib import Path
from typing import Any

import psutil

from tests.e2e.hub_process import HubProcess
from tests.mariadb import MariaDb
from tests.mosquitto import needs_mosquitto

WITHIN_S = 10.0
"""docs/contract.md 5."""

pytestmark = needs_mosquitto


async def seconds_to_end(hub: HubProcess) -> float:
    process = psutil.Process(hub.pid)
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert await hub.stop() == 0
    return time.monotonic() - began


async def test_a_history_file_that_another_program_holds(tmp_path: Path) -> None:
    async with HubProcess(tmp_path) as hub:
        with contextlib.closing(sqlite3.connect(tmp_path / "data" / "history.db", isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            assert await seconds_to_end(hub) < WITHIN_S

    assert "the rest is recorded after the next start" in hub.log


async def test_settings_that_cannot_be_read_to_their_end(tmp_path: Path) -> None:
    async with HubProcess(tmp_path) as hub:
        settings = tmp_path / "irzhub.yaml"
        settings.unlink()
        os.mkfifo(settings)
        psutil.Process(hub.pid).send_signal(signal.SIGHUP)
        await asyncio.sleep(0.5)  # a thread waits now for somebody who writes

        assert await seconds_to_end(hub) < WITHIN_S

    assert re.search(r"the process ends without waiting .* thread \S+ in ", hub.log)


async def test_a_database_server_that_answers_nothing_any_more(own_mariadb: MariaDb, tmp_path: Path) -> None:
    changes: dict[str, dict[str, Any]] = {"database": {"url": own_mariadb.new_database()}, "relay": {"workers": 2}}
    async with HubProcess(tmp_path, changes) as hub:
        family = psutil.Process(hub.pid).children(recursive=True)
        assert len(family) >= 3, "two workers and the broker"
        own_mariadb.pause()
        try:
            assert await seconds_to_end(hub) < WITHIN_S
        finally:
            own_mariadb.resume()

    assert not [each for each in family if each.is_running()]
