"""Memory of a modem, time to open the ports, and a storm: N modems and N ports, by default with two workers.

Four steps: the hub is started empty; N new modems register, 32 at a time; the hub is started again, so that
it opens N known ports; all N dial at once. Memory is the growth of the proportional set size (PSS) since the
empty hub, in user space only: the kernel's share of the sockets is not in it.
"""

import argparse
import contextlib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.children import (
    PYTHON,
    Child,
    child,
    free_port,
    hub_command,
    hub_cpu_seconds,
    hub_pss_bytes,
    relay_command,
    wait_listening,
)
from benchmarks.machine import Table, describe_machine, sized, write_report
from irzhub.simulator.fleet import raise_descriptor_limit

FIRST_PORT = 20000
_SETTLE_S = 5.0


class Bench:
    """One hub under test and the modems that dial it."""

    def __init__(self, folder: Path, modems: int, relay_only: bool, workers: int) -> None:
        self.modems = modems
        self._folder = folder
        self._relay_only = relay_only
        self._workers = workers
        self._modem_port = free_port()

    @contextlib.contextmanager
    def hub(self, known: int) -> Iterator[tuple[Child, float]]:
        """Run the hub; yield it and the seconds from its start to the moment its last known port listens."""
        if self._relay_only:
            command = relay_command(self._modem_port, FIRST_PORT, known)
        else:
            command = hub_command(self._folder / "hub", self._modem_port, FIRST_PORT, self.modems, self._workers)
        started = time.monotonic()
        with child(command, self._folder / "hub.log", 0) as hub:
            wait_listening(self._modem_port)
            if known:
                wait_listening(FIRST_PORT + known - 1)
            yield hub, time.monotonic() - started

    @contextlib.contextmanager
    def far_side(self) -> Iterator[Child]:
        """Run the modems' process."""
        command = [PYTHON, "-m", "benchmarks.echo_side"]
        with child(command, self._folder / "far.log", 1, talks=True) as far:
            far.hear()
            yield far

    def dial(self, far: Child, at_once: int) -> dict[str, Any]:
        """Let all modems dial, so many at a time; return what the far side says of it."""
        far.tell(dial=self.modems, encapsulated=True, port=self._modem_port, at_once=at_once, **{"from": 0})
        return far.hear(300)


def measure(bench: Bench) -> dict[str, float]:
    """Go through the four steps."""
    found: dict[str, float] = {}
    with bench.hub(known=0) as (hub, found["empty_start_s"]), bench.far_side() as far:
        time.sleep(2)  # noqa: TID251 - no loop runs here
        found["base_mb"] = hub_pss_bytes(hub.pid) / 1e6
        before = hub_cpu_seconds(hub.pid)
        registered = bench.dial(far, 32)
        found["register_s"], found["register_cpu_s"] = registered["seconds"], hub_cpu_seconds(hub.pid) - before
        time.sleep(_SETTLE_S)  # noqa: TID251
        found["kb_per_new_modem"] = (hub_pss_bytes(hub.pid) / 1e6 - found["base_mb"]) * 1000 / bench.modems
    with bench.hub(known=bench.modems) as (hub, found["start_s"]), bench.far_side() as far:
        time.sleep(2)  # noqa: TID251
        found["kb_per_port"] = (hub_pss_bytes(hub.pid) / 1e6 - found["base_mb"]) * 1000 / bench.modems
        before = hub_cpu_seconds(hub.pid)
        storm = bench.dial(far, bench.modems)
        found["storm_s"], found["storm_p50_s"], found["storm_p99_s"] = storm["seconds"], storm["p50"], storm["p99"]
        time.sleep(_SETTLE_S)  # noqa: TID251
        found["storm_cpu_s"] = hub_cpu_seconds(hub.pid) - before
        found["kb_per_modem"] = (hub_pss_bytes(hub.pid) / 1e6 - found["base_mb"]) * 1000 / bench.modems
        found["kib_per_modem"] = found["kb_per_modem"] / 1.024
        before, at = hub_cpu_seconds(hub.pid), time.monotonic()
        time.sleep(10)  # noqa: TID251
        found["idle_cpu_percent"] = (hub_cpu_seconds(hub.pid) - before) / (time.monotonic() - at) * 100
    return found


_ROWS = {
    "base_mb": "memory of the empty hub, MB",
    "empty_start_s": "start of an empty hub until modems can dial, s",
    "register_s": "registration of all as new modems, s",
    "register_cpu_s": "processor time of it, s",
    "kb_per_new_modem": "memory for each newly registered modem, KB",
    "start_s": "start until the last known port listens, s",
    "kb_per_port": "memory for each known modem that is away, with its port, KB",
    "storm_s": "storm: all dial at once, until the last is answered, s",
    "storm_p50_s": "storm: dial to answer p50, s",
    "storm_p99_s": "storm: dial to answer p99, s",
    "storm_cpu_s": "storm: processor time until 5 s later, s",
    "kb_per_modem": "memory for each connected modem, with its port, KB",
    "idle_cpu_percent": "processor with all connected and quiet, %",
}


def main() -> None:
    """Parse the command line, measure, write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--modems", type=int, default=sized("BENCH_MODEMS", 9700, 1000))
    parser.add_argument("--workers", type=int, default=2, help="relay.workers of the hub")
    parser.add_argument("--relay-only", action="store_true", help="the relay without the rest of the hub")
    options = parser.parse_args()
    machine = describe_machine()
    raise_descriptor_limit(options.modems + 256)
    with tempfile.TemporaryDirectory(prefix="irzhub-bench-", ignore_cleanup_errors=True) as folder:
        found = measure(Bench(Path(folder), options.modems, options.relay_only, options.workers))
    name = "fleet_memory_alone" if options.relay_only else "fleet_memory"
    table = Table(
        f"{options.modems} modems, {'relay alone' if options.relay_only else 'whole hub'}, {options.workers} workers",
        ["", "value"],
    )
    table.rows = [[title, f"{found[key]:.2f}"] for key, title in _ROWS.items()]
    print(
        write_report(
            name,
            (__doc__ or "").strip(),
            [table],
            {"modems": options.modems, "workers": options.workers, "values": found},
            machine,
        )
    )


if __name__ == "__main__":
    main()
