"""Whether polls feel the database: MariaDB answers each query 200 ms late, then is stopped (SIGSTOP) for 30 s.

Meanwhile 500 polls a second go through the hub and 100 inputs a second change, so that there is always something
to write. Undisturbed and slow windows take turns; each ratio is p99 of the disturbed window to the undisturbed one
before it, median over the rounds.
"""

import asyncio
import os
import signal
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median

import uvloop

from benchmarks.children import PYTHON, Child, child, free_port, wait_listening
from benchmarks.listener import wait_for
from benchmarks.machine import describe_machine, plain_table, sized, write_report
from benchmarks.pingpong import Pinger, connect, paced
from benchmarks.rig import DATABASE, Database, HubRig, ask
from irzhub.simulator.fleet import raise_descriptor_limit

_POLLS_A_SECOND = 500
_CHANGES_A_SECOND = 100
_PROGRAMS = 250
_DELAY_S = 0.2


class Windows:
    """Polls through the hub, a window at a time, while inputs change."""

    def __init__(self, pingers: list[Pinger], far: Child) -> None:
        self._pingers = pingers
        self._far = far
        self.errors = 0

    async def p99(self, seconds: float) -> float:
        """Return the p99 of one window, in seconds."""
        order = {"changes": int(_CHANGES_A_SECOND * seconds), "a_second": _CHANGES_A_SECOND}
        self._far.tell(**order)
        load = await paced(self._pingers, bytes(64), _POLLS_A_SECOND, seconds)
        await asyncio.to_thread(self._far.hear)
        self.errors += load.errors
        return load.percentile(0.99)


async def measure(
    windows: Windows, proxy: Child, server: Child, answers: Callable[[], bool], rounds: int, seconds: int, stop_s: int
) -> dict[str, float]:
    """Windows in turns, then the stop."""
    await windows.p99(seconds)
    plain, slow, ratios = [], [], []
    for _ in range(rounds):
        plain.append(await windows.p99(seconds))
        ask(proxy, delay_s=_DELAY_S)
        await asyncio.sleep(1)
        slow.append(await windows.p99(seconds))
        ask(proxy, delay_s=0)
        await asyncio.sleep(2)
        ratios.append(slow[-1] / plain[-1])
    before = await windows.p99(seconds)
    os.kill(server.pid, signal.SIGSTOP)
    try:
        stopped = await windows.p99(stop_s)
    finally:
        os.kill(server.pid, signal.SIGCONT)
    after = await windows.p99(seconds)
    plain += [before, after]
    return {
        "plain_p99_ms": median(plain) * 1000,
        "slow_p99_ms": median(slow) * 1000,
        "slow_ratio": median(ratios),
        "stopped_p99_ms": stopped * 1000,
        "stopped_ratio": stopped / median((before, after)),
        "recovered": float(await asyncio.to_thread(wait_for, answers, 30)),
        "errors": float(windows.errors),
    }


_ROWS = {
    "plain_p99_ms": "polls p99 undisturbed, ms",
    "slow_p99_ms": "polls p99 while each query takes 200 ms more, ms",
    "slow_ratio": "the same, ratio to undisturbed",
    "stopped_p99_ms": "polls p99 while the database is stopped, ms",
    "stopped_ratio": "the same, ratio to undisturbed before and after",
    "recovered": "the database has everything again afterwards (1: yes)",
    "errors": "polls without an answer in time",
}


def main() -> None:
    """Measure, write the report."""
    modems, rounds = sized("BENCH_MODEMS", 1000, 500), sized("BENCH_ROUNDS", 2, 1)
    seconds, stop_s = sized("BENCH_SECONDS", 8, 4), sized("BENCH_STOP_SECONDS", 30, 8)
    machine = describe_machine()
    raise_descriptor_limit(2 * modems + 4 * _PROGRAMS)
    os.sched_setaffinity(0, {1})
    with tempfile.TemporaryDirectory(prefix="irzhub-bench-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), free_port()
        database = Database(folder / "server")
        url = f"mysql://root@127.0.0.1:{port}/{DATABASE}"
        rig = HubRig(folder / "hub", modems, {"database": {"url": url}})
        rig.know()
        with (
            database.running() as server,
            child(
                [PYTHON, "-m", "benchmarks.slow_proxy", str(port), str(database.port)],
                folder / "proxy.log",
                1,
                talks=True,
            ) as proxy,
            rig.run(0) as hub,
            child([PYTHON, "-m", "benchmarks.echo_side"], folder / "far.log", 1, talks=True) as far,
        ):
            far.hear()
            wait_listening(port)
            rig.wait_up("relay", "mqtt", "database")
            ask(far, dial=modems, port=rig.modem_port, encapsulated=True, **{"from": 0})

            def is_recorded() -> bool:
                query = "SELECT (SELECT COUNT(*) FROM modems WHERE state = 'online')"
                return database.query(query, DATABASE)[0][0] == modems and rig.parts().get("database") == "up"

            async def run() -> dict[str, float]:
                await asyncio.sleep(8)  # the first questions and the states of all are through
                hosts = [rig.place(number) for number in range(_PROGRAMS)]
                pingers = await connect([place[1] for place in hosts], hosts[0][0])
                return await measure(Windows(pingers, far), proxy, server, is_recorded, rounds, seconds, stop_s)

            values = uvloop.run(run())
            assert hub.process.poll() is None
    title = f"{modems} modems, windows of {seconds} s, stopped for {stop_s} s"
    table = plain_table(title, {text: f"{values[key]:.2f}" for key, text in _ROWS.items()})
    how = (__doc__ or "").strip()
    print(write_report("slow_database", how, [table], {"modems": modems, "values": values}, machine))


if __name__ == "__main__":
    main()
