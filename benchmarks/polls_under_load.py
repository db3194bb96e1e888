"""Polls while the whole fleet is online: 500 a second over 500 connections, N modems and ports in one process.

Rounds through the hub and rounds straight to an echo server take turns; what the hub adds is the difference of
the two in the same round, median over the rounds. The hub runs on processor 0, load and far side on processor 1.
"""

import asyncio
import os
import tempfile
from pathlib import Path
from statistics import median

import uvloop

from benchmarks.children import PYTHON, child, cpu_seconds
from benchmarks.machine import describe_machine, plain_table, sized, write_report
from benchmarks.pingpong import Load, connect, paced
from benchmarks.rig import HubRig, ask
from irzhub.simulator.fleet import raise_descriptor_limit

POLLS_A_SECOND = 500
_PROGRAMS = 500
_MESSAGE = bytes(64)


async def measure(rig: HubRig, rounds: int, seconds: float) -> dict[str, list[float]]:
    """Bring the fleet in and poll it."""
    found: dict[str, list[float]] = {name: [] for name in ("p50", "p99", "added_p50", "added_p99", "cpu", "errors")}
    command = [PYTHON, "-m", "benchmarks.echo_side"]
    with rig.run(0) as hub, child(command, rig.folder / "far.log", 1, talks=True) as far:
        echo_port = far.hear()["echo_port"]
        rig.wait_up("relay", "mqtt", "database")
        ask(far, dial=rig.modems, port=rig.modem_port, at_once=200, encapsulated=True, **{"from": 0})
        await asyncio.sleep(10)  # the first questions and the states of all are through
        step = max(1, rig.modems // _PROGRAMS)
        numbers = range(0, rig.modems, step)[:_PROGRAMS]
        through = await connect([rig.place(number)[1] for number in numbers], rig.place(0)[0])
        direct = await connect([echo_port] * len(through))
        await paced(through, _MESSAGE, POLLS_A_SECOND, 2)
        for _ in range(rounds):
            plain = await paced(direct, _MESSAGE, POLLS_A_SECOND, seconds)
            before = cpu_seconds(hub.pid)
            load = await paced(through, _MESSAGE, POLLS_A_SECOND, seconds)
            found["cpu"].append((cpu_seconds(hub.pid) - before) / load.seconds * 100)
            _note(found, load, plain)
    return found


def _note(found: dict[str, list[float]], load: Load, plain: Load) -> None:
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        found[name].append(load.percentile(share) * 1000)
        found[f"added_{name}"].append((load.percentile(share) - plain.percentile(share)) * 1000)
    found["errors"].append(load.errors)


def main() -> None:
    """Measure, write the report."""
    modems, rounds = sized("BENCH_MODEMS", 9000, 2000), sized("BENCH_ROUNDS", 5, 2)
    machine = describe_machine()
    raise_descriptor_limit(2 * modems + _PROGRAMS)
    os.sched_setaffinity(0, {1})
    with tempfile.TemporaryDirectory(prefix="irzhub-bench-", ignore_cleanup_errors=True) as name:
        rig = HubRig(Path(name) / "hub", modems)
        rig.know()
        found = uvloop.run(measure(rig, rounds, 5))
    values = {name: median(numbers) for name, numbers in found.items() if name != "errors"}
    values["errors"] = sum(found["errors"])
    table = plain_table(
        f"{POLLS_A_SECOND} polls a second, {modems} modems online, median of {rounds} rounds of 5 s",
        {
            "round trip p50, ms": f"{values['p50']:.2f}",
            "round trip p99, ms": f"{values['p99']:.2f}",
            "added to p50, ms": f"{values['added_p50']:.2f}",
            "added to p99, ms": f"{values['added_p99']:.2f}",
            "processor of the hub, %": f"{values['cpu']:.0f}",
            "errors": f"{values['errors']:.0f}",
        },
    )
    how = (__doc__ or "").strip()
    print(write_report("polls_under_load", how, [table], {"modems": modems, "values": values}, machine))


if __name__ == "__main__":
    main()
