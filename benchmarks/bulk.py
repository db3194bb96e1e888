"""Bulk: megabytes a second from one modem to one program, beside other relays with their default buffers.

The program asks for a number of bytes and counts them as they come. All contenders are up at once and take turns
in random order; ratios inside each round, medians over the rounds. The relay under test runs on processor 0,
program and far side on processor 1.
"""

import asyncio
import contextlib
import os
import random
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import cast

import uvloop

from benchmarks.bulk_side import REQUEST_BYTES
from benchmarks.children import PYTHON, child, cpu_seconds, free_port, wait_listening
from benchmarks.machine import Table, describe_machine, sized, write_report
from benchmarks.peers import HAPROXY, installed
from benchmarks.rig import HubRig, ask

_MEGABYTE = 1_000_000
_TRIAL = 4 * _MEGABYTE
_WITHIN_S = 60


class Taker(asyncio.Protocol):
    """Asks for bytes and counts them."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._missing = 0
        self._done: asyncio.Future[None] | None = None

    def data_received(self, data: bytes) -> None:
        self._missing -= len(data)
        if self._missing <= 0 and self._done is not None and not self._done.done():
            self._done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._done is not None and not self._done.done():
            self._done.set_exception(ConnectionError(f"closed in the middle: {exc}"))

    async def take(self, size: int) -> float:
        """Ask for `size` bytes; return the seconds until the last is here."""
        self._missing = size
        self._done = asyncio.get_running_loop().create_future()
        started = time.perf_counter()
        self.transport.write(size.to_bytes(REQUEST_BYTES, "big"))
        async with asyncio.timeout(_WITHIN_S):
            await self._done
        return time.perf_counter() - started


async def connect(port: int, host: str = "127.0.0.1") -> Taker:
    """Return a program that is connected."""
    _, taker = await asyncio.get_running_loop().create_connection(Taker, host, port)
    return taker


async def measure(folder: Path, rig: HubRig, size: int, rounds: int) -> dict[str, list[tuple[float, float]]]:
    """Return megabytes a second and processor seconds a gigabyte of each contender in each round."""
    chance = random.Random(1)
    with contextlib.ExitStack() as stack:
        command = [PYTHON, "-m", "benchmarks.bulk_side"]
        far = stack.enter_context(child(command, folder / "far.log", 1, talks=True))
        target = far.hear()["port"]
        near = stack.enter_context(child(command, folder / "near.log", 0, talks=True))
        contenders = {"direct": (await connect(near.hear()["port"]), near.pid)}
        peers, lacking = installed()
        print("\n".join(lacking), flush=True)
        for peer in peers:
            port = free_port()
            running = stack.enter_context(child(peer.start(folder, port, target), folder / f"{peer.program}.log", 0))
            wait_listening(port)
            contenders[peer.name] = (await connect(port), running.pid if peer.has_cpu else 0)
        hub = stack.enter_context(rig.run(0))
        rig.wait_up("relay", "mqtt", "database")
        for number, name in enumerate(("irzhub raw", "irzhub encapsulated")):
            ask(far, dial=True, encapsulated=number == 1, port=rig.modem_port)
            host, port = rig.place(number)
            contenders[name] = (await connect(port, host), hub.pid)
        await asyncio.sleep(3)  # the hub's questions after a connect are over
        # A slow one moves less, so that a turn takes a second at the most.
        sizes = {name: min(size, int(_TRIAL / await taker.take(_TRIAL))) for name, (taker, _) in contenders.items()}
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in contenders}
        for number in range(rounds + 1):
            for name in chance.sample(sorted(contenders), len(contenders)):
                taker, pid = contenders[name]
                before = cpu_seconds(pid) if pid else 0.0
                took = await taker.take(sizes[name])
                cpu = (cpu_seconds(pid) - before) / sizes[name] * 1e9 if pid else float("nan")
                if number:  # the first round warms up
                    found[name].append((sizes[name] / _MEGABYTE / took, cpu))
        return found


def main() -> None:
    """Measure, write the report."""
    size, rounds = sized("BENCH_MEGABYTES", 200, 50) * _MEGABYTE, sized("BENCH_ROUNDS", 7, 3)
    machine = describe_machine()
    os.sched_setaffinity(0, {1})
    with tempfile.TemporaryDirectory(prefix="irzhub-bench-", ignore_cleanup_errors=True) as name:
        rig = HubRig(Path(name) / "hub", 2)
        rig.know()
        found = uvloop.run(measure(Path(name), rig, size, rounds))
    values: dict[str, dict[str, float]] = {}
    title = f"at most {size // _MEGABYTE} MB in one stream, median of {rounds} rounds"
    table = Table(title, ["", "MB/s", "rate / haproxy", "CPU s/GB"])
    for name, turns in found.items():
        ratios = [turn[0] / other[0] for turn, other in zip(turns, found.get(HAPROXY, []), strict=False)]
        values[name] = {
            "rate": median(turn[0] for turn in turns),
            "cpu_s_per_gb": median(turn[1] for turn in turns),
            "rate/haproxy": median(ratios) if ratios else float("nan"),
        }
        table.rows.append([name, *(f"{values[name][key]:.3g}" for key in ("rate", "rate/haproxy", "cpu_s_per_gb"))])
    how = (__doc__ or "").strip()
    print(write_report("bulk", how, [table], {"values": values}, machine).replace("nan", "n/a"))


if __name__ == "__main__":
    main()
