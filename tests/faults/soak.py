"""A long run with a random fault every minute and all the invariants after each: `make soak`; see `kills.py` too.

    SOAK_MINUTES=480 IRZHUB_FAULT_SEED=7 make soak

It ends by itself, prints its seed and one line for each fault, and fails at the first promise that does not hold.
The same seed gives the same faults in the same order.
"""

import asyncio
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import uvloop

from tests.faults.rig import Rig, new_seed
from tests.faults.tally import COUNTS_FILE, TALLY, summed, write_counts
from tests.mariadb import MariaDb
from tests.mosquitto import PROGRAM

MINUTES = float(os.environ.get("SOAK_MINUTES", "60"))
EVERY_S = float(os.environ.get("SOAK_EVERY", "60"))
MODEMS = int(os.environ.get("SOAK_MODEMS", "100"))
CHANGES_PER_S = 50.0
READY_S = 5.0
WORKERS: dict[str, dict[str, Any]] = {"relay": {"workers": 2}}

_T = TypeVar("_T")
Downs = dict[str, int]


async def kill_hub(rig: Rig) -> Downs:
    """SIGKILL."""
    with rig.hub_is_away():
        ready_s, queued_s = await rig.kill_hub(away_s=rig.chance.uniform(0, 3))
    assert ready_s < READY_S + queued_s, f"ready after {ready_s:.1f} s"
    return {}


async def kill_worker(rig: Rig) -> Downs:
    """SIGKILL of one of the relay workers."""
    with rig.hub_is_away():
        await rig.kill_worker()
    return {"relay": 1}


async def restart_hub(rig: Rig) -> Downs:
    """SIGTERM and a new start."""
    with rig.hub_is_away():
        rig.in_doubt()
        assert await rig.hub.stop() == 0
        TALLY.fault("hub told to stop")
        rig.in_doubt()
        await rig.hub.start()
        await rig.all_online()
    return {}


async def kill_broker(rig: Rig) -> Downs:
    """SIGKILL of Mosquitto, which is away for a while."""
    rig.broker.kill()
    TALLY.fault("broker killed")
    await rig.until_part("mqtt", "down", 25)
    await rig.work(5)
    await rig.broker.start()
    await rig.until_part("mqtt", "up", 70)
    return {"mqtt": 1}


async def cut_broker_off(rig: Rig) -> Downs:
    """The wire to the broker passes nothing."""
    rig.broker_wire.hang()
    TALLY.fault("broker cut off")
    await rig.until_part("mqtt", "down", 30)
    rig.broker_wire.flow()
    await rig.until_part("mqtt", "up", 70)
    return {"mqtt": 1}


async def kill_database(rig: Rig) -> Downs:
    """SIGKILL of MariaDB."""
    assert rig.database is not None
    await asyncio.to_thread(rig.database.kill)
    TALLY.fault("database killed")
    await rig.until_part("database", "down", 20)
    await rig.work(5)
    await asyncio.to_thread(rig.database.start)
    await rig.until_part("database", "up", 70)
    return {"database": 1}


async def slow_database(rig: Rig) -> Downs:
    """Each answer of MariaDB takes a fifth of a second longer."""
    rig.database_wire.down.latency_s = 0.2
    TALLY.fault("database slow")
    await rig.work(10)
    rig.database_wire.heal()
    return {}


async def storm(rig: Rig) -> Downs:
    """All modems are reset at once and come back within two seconds."""
    rig.in_doubt()
    with rig.watch.excused(5.0):
        rig.fleet.storm(within_s=2.0)
        TALLY.fault("storm")
        await asyncio.sleep(0.5)
        await rig.all_online()
    return {}


