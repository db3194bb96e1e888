"""Whole runs of the simulator against a hub of a few lines."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from irzhub.simulator.scenario import Progress, Run, Scenario, first_port, run_scenario
from tests.simulator.pipe_hub import PipeHub
from tests.simulator.scripted_hub import ScriptedHub

SMALL = Scenario(modems=3, encapsulated=False, meter_delay_s=0.0, reconnect_s=(0.05, 0.1), poll_every_s=0.05)


@contextlib.asynccontextmanager
async def running(scenario: Scenario) -> AsyncIterator[Run]:
    async with run_scenario(scenario) as run:
        finished = asyncio.get_running_loop().create_task(run.finish())
        try:
            yield run
        finally:
            finished.cancel()
            await asyncio.wait((finished,))


async def until(run: Run, answers: int) -> Progress:
    async with asyncio.timeout(10):
        while run.polls.answers < answers and not run.polls.errors:
            await asyncio.sleep(0.01)
    return run.progress()


async def test_programs_find_the_ports_and_poll_without_an_error() -> None:
    async with PipeHub() as hub, running(replace(SMALL, port=hub.port, programs=2, first_port=1)) as run:
        await hub.open_ports(3)
        # The little hub takes ports that happen to be free.
        run.scenario = replace(run.scenario, first_port=min(hub.ports))
        progress = await until(run, 9)

    assert progress.is_good
    assert progress.summary()["round_trip_ms"]["p50"] > 0
    assert (progress.fleet.online, progress.phase) == (3, "running")


async def test_modems_without_a_port_are_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("irzhub.simulator.scenario._SCAN_PAUSE_S", 0.01)
    async with ScriptedHub() as hub, running(replace(SMALL, port=hub.port, programs=1, first_port=1)) as run:
        progress = await until(run, 1)

    assert progress.polls.failures == {"no port": 3}
    assert progress.polls.last_failure == "3 of 3 modems have no port that answers"
    assert not progress.is_good


async def test_ends_by_itself_after_its_duration() -> None:
    async with ScriptedHub() as hub, run_scenario(replace(SMALL, port=hub.port, duration_s=0.3)) as run:
        await run.finish()

    assert run.phase == "over"
    assert run.progress().is_good


async def test_hub_that_is_away_is_no_good_run() -> None:
    async with ScriptedHub() as hub:
        port = hub.port
    async with run_scenario(replace(SMALL, port=port, duration_s=0.2)) as run:
        await run.finish()

    assert run.progress().fleet.never_online == 3
    assert run.progress().summary()["good"] is False


async def test_storms_return_every_so_often() -> None:
    async with ScriptedHub() as hub, running(replace(SMALL, port=hub.port, is_storm=True, storm_every_s=0.1)):
        await hub.line(8)

    assert len({line.hello for line in hub.lines}) == 3


async def test_truth_is_written_line_by_line(tmp_path: Path) -> None:
    truth = tmp_path / "truth.jsonl"
    async with ScriptedHub() as hub:
        scenario = replace(SMALL, modems=1, encapsulated=True, port=hub.port, gpi_every_s=0.02, truth=truth)
        async with running(scenario) as run:
            (await hub.line()).says("C8CACBCCCD0C00030040020D0A")
            async with asyncio.timeout(5):
                while run.progress().changes < 3:
                    await asyncio.sleep(0.01)
    lines = [json.loads(line) for line in truth.read_text().splitlines()]

    assert len(lines) == run.progress().changes
    assert {frozenset(line) for line in lines} == {frozenset({"t", "imei", "pin", "level", "sent"})}
    assert {line["imei"] for line in lines} == {"868000000000000"}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"modems": 0}, "expected at least one modem, got 0"),
        ({"imei_base": 5}, "expected IMEIs of 14 to 17 digits, got 5"),
        ({"imei_base": 99_999_999_999_999_999, "modems": 2}, "expected IMEIs of 14 to 17 digits"),
        ({"meter": "gas"}, "expected a meter echo"),
        ({"meter": "silent", "programs": 1}, "to poll, got 'silent'"),
        ({"host": "192.0.2.1", "programs": 1}, "not on this machine: give --token or --first-port"),
    ],
)
async def test_contradictions_are_refused_before_anything_starts(change: dict[str, int], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        async with run_scenario(replace(SMALL, **change)):  # type: ignore[arg-type]
            pass


@pytest.mark.parametrize(
    ("change", "port"),
    [
        ({}, 20000),
        ({"host": "localhost"}, 20000),
        ({"host": "::1"}, 20000),
        ({"first_port": 7}, 7),
        ({"host": "192.0.2.1", "token": "t"}, 20000),
    ],
)
def test_ports_are_looked_for_unasked_on_this_machine_only(change: dict[str, str], port: int) -> None:
    assert first_port(replace(SMALL, **change)) == port  # type: ignore[arg-type]
