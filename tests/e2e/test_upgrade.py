"""A hub takes the place of the one that runs: modems, programs and subscribers do not notice."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import psutil
import pytest

from irzhub.simulator.fleet import Fleet
from irzhub.simulator.meters import EchoMeter
from irzhub.simulator.options import ModemOptions
from irzhub.simulator.programs import PollCounts, PollingProgram, ProgramOptions
from irzhub.simulator.readings import ReadingKind, read_echo
from irzhub.simulator.runtime import Runtime
from tests.e2e.hub_process import HubProcess
from tests.e2e.subscriber import Subscriber
from tests.e2e.test_hub_killed import assert_levels_follow_each_other, assert_numbers_are_used_once_and_without_gap
from tests.e2e.test_workers import workers_of
from tests.e2e.told import assert_all_told, assert_retained_state, first_tellings
from tests.mosquitto import needs_mosquitto

MODEMS = int(os.environ.get("IRZHUB_TEST_UPGRADE_MODEMS", "200"))
POLLED = 40
UPGRADES = 3
READY_S = 5.0
"""Or, on a busy machine, what an ordinary start takes: most of both is loading the program."""
PATIENCE_S = 180.0

pytestmark = [needs_mosquitto, pytest.mark.timeout(600)]


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[HubProcess]:
    """A running hub with two workers and its own broker."""
    async with HubProcess(tmp_path / "hub", {"relay": {"workers": 2}}) as running:
        yield running


async def upgrade(hub: HubProcess) -> str:
    """Run the command as an operator does; return what it said."""
    done = await asyncio.to_thread(hub.command, "upgrade", within_s=PATIENCE_S)
    assert done.returncode == 0, done.stdout + done.stderr + hub.log[-3000:]
    return done.stdout


def gap_s(said: str) -> float:
    """Return for how long there was no hub, as the command says."""
    found = re.search(r"no hub for ([\d.]+) s", said)
    assert found, said
    return float(found[1])


async def load_s() -> float:
    """Return how long it takes now only to load the program."""
    began = time.monotonic()
    await asyncio.to_thread(subprocess.run, [sys.executable, "-c", "import irzhub.bootstrap"], check=True)
    return time.monotonic() - began


def children_of(hub: HubProcess) -> list[psutil.Process]:
    """Return the workers and the broker."""
    return [child for child in psutil.Process(hub.pid).children() if child.status() != psutil.STATUS_ZOMBIE]


async def polls(ports: dict[str, int], runtime: Runtime) -> tuple[list[PollCounts], list["asyncio.Task[None]"]]:
    """Let a program ask each meter again and again on one connection."""
    counts = [PollCounts() for _ in ports]
    programs = [
        PollingProgram(
            imei,
            "127.0.0.1",
            {port: imei},
            ReadingKind(read_echo, lambda imei: imei),
            counts=count,
            options=ProgramOptions(every_s=0.2, stays_connected=True),
            runtime=runtime,
        )
        for (imei, port), count in zip(ports.items(), counts, strict=True)
    ]
    return counts, [asyncio.get_running_loop().create_task(program.run()) for program in programs]


async def test_three_upgrades_in_a_row_are_noticed_by_nobody(hub: HubProcess) -> None:
    whole_start_s = await load_s()
    pid, children = hub.pid, {child.pid for child in children_of(hub)}
    with Subscriber(hub.mqtt_port) as reader:
        runtime = Runtime()
        options = ModemOptions(reconnect_s=(0.5, 2.0))
        changing = Fleet(
            "127.0.0.1", hub.modem_port, MODEMS, options=options, meter=EchoMeter, gpi_every_s=2.0, runtime=runtime
        )
        async with changing as fleet:
            await fleet.wait_online()
            await asyncio.to_thread(reader.wait, lambda r: len(r.events("connected")) == MODEMS, 30)
            shown = await hub.modems()
            counts, tasks = await polls({imei: shown[imei]["port"] for imei in sorted(shown)[:POLLED]}, runtime)
            await asyncio.sleep(1)
            took = []
            for _ in range(UPGRADES):
                said = await upgrade(hub)
                await hub.wait_ready()
                took.append(gap_s(said))
                assert f"{MODEMS} modems stayed connected" in said
                await asyncio.sleep(1)
            fleet.stop_changes()
            await asyncio.sleep(1)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            truth = list(runtime.truth.changes)
            last = (await hub.get("/api/v1/events?limit=1&after_seq=0"))["items"][0]["seq"]
            assert last == 1
            await asyncio.sleep(1)
            told = first_tellings(reader.events())

            assert fleet.counts().sums.answered == MODEMS  # each once: nobody dialled in again
            assert [(count.errors, count.last_failure) for count in counts] == [(0, "")] * POLLED
            assert min(count.answers for count in counts) > 10
            assert [event["type"] for event in told].count("connected") == MODEMS
            assert reader.events("disconnected") == []
            assert_numbers_are_used_once_and_without_gap(told)
            assert_levels_follow_each_other(told)
            assert_all_told(truth, told)
            assert len(told) == len(reader.events()), "an event was told twice"
            assert_retained_state(fleet, reader.retained())
            said_of_itself = [m.payload for m in reader.messages if m.topic == "irzhub/bridge/state"]
            assert b"offline" not in said_of_itself[said_of_itself.index(b"online") :]
            for modem in fleet.modems:  # once there, never away
                shown_as = [m.payload for m in reader.messages if m.topic == f"irzhub/modem/{modem.imei}/availability"]
                assert b"offline" not in shown_as[shown_as.index(b"online") :]
            assert {child.pid for child in children_of(hub)} == children
            assert hub.pid == pid
            assert max(took) < max(READY_S, 3 * whole_start_s), took
    assert await hub.stop() == 0
    assert "Traceback" not in hub.log


async def test_a_version_that_cannot_start_changes_nothing(hub: HubProcess) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        busy = taken.getsockname()[1]
        async with Fleet("127.0.0.1", hub.modem_port, 3, meter=EchoMeter) as fleet:
            await fleet.wait_online()
            settings = hub.folder / "irzhub.yaml"
            good = settings.read_text()
            for broken, why in (
                (good.replace(f"port: {hub.web_port}", f"port: {busy}"), f"web.port {busy}"),
                (good.replace("hub:", "hub:\n  id: another"), "hub.id is another now"),
                (good + "no_such_section: 1\n", "no_such_section"),
            ):
                settings.write_text(broken)
                os.kill(hub.pid, signal.SIGUSR2)
                await until(lambda why=why: why in hub.log, PATIENCE_S)  # type: ignore[misc]
            settings.write_text(good)
            await hub.wait_ready()
            assert fleet.counts().sums.answered == 3
            assert await upgrade(hub)
    assert hub.log.count("goes on as it is") == 3


async def test_a_hub_that_is_killed_after_or_within_an_upgrade_leaves_nobody(hub: HubProcess) -> None:
    children = children_of(hub)
    assert len(children) == 3
    await upgrade(hub)
    assert {child.pid for child in children_of(hub)} == {child.pid for child in children}
    os.kill(hub.pid, signal.SIGUSR2)
    await until(lambda: hub.log.count("making place for the next hub") == 2, PATIENCE_S)
    hub.kill()
    _, alive = await asyncio.to_thread(psutil.wait_procs, children, 5)
    assert alive == []


async def test_a_stop_after_an_upgrade_is_an_orderly_one(hub: HubProcess) -> None:
    async with Fleet("127.0.0.1", hub.modem_port, 4) as fleet:
        await fleet.wait_online()
        children = children_of(hub)
        await upgrade(hub)
        assert len(workers_of(hub)) == 2
        assert await hub.stop() == 0
    _, alive = await asyncio.to_thread(psutil.wait_procs, children, 5)
    assert alive == []
    assert "Traceback" not in hub.log


async def test_a_worker_killed_after_an_upgrade_is_replaced(hub: HubProcess) -> None:
    async with Fleet("127.0.0.1", hub.modem_port, 6, options=ModemOptions(reconnect_s=(0.2, 0.5))) as fleet:
        await fleet.wait_online()
        await upgrade(hub)
        os.kill(workers_of(hub)[0].pid, signal.SIGKILL)
        await until(lambda: "ended (killed by signal 9" in hub.log)
        await fleet.wait_online()
        await upgrade(hub)
        assert len(workers_of(hub)) == 2


async def test_without_workers_modems_dial_in_again_and_the_command_says_so(tmp_path: Path) -> None:
    async with HubProcess(tmp_path / "hub", {"relay": {"workers": 0}}) as hub:
        pid = hub.pid
        async with Fleet("127.0.0.1", hub.modem_port, 5, options=ModemOptions(reconnect_s=(0.2, 0.5))) as fleet:
            await fleet.wait_online()
            said = await upgrade(hub)
            assert "modems dial in again: relay.workers is 0" in said
            await fleet.wait_online()
            assert hub.pid == pid
            events = await hub.get("/api/v1/events?type=disconnected")
            assert events["items"] == []


async def until(condition: Callable[[], bool], within_s: float = 30.0) -> None:
    """Wait until a function says yes."""
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.01)
