"""Round trip and processor time of a relayed message, beside other relays and a direct connection.

All contenders are up at once. In each round they take turns in random order, half a second each; every ratio is
taken inside its round, and the median over the rounds is shown. The proxy under test runs on processor 0, load
and far side on processor 1; for `direct` the far side runs on processor 0.
"""

import argparse
import asyncio
import contextlib
import math
import os
import random
import statistics
import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop

from benchmarks.children import (
    PYTHON,
    child,
    cpu_seconds,
    free_port,
    hub_command,
    relay_command,
    wait_listening,
)
from benchmarks.machine import Table, describe_machine, sized, write_report
from benchmarks.peers import HAPROXY, STREAMS, installed
from benchmarks.pingpong import Load, Pinger, burst, connect
from irzhub.simulator.fleet import raise_descriptor_limit

FIRST_PORT = 20000


@dataclass(frozen=True)
class Measured:
    """One contender in one round."""

    load: Load
    cpu_s: float

    def figures(self) -> dict[str, float]:
        """Return rate, round trips in microseconds and processor microseconds for each message."""
        return {
            "rate": self.load.rate,
            "p50_us": self.load.percentile(0.5) * 1e6,
            "p99_us": self.load.percentile(0.99) * 1e6,
            "cpu_us": self.cpu_s / self.load.messages * 1e6,
        }


@dataclass
class Contender:
    """One way from the program to the far side: its connections and the process that is measured."""

    name: str
    pingers: list[Pinger]
    pid: int
    has_cpu: bool = True

    async def measure(self, concurrency: int, size: int, seconds: float) -> Measured:
        """Exchange messages over `concurrency` of its connections."""
        pingers = self.pingers[:concurrency]
        await burst(pingers, bytes(size), seconds / 10)
        before = cpu_seconds(self.pid)
        load = await burst(pingers, bytes(size), seconds)
        return Measured(load, cpu_seconds(self.pid) - before if self.has_cpu else math.nan)


async def take_sides(stack: contextlib.ExitStack, folder: Path, width: int, relay_only: bool) -> list[Contender]:
    """Start all processes and connect `width` programs to each contender."""
    near = stack.enter_context(child([PYTHON, "-m", "benchmarks.echo_side"], folder / "near.log", 0, talks=True))
    far = stack.enter_context(child([PYTHON, "-m", "benchmarks.echo_side"], folder / "far.log", 1, talks=True))
    near_port, far_port = near.hear()["echo_port"], far.hear()["echo_port"]
    modem_port = free_port()
    others = await take_peers(stack, folder, width, far_port)
    if relay_only:
        hub = stack.enter_context(child(relay_command(modem_port, FIRST_PORT), folder / "relay.log", 0))
    else:
        command = hub_command(folder / "hub", modem_port, FIRST_PORT, 2 * width)
        hub = stack.enter_context(child(command, folder / "hub.log", 0))
    wait_listening(modem_port)
    for start, encapsulated in ((0, False), (width, True)):
        far.tell(dial=width, encapsulated=encapsulated, port=modem_port, **{"from": start})
        far.hear()
    # Ports are given lowest first, so the first half of them belongs to the raw modems. The pause lets the hub
    # put its questions after a connect, which the modems leave unanswered until it asks no more.
    await asyncio.sleep(2)
    name = "relay" if relay_only else "irzhub"
    return [
        Contender("direct", await connect([near_port] * width), near.pid),
        *others,
        Contender(f"{name} raw", await connect(list(range(FIRST_PORT, FIRST_PORT + width))), hub.pid),
        Contender(
            f"{name} encapsulated", await connect(list(range(FIRST_PORT + width, FIRST_PORT + 2 * width))), hub.pid
        ),
    ]


async def take_peers(stack: contextlib.ExitStack, folder: Path, width: int, target: int) -> list[Contender]:
    """Start the other relays that are installed here, each on processor 0."""
    peers, lacking = installed()
    print("\n".join(lacking), flush=True)
    found = []
    for peer in peers:
        port = free_port()
        running = stack.enter_context(child(peer.start(folder, port, target), folder / f"{peer.program}.log", 0))
        wait_listening(port)
        pingers = await connect([port] * min(width, peer.limit))
        found.append(Contender(peer.name, pingers, running.pid, peer.has_cpu))
    return found


