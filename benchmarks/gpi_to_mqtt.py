"""From an input to a subscriber: the modem writes a report, the hub commits the change, paho has the event.

First 200 changes a second, then 10,000 as fast as the modems can write them. Mosquitto runs beside the hub. Each
change is paired with the event of its modem in order; both ends read the same monotonic clock. Committed is when
`hub.db` has the rows, asked every 20 ms.
"""

import contextlib
import json
import sqlite3
import tempfile
import threading
import time
from collections import defaultdict, deque
from pathlib import Path
from typing import Any

from benchmarks.children import PYTHON, Child, child
from benchmarks.listener import Listener, wait_for
from benchmarks.machine import describe_machine, plain_table, sized, write_report
from benchmarks.rig import HubRig, ask, mosquitto, outside_broker
from irzhub.simulator.fleet import raise_descriptor_limit

A_SECOND = 200
_SETTLE_S = 8.0
_COUNT = "SELECT COUNT(*) FROM events WHERE type = 'gpi_changed'"


class Arrivals:
    """When the event of each change came, by modem and in order."""

    def __init__(self) -> None:
        self.count = 0
        self._at: defaultdict[str, deque[float]] = defaultdict(deque)

    def take(self, _topic: str, payload: bytes, at: float) -> None:
        """Take one event."""
        event = json.loads(payload)
        if event["type"] == "gpi_changed":
            self._at[event["modem"]].append(at)
            self.count += 1

    def pair(self, sent: list[tuple[str, float]]) -> list[float]:
        """Return how long each change took, in seconds, shortest first; take them off."""
        return sorted(self._at[modem].popleft() - moment for modem, moment in sent)


def follow_commits(file: Path, wanted: int, found: list[float]) -> None:
    """Note in `found` when the journal's file has so many changes."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        while not found:
            if connection.execute(_COUNT).fetchone()[0] >= wanted:
                found.append(time.perf_counter())
            time.sleep(0.02)  # noqa: TID251 - no loop runs here


def change(far: Child, arrivals: Arrivals, **order: Any) -> tuple[list[tuple[str, float]], float]:
    """Let inputs change; return what was sent and when the last event came."""
    wanted = arrivals.count + order["changes"]
    sent = ask(far, **order)["sent"]
    if not wait_for(lambda: arrivals.count >= wanted, 120):
        raise TimeoutError(f"{arrivals.count} of {wanted} events came")
    return sent, time.perf_counter()


def measure(folder: Path, modems: int, seconds: int, burst: int, workers: int) -> dict[str, float]:
    """The steady flow, then the burst."""
    arrivals = Arrivals()
    with mosquitto(folder) as port:
        changes: dict[str, Any] = {"mqtt": outside_broker(port), "relay": {"workers": workers}}
        rig = HubRig(folder / "hub", modems, changes)
        rig.know()
        command = [PYTHON, "-m", "benchmarks.echo_side"]
        with rig.run() as hub, child(command, folder / "far.log", talks=True) as far:
            far.hear()
            rig.wait_up("relay", "mqtt", "database")
            ask(far, dial=modems, port=rig.modem_port, encapsulated=True, **{"from": 0})
            time.sleep(_SETTLE_S)  # noqa: TID251 - states and questions after the connect are through
            with Listener(port, ["irzhub/modem/+/event"], arrivals.take):
                ask(far, tell=True)
                time.sleep(_SETTLE_S)  # noqa: TID251 - what all said at once is through
                warm_up, _ = change(far, arrivals, changes=A_SECOND, a_second=A_SECOND)
                arrivals.pair(warm_up)
                sent, _ = change(far, arrivals, changes=A_SECOND * seconds, a_second=A_SECOND)
                steady = arrivals.pair(sent)
                ask(hub, lag=True)
                committed: list[float] = []
                before = A_SECOND * (1 + seconds)
                commits = threading.Thread(target=follow_commits, args=(rig.local_file, before + burst, committed))
                commits.start()
                sent, ended = change(far, arrivals, changes=burst)
                commits.join(60)
                lag = ask(hub, lag=True)
    began = sent[0][1]
    last = len(steady) - 1
    return {
        "p50_ms": steady[last // 2] * 1000,
        "p99_ms": steady[int(last * 0.99)] * 1000,
        "worst_ms": steady[-1] * 1000,
        "burst_written_s": sent[-1][1] - began,
        "burst_committed_s": committed[0] - began,
        "burst_mqtt_s": ended - began,
        "burst_lag_p99_ms": lag["p99_ms"],
    }


_ROWS = {
    "p50_ms": "200 a second: modem to subscriber p50, ms",
    "p99_ms": "200 a second: modem to subscriber p99, ms",
    "worst_ms": "200 a second: modem to subscriber, worst, ms",
    "burst_written_s": "burst: written by the modems, s",
    "burst_committed_s": "burst: committed, s",
    "burst_mqtt_s": "burst: all at the subscriber, s",
    "burst_lag_p99_ms": "burst: lag of the loop p99, ms",
}


def main() -> None:
    """Measure, write the report."""
    modems, burst = sized("BENCH_MODEMS", 9700, 1000), sized("BENCH_BURST", 10_000, 2000)
    seconds, workers = sized("BENCH_SECONDS", 15, 5), sized("BENCH_WORKERS", 2, 2)
    machine = describe_machine()
    raise_descriptor_limit(2 * modems)
    with tempfile.TemporaryDirectory(prefix="irzhub-bench-", ignore_cleanup_errors=True) as name:
        values = measure(Path(name), modems, seconds, burst, workers)
    title = f"{modems} modems online, {workers} workers, {seconds} s of changes, a burst of {burst}"
    table = plain_table(title, {text: f"{values[key]:.2f}" for key, text in _ROWS.items()})
    data = {"modems": modems, "workers": workers, "burst": burst, "values": values}
    print(write_report("gpi_to_mqtt", (__doc__ or "").strip(), [table], data, machine))


if __name__ == "__main__":
    main()