async def some_hang_up(rig: Rig) -> Downs:
    """A tenth of the modems hang up and dial again."""
    rig.in_doubt()
    with rig.watch.excused(3.0):
        for modem in rig.chance.sample(rig.fleet.modems, rig.modems // 10):
            modem.hang_up()
        TALLY.fault("modems hang up", rig.modems // 10)
        await asyncio.sleep(0.5)
        await rig.all_online()
    return {}


async def hold_modems_back(rig: Rig) -> Downs:
    """Nothing passes between modems and hub for a few seconds; then all that waited does."""
    with rig.watch.excused(5.0):
        rig.modem_wire.hang()
        TALLY.fault("modems held back")
        await rig.work(4)
        rig.modem_wire.flow()
    return {}


Fault = Callable[[Rig], Awaitable[Downs]]
FAULTS: tuple[Fault, ...] = (
    kill_hub,
    kill_worker,
    restart_hub,
    kill_broker,
    cut_broker_off,
    kill_database,
    slow_database,
    storm,
    some_hang_up,
    hold_modems_back,
)


@dataclass(frozen=True)
class Round:
    """One fault and how it went."""

    fault: str
    took_s: float
    rss_mb: float
    told: int


async def soak(folder: Path, database: MariaDb, seed: int) -> list[Round]:
    """Harm and check until the time is over."""
    rounds: list[Round] = []
    end = time.monotonic() + MINUTES * 60
    chance = random.Random(seed)  # of its own: the rig's is drawn from by the clock, too
    rig = Rig(folder, MODEMS, CHANGES_PER_S, changes=WORKERS, database=database, modems_wired=True, seed=seed)
    async with rig:
        while time.monotonic() < end:
            began = time.monotonic()
            await rig.work(5)
            fault = chance.choice(FAULTS)
            downs = await fault(rig)
            await rig.work(5)
            before = rig.told_up_to
            await rig.check(downs)
            done = Round(fault.__name__, time.monotonic() - began, rig.hub.rss / (1 << 20), rig.told_up_to - before)
            rounds.append(done)
            print(f"{len(rounds):5} {done.fault:16} {done.took_s:7.1f} s {done.rss_mb:7.1f} MB {done.told:8} events")
            sys.stdout.flush()
            await asyncio.sleep(max(0.0, min(began + EVERY_S, end) - time.monotonic()))
    return rounds


def summary(rounds: list[Round]) -> str:
    """Return one line for each kind of fault."""
    lines = [f"{'fault':16} {'times':>6} {'longest':>9} {'most memory':>12}"]
    for name in sorted({each.fault for each in rounds}):
        same = [each for each in rounds if each.fault == name]
        longest, memory = max(each.took_s for each in same), max(each.rss_mb for each in same)
        lines.append(f"{name:16} {len(same):6} {longest:7.1f} s {memory:9.1f} MB")
    lines.append(f"{len(rounds)} faults, {sum(each.told for each in rounds)} events, nothing lost")
    return "\n".join(lines)


def main() -> int:
    """Run until the time is over; return the exit status."""
    rounds, _ = run_with_servers(soak)
    if not rounds:
        return 2
    print(summary(rounds))
    if COUNTS_FILE is not None:
        write_counts(Path(COUNTS_FILE), "soak", {**summed([TALLY.take()]), "minutes": MINUTES, "date": today()})
    return 0


def run_with_servers(work: Callable[[Path, MariaDb, int], Coroutine[Any, Any, _T]]) -> tuple[_T | None, int]:
    """Run `work` with a folder and a MariaDB of its own; return what it returns, and the seed.

    None when a server is missing. What the servers said is kept when it fails.
    """
    if PROGRAM is None or shutil.which("mariadb-install-db") is None:
        print("Mosquitto and MariaDB are needed: make servers", file=sys.stderr)
        return None, 0
    seed = new_seed()
    folder = Path(tempfile.mkdtemp(prefix="irzhub-soak-"))
    database = MariaDb(folder / "mariadb")
    try:
        database.install()
        database.start()
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            done = runner.run(work(folder, database, seed))
    except BaseException:
        print(f"seed {seed}; what the hub and its servers said is in {folder}", file=sys.stderr)
        raise
    finally:
        database.stop()
    shutil.rmtree(folder, ignore_errors=True)
    return done, seed


def today() -> str:
    """Return the date, in UTC."""
    return time.strftime("%Y-%m-%d", time.gmtime())


if __name__ == "__main__":
    raise SystemExit(main())