def summarise(rounds: list[dict[str, Measured]]) -> dict[str, dict[str, float]]:
    """Return the medians for each contender: figures, and ratios to haproxy and to direct inside each round."""
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for each in rounds:
        figures = {name: measured.figures() for name, measured in each.items()}
        for name, values in figures.items():
            for key, value in values.items():
                found[name][key].append(value)
                for other in (HAPROXY, "direct", STREAMS):
                    if other in figures:
                        found[name][f"{key}/{other}"].append(value / figures[other][key])
    return {
        name: {key: statistics.median(values) for key, values in columns.items()} for name, columns in found.items()
    }


def as_table(title: str, medians: dict[str, dict[str, float]]) -> Table:
    """Return the medians of one setting as a table."""
    columns = ["", "messages/s", "p50 us", "p99 us", "CPU us/message", "rate / haproxy", "p50 / haproxy"]
    table = Table(title, [*columns, "p99 / haproxy", "CPU / haproxy", "p50 / direct", "CPU / streams"])
    for name, values in medians.items():
        numbers = [f"{values['rate']:.0f}", f"{values['p50_us']:.0f}", f"{values['p99_us']:.0f}"]
        keys = ("rate/haproxy", "p50_us/haproxy", "p99_us/haproxy", "cpu_us/haproxy", "p50_us/direct")
        ratios = [f"{values[key]:.2f}" for key in (*keys, f"cpu_us/{STREAMS}")]
        cells = [name, *numbers, f"{values['cpu_us']:.1f}", *ratios]
        table.rows.append(["n/a" if cell == "nan" else cell for cell in cells])
    return table


async def run(options: argparse.Namespace) -> tuple[list[Table], dict[str, Any]]:
    """Measure every setting."""
    chance = random.Random(options.seed)
    tables, data = [], dict[str, Any]()
    with contextlib.ExitStack() as stack:
        folder = Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="irzhub-bench-", ignore_cleanup_errors=True))
        )
        contenders = await take_sides(stack, folder, max(options.concurrency), options.relay_only)
        for size in options.sizes:
            for concurrency in options.concurrency:
                rounds: list[dict[str, Measured]] = []
                for _ in range(options.rounds):
                    able = [each for each in contenders if len(each.pingers) >= concurrency]
                    order = chance.sample(able, len(able))
                    rounds.append({each.name: await each.measure(concurrency, size, options.seconds) for each in order})
                medians = summarise(rounds)
                title = f"{size} B, {concurrency} at once"
                medians = {each.name: medians[each.name] for each in contenders if each.name in medians}
                tables.append(as_table(title, medians))
                errors = {each: sum(one[each].load.errors for one in rounds) for each in medians}
                data[title] = {"medians": medians, "errors": errors}
                print(tables[-1].markdown() + f"\nerrors: {errors}\n", flush=True)
    return tables, data


def main() -> None:
    """Parse the command line, measure, write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=sized("BENCH_ROUNDS", 5, 2))
    parser.add_argument("--seconds", type=float, default=0.5, help="of each contender in each round")
    parser.add_argument("--sizes", type=int, nargs="+", default=[64, 1024], help="bytes of a message")
    parser.add_argument("--concurrency", type=int, nargs="+", default=[1, 100, 1000])
    parser.add_argument("--relay-only", action="store_true", help="the relay without the rest of the hub")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    machine = describe_machine()
    raise_descriptor_limit(16 * max(options.concurrency))
    os.sched_setaffinity(0, {1})
    tables, data = uvloop.run(run(options))
    name = "relay_roundtrip_alone" if options.relay_only else "relay_roundtrip"
    how = f"{__doc__}\n{options.rounds} rounds of {options.seconds} s. Medians; ratios inside each round."
    write_report(name, how.strip(), tables, {"settings": data}, machine)


if __name__ == "__main__":
    main()
