"""`irzhub simulate` as a user runs it, against nobody and against a hub of a few lines."""

import asyncio
import json
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE

import pytest
from typer.testing import CliRunner

from irzhub.cli.app import app
from irzhub.cli.simulate import line
from irzhub.simulator.fleet import FleetCounts
from irzhub.simulator.modem import ModemCounts
from irzhub.simulator.programs import PollCounts
from irzhub.simulator.scenario import Progress
from tests.simulator.pipe_hub import PipeHub

SIMULATE = (sys.executable, "-m", "irzhub", "simulate")


async def test_polls_without_an_error_and_ends_with_a_summary() -> None:
    async with PipeHub() as hub:
        options = ["--modems", "2", "--port", str(hub.port), "--raw", "--pollers", "2", "--poll-every", "0.1", "--json"]
        opening = asyncio.get_running_loop().create_task(hub.open_ports(2))
        while not hub.first:
            await asyncio.sleep(0.01)
        run = await asyncio.create_subprocess_exec(
            *SIMULATE, *options, "--first-port", str(hub.first), stdout=PIPE, stderr=DEVNULL, start_new_session=True
        )
        try:
            await opening
            await asyncio.sleep(2.5)
            run.send_signal(signal.SIGINT)
            output, _ = await asyncio.wait_for(run.communicate(), 10)
        finally:
            if run.returncode is None:
                run.kill()

    summary = json.loads(output)
    assert run.returncode == 0, summary
    assert (summary["online"], summary["errors"], summary["good"]) == (2, 0, True)
    assert summary["answers"] >= 4


def test_hub_that_is_away_ends_with_status_1() -> None:
    result = CliRunner().invoke(app, ["simulate", "--port", "1", "--duration", "0.2", "--json"])

    assert result.exit_code == 1
    assert json.loads(result.stdout)["never_online"] == 10


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--reconnect", "soon"], "--reconnect: expected seconds such as 5-10, got 'soon'"),
        (["--reconnect", "9-3"], "--reconnect: expected seconds such as 5-10, got '9-3'"),
        (["--meter", "gas"], "expected a meter echo, silent, modbus, mercury, got 'gas'"),
        (["--imei-base", "12"], "expected IMEIs of 14 to 17 digits"),
        (["--host", "192.0.2.1", "--pollers", "1"], "is not on this machine: give --token or --first-port"),
    ],
)
def test_misuse_is_told_with_status_2(options: list[str], complaint: str) -> None:
    result = CliRunner().invoke(app, ["simulate", *options])

    assert result.exit_code == 2
    assert complaint in result.stderr


def test_too_many_modems_for_this_process_are_told_with_status_1() -> None:
    result = CliRunner().invoke(app, ["simulate", "--modems", "100000000", "--imei-base", "868000000000000"])

    assert result.exit_code == 1
    assert "raise `ulimit -n`" in result.stderr


def test_line_shows_what_matters() -> None:
    polls = PollCounts(polls=7, answers=6, failures={"foreign": 1})
    polls.round_trips.extend([0.010, 0.020, 0.030])
    fleet = FleetCounts(50, 49, 1, ModemCounts(dials=53))

    assert line(Progress(61.25, "running", fleet, polls, 12, None)) == (
        "   61.2 s  running  online 49/50  polls 7, answers 6  p50 20.0 ms, p99 30.0 ms"
        "  input changes 12  redials 3  1 errors"
    )
