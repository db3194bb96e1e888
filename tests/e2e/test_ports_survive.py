"""A modem's port is its own for good: over a restart, a kill, a lost data folder, and a move to another database."""

import asyncio
import shutil
from pathlib import Path

from irzhub.simulator.fleet import Fleet
from irzhub.simulator.options import ModemOptions
from tests.e2e.hub_process import HubProcess
from tests.mariadb import MariaDb

MODEMS = 25
QUICK = ModemOptions(reconnect_s=(0.2, 0.5))


async def ports_of(hub: HubProcess) -> dict[str, int]:
    """Return the port of every modem, as REST shows it."""
    return {modem: shown["port"] for modem, shown in (await hub.modems()).items()}


async def answers(port: int) -> str:
    """Ask the meter behind a port who it is; return its IMEI."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"?WHO ports\n")
    async with asyncio.timeout(10):
        words = (await reader.readline()).split()
    writer.close()
    return words[1].decode()


async def test_ports_survive_restart_and_kill(tmp_path: Path) -> None:
    async with (
        HubProcess(tmp_path / "hub") as hub,
        Fleet("127.0.0.1", hub.modem_port, MODEMS, options=QUICK) as fleet,
    ):
        await fleet.wait_online()
        before = await ports_of(hub)
        assert sorted(before.values()) == list(range(hub.ports[0], hub.ports[0] + MODEMS))

        assert await hub.stop() == 0
        await hub.start()
        assert await ports_of(hub) == before
        hub.kill()
        await hub.start()
        await fleet.wait_online()

        assert await ports_of(hub) == before
        for imei, port in before.items():
            assert await answers(port) == imei


async def test_ports_survive_a_lost_data_folder_with_the_database_kept(tmp_path: Path, mariadb: MariaDb) -> None:
    url = mariadb.new_database()
    async with (
        HubProcess(tmp_path / "hub", {"database": {"url": url}}) as hub,
        Fleet("127.0.0.1", hub.modem_port, MODEMS, options=QUICK) as fleet,
    ):
        await fleet.wait_online()
        before = await ports_of(hub)
        newest = (await hub.get("/api/v1/events?after_seq=0"))["items"][-1]["seq"]
        await until_recorded(mariadb, url, MODEMS)

        await hub.stop()
        shutil.rmtree(tmp_path / "hub" / "data")
        hub.forget_token()
        await hub.start()
        assert await ports_of(hub) == before
        await fleet.wait_online()

        assert await ports_of(hub) == before
        for imei, port in before.items():
            assert await answers(port) == imei
        # What happened before is read from the database; no number of it is given again.
        numbers = [event["seq"] for event in (await hub.get("/api/v1/events?after_seq=0&limit=1000"))["items"]]
        assert numbers == sorted(set(numbers))
        assert numbers[-1] > newest


async def test_ports_move_from_sqlite_to_mariadb_with_a_backup(tmp_path: Path, mariadb: MariaDb) -> None:
    async with (
        HubProcess(tmp_path / "old") as old,
        Fleet("127.0.0.1", old.modem_port, MODEMS, options=QUICK) as fleet,
    ):
        await fleet.wait_online()
        before = await ports_of(old)
        numbers = [event["seq"] for event in (await old.get("/api/v1/events?after_seq=0"))["items"]]
        await asyncio.sleep(3)  # the recorder is a second behind
        done = await asyncio.to_thread(old.command, "backup", str(tmp_path / "hub.zip"))
        assert done.returncode == 0, done.stdout + done.stderr
    url = mariadb.new_database()
    new = HubProcess(tmp_path / "new", {"database": {"url": url}}, modem_port=old.modem_port, ports=old.ports)
    new.write_settings()
    done = await asyncio.to_thread(new.command, "restore", str(tmp_path / "hub.zip"))
    assert done.returncode == 0, done.stdout + done.stderr
    new.keep_token_of(old)
    async with new:
        assert await ports_of(new) == before
        async with Fleet("127.0.0.1", new.modem_port, MODEMS, options=QUICK) as fleet:
            await fleet.wait_online()
            for imei, port in before.items():
                assert await answers(port) == imei
        later = [event["seq"] for event in (await new.get("/api/v1/events?after_seq=0"))["items"]]
        assert not set(later) & set(numbers) or later[: len(numbers)] == numbers
        assert max(later) > max(numbers)
    assert mariadb.query("select count(*) from modems", url.rpartition("/")[2].partition("?")[0])[0][0] == MODEMS


async def until_recorded(mariadb: MariaDb, url: str, modems: int) -> None:
    """Wait until the database has all modems with their ports."""
    database = url.rpartition("/")[2].partition("?")[0]
    async with asyncio.timeout(20):
        while True:
            rows = await asyncio.to_thread(mariadb.query, "select count(*) from modems where port > 0", database)
            if rows[0][0] == modems:
                return
            await asyncio.sleep(0.2)
