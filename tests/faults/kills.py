"""Two hundred seeded kills of hub, worker, broker and database, and not one committed event lost: `make kills`.

    KILLS=200 IRZHUB_FAULT_SEED=7 make kills

Each fourth kill is one of each kind, in an order and at moments that the seed gives, while inputs change all the time.
After every few kills all the invariants of the rig are checked. The outcome is the section `kills` of the counts; it is
written after each check, so that a run that is broken off tells how far it came.
"""

import asyncio
import os
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.rig import Rig
from tests.faults.soak import READY_S, WORKERS, Downs, run_with_servers, today
from tests.faults.tally import COUNTS_FILE, TALLY, summed, write_counts
from tests.mariadb import MariaDb

KILLS = int(os.environ.get("KILLS", "200"))
IN_A_ROW = 10
MODEMS = 40
CHANGES_PER_S = 50.0
KINDS = ("hub", "worker", "broker", "database")


@dataclass
class Kills:
    """How it went: after how many seconds the hub was ready, as the clock says.

    `ready_alone_s` is that less the waits for a processor of hub and observer, which overlap: good to judge by on a
    machine that others use too, no figure to publish.
    """

    ready_s: list[float] = field(default_factory=list)
    ready_alone_s: list[float] = field(default_factory=list)
    minutes: float = 0.0
    done: int = 0
    parts: list[dict[str, Any]] = field(default_factory=list)

    def counts(self, seed: int) -> dict[str, Any]:
        """Return all that was counted up to now."""
        self.parts.append(TALLY.take())
        self.parts[0]["seeds"] = [seed]
        return summed(self.parts) | {
            "seed": seed,
            "ready_s": _figures(self.ready_s),
            "load_average": [round(each, 1) for each in os.getloadavg()],
            "minutes": round(self.minutes, 1),
            "date": today(),
            "command": f"KILLS={self.done} IRZHUB_FAULT_SEED={seed} make kills",
        }

    def write(self, seed: int) -> None:
        """Write the counts, if they are wanted."""
        if COUNTS_FILE is not None:
            write_counts(Path(COUNTS_FILE), "kills", self.counts(seed))


async def kill(rig: Rig, kind: str, outcome: Kills) -> Downs:
    """Kill one of the four and wait until it serves again; return which parts the log must tell of."""
    if kind == "hub":
        with rig.hub_is_away():
            ready_s, queued_s = await rig.kill_hub(away_s=rig.chance.uniform(0, 0.5))
        outcome.ready_s.append(ready_s)
        outcome.ready_alone_s.append(ready_s - queued_s)
        return {}
    if kind == "worker":
        with rig.hub_is_away():
            await rig.kill_worker()
        return {"relay": 1}
    if kind == "broker":
        rig.broker.kill()
        TALLY.fault("broker killed")
        await rig.until_part("mqtt", "down", 25)
        await rig.broker.start()
        await rig.until_part("mqtt", "up", 70)
        return {"mqtt": 1}
    assert rig.database is not None
    await asyncio.to_thread(rig.database.kill)
    TALLY.fault("database killed")
    await rig.until_part("database", "down", 25)
    await asyncio.to_thread(rig.database.start)
    await rig.until_part("database", "up", 70)
    return {"database": 1}


async def kills(folder: Path, database: MariaDb, seed: int) -> Kills:
    """Kill and check until the number is reached."""
    outcome, began = Kills(), time.monotonic()
    async with Rig(folder, MODEMS, CHANGES_PER_S, changes=WORKERS, database=database, seed=seed) as rig:
        kinds: list[str] = []
        while len(kinds) < KILLS:
            four = list(KINDS)
            rig.chance.shuffle(four)
            kinds += four
        for start in range(0, KILLS, IN_A_ROW):
            downs: Downs = {}
            some = kinds[start : min(start + IN_A_ROW, KILLS)]
            for kind in some:
                await rig.work(1.0)
                for part, times in (await kill(rig, kind, outcome)).items():
                    downs[part] = downs.get(part, 0) + times
            await rig.work(1.0)
            await rig.check(downs)
            outcome.minutes = (time.monotonic() - began) / 60
            outcome.done += len(some)
            outcome.write(seed)
            print(f"{start + len(some):4} kills, {(time.monotonic() - began) / 60:5.1f} min: {' '.join(some)}")
            sys.stdout.flush()
    return outcome


def main() -> int:
    """Run to the end; return the exit status."""
    outcome, seed = run_with_servers(kills)
    if outcome is None:
        return 2
    for name, value in outcome.counts(seed).items():
        print(f"{name}: {value}")
    late = [each for each in outcome.ready_alone_s if each > READY_S]
    if late:
        print(
            f"{len(late)} of {len(outcome.ready_s)} times the hub was not ready within {READY_S:g} s", file=sys.stderr
        )
    return 1 if late else 0


def _figures(seconds: list[float]) -> dict[str, float]:
    within = sum(each <= READY_S for each in seconds)
    worst = round(max(seconds), 2)
    if not seconds:
        return {}
    return {"median": round(statistics.median(seconds), 2), "worst": worst, "times": len(seconds), "within_5": within}


if __name__ == "__main__":
    raise SystemExit(main())
