"""Descriptors, memory, ports and configuration that are not as wished: a clear word, and the rest goes on."""

import asyncio
import contextlib
import re
import socket
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from tests.e2e.hub_process import HubProcess
from tests.faults.rig import Rig
from tests.faults.tally import TALLY
from tests.faults.watch import ask_http, until
from tests.mosquitto import needs_mosquitto

DESCRIPTORS = 400
SPARED = 60
STORM = 600

pytestmark = [needs_mosquitto, pytest.mark.slow]


async def dial(port: int) -> socket.socket:
    """Return a connected socket that says nothing."""
    dialled = socket.socket()
    dialled.setblocking(False)
    await asyncio.get_running_loop().sock_connect(dialled, ("127.0.0.1", port))
    return dialled


async def test_a_connect_storm_at_the_descriptor_limit_costs_the_present_modems_nothing(tmp_path: Path) -> None:
    prefix = ("prlimit", f"--nofile={DESCRIPTORS}:{DESCRIPTORS}")
    async with Rig(tmp_path, prefix=prefix, modems=20, changes_per_s=40) as rig:
        sockets: list[socket.socket] = []
        try:
            while len(sockets) < STORM:
                sockets += [await dial(rig.hub.modem_port)]
            TALLY.fault("descriptors used up")
            await asyncio.sleep(5)
            status, _ = await ask_http(rig.hub.web_port, "/readyz")
            assert status == 200
            assert psutil.Process(rig.hub.pid).num_fds() <= DESCRIPTORS - SPARED, (
                "some stay free for programs and files"
            )
            assert rig.fleet.online == rig.modems
            assert all(modem.counts.dials == 1 for modem in rig.fleet.modems)
        finally:
            for each in sockets:
                each.close()

        await rig.check()


@pytest.mark.long
async def test_little_memory_is_enough_and_a_kill_for_want_of_it_is_a_kill_like_any(tmp_path: Path) -> None:
    """`RLIMIT_DATA` of 400 MB holds through a burst; what the kernel's memory killer sends is SIGKILL."""
    prefix = ("prlimit", f"--data={400 << 20}")
    async with Rig(tmp_path, prefix=prefix, changes_per_s=300) as rig:
        await rig.work(2)
        with rig.hub_is_away():
            await rig.kill_hub()
        await rig.work(2)

        await rig.check()


async def test_a_polling_port_that_is_taken_is_named_and_harms_nobody_else(tmp_path: Path) -> None:
    async with Rig(tmp_path, modems=10, changes_per_s=20) as rig:
        victim = rig.fleet.modems[-1].imei
        with rig.hub_is_away():
            rig.in_doubt()
            assert await rig.hub.stop() == 0
            rig.in_doubt()
            with socket.socket() as foreign:
                foreign.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                foreign.bind(("127.0.0.1", rig.ports[victim]))
                foreign.listen()
                TALLY.fault("polling port taken")
                await rig.hub.start()
                await rig.all_online()
                shown = await rig.hub.modems()
                assert [imei for imei, each in shown.items() if each["problem"]] == [victim]
                assert "busy" in shown[victim]["problem"] or "in use" in shown[victim]["problem"]
        await until(_is_well(rig, victim), 15, "the port of its own again")
        reader, writer = await asyncio.open_connection("127.0.0.1", rig.ports[victim])
        writer.write(b"?WHO again\n")
        assert await asyncio.wait_for(reader.readline(), 5) == f"!WHO {victim} again\n".encode()
        writer.close()

        await rig.check()


def _is_well(rig: Rig, imei: str) -> Callable[[], Awaitable[bool]]:
    async def is_well() -> bool:
        return (await rig.hub.modems())[imei]["problem"] is None

    return is_well


def test_a_broken_configuration_ends_the_start_with_file_and_line(tmp_path: Path) -> None:
    hub = HubProcess(tmp_path / "hub")
    hub.write_settings()
    file = hub.folder / "irzhub.yaml"
    whole = file.read_text()
    for broken, line, word in (
        (whole + "web: {port: [\n", None, ""),
        (whole.replace("start_grace: 20s", "start_grace: soon"), "start_grace", "soon"),
        (whole + "rellay: {}\n", "rellay", "rellay"),
        (whole.replace("web:", "web:\n  password: !secret missing", 1), "missing", "missing"),
    ):
        file.write_text(broken)
        ends = hub.command("run"), hub.command("check")
        number = next((n for n, text in enumerate(broken.splitlines(), 1) if line and line in text), None)

        place = re.compile(rf"irzhub\.yaml\D{{0,12}}{number or '[0-9]+'}")

        for done in ends:
            said = done.stdout + done.stderr
            assert done.returncode != 0, said
            assert place.search(said), said
            assert word in said
            assert "Traceback" not in said
        assert not (hub.folder / "data").exists()


async def test_a_second_hub_on_the_same_data_is_refused_and_disturbs_nobody(tmp_path: Path) -> None:
    async with HubProcess(tmp_path / "hub") as hub:
        second = HubProcess(hub.folder, {"hub": {"data_dir": str(hub.folder / "data")}})
        second.folder = tmp_path / "second"
        second.write_settings()
        done = await asyncio.to_thread(second.command, "run")

        assert done.returncode != 0
        assert f"another irzhub (process {hub.pid}) runs on" in done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        assert (await ask_http(hub.web_port, "/readyz"))[0] == 200


@pytest.mark.long
async def test_kills_during_the_first_start_leave_a_folder_that_the_next_start_finishes(tmp_path: Path) -> None:
    """SIGKILL at six moments of a first start, the schema's migration among them."""
    for number in range(6):
        hub = HubProcess(tmp_path / f"hub{number}")
        await hub.start(wait_ready=False)
        path = hub.folder / "data" / "hub.db"
        async with asyncio.timeout(60):
            while not path.exists():
                await asyncio.sleep(0.002)
        await asyncio.sleep(number * 0.03)
        hub.kill()
        TALLY.fault("first start killed")
        async with hub:
            assert (await ask_http(hub.web_port, "/readyz"))[0] == 200
        with contextlib.closing(sqlite3.connect(path)) as connection:
            assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
            assert connection.execute("select count(*) from modems").fetchone() == (0,)
        assert "Traceback" not in hub.log
