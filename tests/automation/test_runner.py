"""The engine in real time: due things are done when they are due, and one bad rule stops nobody."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from irzhub.automation.runner import BATCH
from irzhub.core.events import ClientConnected, GpiChanged
from irzhub.core.state import ModemForgotten
from tests.automation.process import TELL, Process
from tests.automation.rig import MODEM


async def test_what_is_due_soon_is_done_soon(tmp_path: Path) -> None:
    async with Process(tmp_path, TELL.replace("input: 1", 'input: 1, for: "100ms"')) as process:
        process.gpi("ON")
        began = process.clock.monotonic()
        await process.until(lambda: process.texts)
        assert 0.09 < process.clock.monotonic() - began < 1.0


async def test_an_event_that_breaks_the_engine_is_logged_and_the_next_one_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with Process(tmp_path) as process:
        take = process.automations.engine.take

        def break_once(event: GpiChanged) -> None:
            if event.seq == 1:
                raise RuntimeError("a fault of ours")
            take(event)

        monkeypatch.setattr(process.automations.engine, "take", break_once)
        process.gpi("ON")
        process.gpi("OFF")
        await process.until(lambda: process.texts == ["Котельная OFF"])
        await process.until(lambda: process.journal.cursor("automation").position == 2)
        assert "a fault of ours" in caplog.text


async def test_bounds_are_watched_in_states(tmp_path: Path) -> None:
    rules = TELL.replace("gpi, input: 1", "signal, below: 8").replace("trigger.level", "trigger.value")
    async with Process(tmp_path, rules, csq=15) as process:
        await asyncio.sleep(0.1)  # the rules run once the fleet is known
        process.states.update(MODEM, csq=5)
        await process.until(lambda: process.texts == ["Котельная 5.0"])
        process.bus.publish(ModemForgotten(process.states.get(MODEM)))


async def test_what_ended_while_nobody_was_here_is_told_to_nobody(tmp_path: Path) -> None:
    rules = TELL.replace("input: 1", 'input: 1, to: "on", for: "11s"')
    common: dict[str, Any] = {"modem": MODEM, "pin": 1, "source": "report"}
    async with Process(tmp_path, rules) as process:
        opened = process.clock.now() - timedelta(seconds=10)
        process.journal.append(GpiChanged(ts=opened, level="ON", previous="OFF", **common))
        await process.until(lambda: process.journal.cursor("automation").position == 1)
    process = Process(tmp_path, rules)
    async with process.store, process.journal:  # events go on, and nobody runs rules
        for number in range(2 * BATCH):
            process.journal.append(ClientConnected(ts=opened, client=str(number), peer="p"))
        closed = opened + timedelta(seconds=5)
        process.journal.append(GpiChanged(ts=closed, level="OFF", previous="ON", **common))
        await process.journal.flush()
        await asyncio.sleep((opened + timedelta(seconds=11.1) - process.clock.now()).total_seconds())
    async with Process(tmp_path, rules) as process:
        await process.until(lambda: process.journal.cursor("automation").position == 2 * BATCH + 2)
        await asyncio.sleep(0.05)
        assert process.texts == []
