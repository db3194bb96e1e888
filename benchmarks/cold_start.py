"""Cold start: a hub that knows N modems is started, eager ports, Mosquitto and its own SQLite beside it.

Ready is when `/readyz` says that relay, journal and local store are up: modems can dial and every known port
listens. Retained is when an outside subscriber holds `state` and `availability` of all N modems. No modem dials.
The clock starts before the interpreter does. The broker starts empty, as after a move to another machine.
"""

import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.children import pss_bytes
from benchmarks.listener import Listener, wait_for
from benchmarks.machine import describe_machine, plain_table, sized, write_report
from benchmarks.rig import HubRig, ask, mosquitto, outside_broker
from irzhub.simulator.fleet import raise_descriptor_limit

_RETAINED = ("state", "availability")


def measure(rig: HubRig, folder: Path) -> dict[str, float]:
    """Start the hub once beside a fresh broker."""
    seen: set[str] = set()
    folder.mkdir()
    with mosquitto(folder) as port:
        rig.changes = {"mqtt": outside_broker(port)}
        filters = [f"irzhub/modem/+/{name}" for name in _RETAINED]
        with Listener(port, filters, lambda topic, *_: seen.add(topic)):
            started = time.perf_counter()
            with rig.run() as hub:
                ready = rig.wait_up("relay", "journal", "local_store") - started
                wanted = len(_RETAINED) * rig.modems
                if not wait_for(lambda: len(seen) >= wanted, 120):
                    raise TimeoutError(f"{len(seen)} of {wanted} retained topics came")
                retained = time.perf_counter() - started
                return {
                    "ready_s": ready,
                    "retained_s": retained,
                    "lag_p99_ms": ask(hub, lag=True)["p99_ms"],
                    "memory_mb": pss_bytes(hub.pid) / 1e6,
                }


def main() -> None:
    """Measure a few starts, write the report."""
    modems, rounds = sized("BENCH_MODEMS", 9700, 2000), sized("BENCH_ROUNDS", 2, 1)
    machine = describe_machine()
    raise_descriptor_limit(modems)
    with tempfile.TemporaryDirectory(prefix="irzhub-bench-", ignore_cleanup_errors=True) as name:
        rig = HubRig(Path(name) / "hub", modems)
        rig.know()
        starts = [measure(rig, Path(name) / str(number)) for number in range(rounds)]
    values = {key: median(start[key] for start in starts) for key in starts[0]}
    table = plain_table(
        f"{modems} known modems, median of {rounds} starts",
        {
            "ready, every port open, s": f"{values['ready_s']:.2f}",
            "all retained topics at a subscriber, s": f"{values['retained_s']:.2f}",
            "lag of the loop meanwhile, p99, ms": f"{values['lag_p99_ms']:.0f}",
            "memory of the hub, MB": f"{values['memory_mb']:.0f}",
        },
    )
    data = {"modems": modems, "values": values, "starts": starts}
    print(write_report("cold_start", (__doc__ or "").strip(), [table], data, machine))


if __name__ == "__main__":
    main()
