"""The whole product with its traffic in two worker processes: the same promises, and what a killed worker costs."""

import asyncio
import os
import re
import signal
import time
import urllib.request
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from irzhub.relay.pool import owner_of
from irzhub.simulator.fleet import Fleet
from irzhub.simulator.meters import EchoMeter
from irzhub.simulator.programs import PollCounts, PollingProgram, ProgramOptions
from irzhub.simulator.readings import ReadingKind, read_echo
from irzhub.simulator.runtime import Runtime
from tests.e2e import test_bytes, test_sharing
from tests.e2e.hub_process import HubProcess

WORKER = "irzhub.relay.worker_process"


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[HubProcess]:
    """A running hub with two workers."""
    async with HubProcess(tmp_path / "hub", {"relay": {"workers": 2}}) as running:
        yield running


def workers_of(hub: HubProcess) -> list[psutil.Process]:
    """Return the hub's workers."""
    return [child for child in psutil.Process(hub.pid).children() if WORKER in child.cmdline()]


async def asks(port: int, text: str) -> bytes:
    """Poll once, as a program that connects for it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(f"?WHO {text}\n".encode())
        async with asyncio.timeout(10):
            return await reader.readline()
    finally:
        writer.close()


async def test_random_bytes_both_ways_through_fifty_modems_of_two_workers(hub: HubProcess) -> None:
    assert len(workers_of(hub)) == 2
    await test_bytes.test_random_bytes_both_ways_through_fifty_modems_at_once(hub)


async def test_programs_share_a_meter_at_a_worker(hub: HubProcess) -> None:
    await test_sharing.test_three_programs_at_once_never_see_each_others_answers(hub)


async def test_a_killed_worker_is_replaced_and_its_modems_come_back_to_their_ports(hub: HubProcess) -> None:
    runtime = Runtime()
    async with Fleet("127.0.0.1", hub.modem_port, 20, meter=EchoMeter, runtime=runtime) as fleet:
        await fleet.wait_online()
        ports = {imei: shown["port"] for imei, shown in (await hub.modems()).items()}
        victim = workers_of(hub)[0]

        os.kill(victim.pid, signal.SIGKILL)
        async with asyncio.timeout(60):
            while not ("worker_lost" in await reasons(hub) and len(await online(hub)) == 20):
                await asyncio.sleep(0.2)

        answers = await asyncio.gather(*(asks(port, "again") for port in ports.values()))
        assert answers == [f"!WHO {imei} again\n".encode() for imei in ports]
        assert {imei: shown["port"] for imei, shown in (await hub.modems()).items()} == ports
        assert set(await reasons(hub)) == {"worker_lost"}
        lost = (await reasons(hub)).count("worker_lost")
        assert 0 < lost < 20
        assert victim.pid not in {worker.pid for worker in workers_of(hub)}
        assert len(workers_of(hub)) == 2
        await hub.wait_ready()
    assert "ended (killed by signal 9" in hub.log


async def test_the_page_says_how_long_it_took_until_all_were_back(hub: HubProcess) -> None:
    async with Fleet("127.0.0.1", hub.modem_port, 20, meter=EchoMeter, runtime=Runtime()) as fleet:
        await fleet.wait_online()
        while len(await online(hub)) < 20:
            await asyncio.sleep(0.1)
        assert await hub.stop() == 0
        began = time.monotonic()
        await hub.start()
        while (said := re.search(r"all modems were back within ([\d.]+) s: (\d+)", await shown(hub))) is None:
            assert time.monotonic() < began + 40, await shown(hub)
            await asyncio.sleep(0.1)
        took = time.monotonic() - began

        assert int(said[2]) == len(await online(hub)) == 20
        assert 0 < float(said[1]) <= took


async def shown(hub: HubProcess) -> str:
    """Return the status page in English."""
    url = f"http://127.0.0.1:{hub.web_port}/status?lang=en"
    with await asyncio.to_thread(urllib.request.urlopen, url, timeout=10) as answer:
        page: bytes = await asyncio.to_thread(answer.read)
    return page.decode()


async def test_polls_at_the_other_worker_do_not_notice_a_killed_one(hub: HubProcess) -> None:
    runtime = Runtime()
    async with Fleet("127.0.0.1", hub.modem_port, 12, meter=EchoMeter, runtime=runtime) as fleet:
        await fleet.wait_online()
        ports = {imei: shown["port"] for imei, shown in (await hub.modems()).items()}
        counts = {imei: PollCounts() for imei in ports}
        programs = [
            PollingProgram(
                imei,
                "127.0.0.1",
                {port: imei},
                ReadingKind(read_echo, lambda imei: imei),
                counts=counts[imei],
                options=ProgramOptions(every_s=0.05, stays_connected=True),
                runtime=runtime,
            )
            for imei, port in ports.items()
        ]
        tasks = [asyncio.get_running_loop().create_task(program.run()) for program in programs]
        await asyncio.sleep(2)
        os.kill(workers_of(hub)[0].pid, signal.SIGKILL)
        await asyncio.sleep(3)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

        owned = [{imei for imei in ports if owner_of(imei, 2) == number} for number in range(2)]
        async with asyncio.timeout(30):  # the history that REST reads follows the events
            while (lost := await modems_lost(hub)) not in owned:
                await asyncio.sleep(0.1)
        for imei in ports.keys() - lost:
            assert (counts[imei].errors, counts[imei].last_failure) == (0, "")
            assert counts[imei].answers >= 10


async def test_a_killed_hub_leaves_no_worker(hub: HubProcess) -> None:
    workers = workers_of(hub)
    hub.kill()
    _, alive = await asyncio.to_thread(psutil.wait_procs, workers, 5)
    assert alive == []


async def test_a_stop_ends_the_workers_and_tells_no_modem_as_lost(hub: HubProcess) -> None:
    async with Fleet("127.0.0.1", hub.modem_port, 4) as fleet:
        await fleet.wait_online()
        workers = workers_of(hub)
        for worker in workers:  # as a service manager does, to all of a unit at once
            worker.terminate()
        assert await hub.stop() == 0
    _, alive = await asyncio.to_thread(psutil.wait_procs, workers, 5)
    assert alive == []
    assert "worker 0 ended" not in hub.log
    assert "Traceback" not in hub.log


async def reasons(hub: HubProcess) -> list[str]:
    """Return the reasons of all `disconnected` events so far."""
    page = await hub.get("/api/v1/events?type=disconnected&limit=200")
    return [event["data"]["reason"] for event in page["items"]]


async def modems_lost(hub: HubProcess) -> set[str]:
    """Return the modems that lost their connection."""
    page = await hub.get("/api/v1/events?type=disconnected&limit=200")
    return {event["modem"] for event in page["items"]}


async def online(hub: HubProcess) -> list[str]:
    """Return the modems that are online."""
    return [imei for imei, shown in (await hub.modems()).items() if shown["state"] == "online"]
