"""Storm: N known modems dial at once, with Mosquitto and MariaDB beside the hub.

Three ends, each counted from the first dial: the last modem is answered; an outside subscriber has seen
`availability` `online` of every modem; every modem is `online` in the SQL table. The lag is that of the hub's loop
from the first dial to the last of the three. `BENCH_WORKERS=0` has one process carry all; with 20,000 descriptors
for a process that holds fewer than 9,500 modems with their ports.
"""

import tempfile
import threading
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.children import PYTHON, Child, child, hub_cpu_seconds
from benchmarks.listener import Listener, wait_for
from benchmarks.machine import describe_machine, plain_table, sized, write_report
from benchmarks.rig import DATABASE, Database, HubRig, ask, mosquitto, outside_broker
from irzhub.simulator.fleet import raise_descriptor_limit

_WITHIN_S = 120.0
_ONLINE = "SELECT COUNT(*) FROM modems WHERE state = 'online'"


class Watch:
    """When all modems were seen online, on MQTT and in SQL."""

    def __init__(self, modems: int, database: Database) -> None:
        self._modems = modems
        self._database = database
        self._online: set[str] = set()
        self.mqtt_at = 0.0
        self.sql_at = 0.0

    def take(self, topic: str, payload: bytes, at: float) -> None:
        """Take one `availability`."""
        if b"online" in payload:
            self._online.add(topic)
            if len(self._online) == self._modems and not self.mqtt_at:
                self.mqtt_at = at

    def follow_sql(self) -> None:
        """Ask the table until all are online there."""
        deadline = time.perf_counter() + _WITHIN_S
        while not self.sql_at and time.perf_counter() < deadline:
            if self._database.query(_ONLINE, DATABASE)[0][0] == self._modems:
                self.sql_at = time.perf_counter()
            time.sleep(0.1)  # noqa: TID251 - no loop runs here


def strike(rig: HubRig, hub: Child, far: Child, watch: Watch) -> dict[str, float]:
    """Let all dial at once; return what was seen."""
    ask(hub, lag=True)
    before, started = hub_cpu_seconds(hub.pid), time.perf_counter()
    sql = threading.Thread(target=watch.follow_sql)
    sql.start()
    answered = ask(far, dial=rig.modems, port=rig.modem_port, at_once=rig.modems, encapsulated=True, **{"from": 0})
    sql.join()
    if not wait_for(lambda: watch.mqtt_at > 0, _WITHIN_S) or not watch.sql_at:
        raise TimeoutError(f"not all modems came online within {_WITHIN_S} s: {rig.log.read_text()[-2000:]}")
    lag = ask(hub, lag=True)
    return {
        "answered_s": answered["seconds"],
        "mqtt_s": watch.mqtt_at - started,
        "sql_s": watch.sql_at - started,
        "lag_p99_ms": lag["p99_ms"],
        "lag_worst_ms": lag["worst_ms"],
        "hub_cpu_s": hub_cpu_seconds(hub.pid) - before,
    }


def measure(folder: Path, modems: int, workers: int) -> dict[str, float]:
    """One storm over fresh servers."""
    database = Database(folder / "mariadb")
    with database.running(), mosquitto(folder) as port:
        changes: dict[str, Any] = {
            "mqtt": outside_broker(port),
            "database": {"url": database.url(DATABASE)},
            "relay": {"workers": workers},
        }
        rig = HubRig(folder / "hub", modems, changes)
        rig.know()
        watch = Watch(modems, database)
        with rig.run() as hub, Listener(port, ["irzhub/modem/+/availability"], watch.take):
            rig.wait_up("relay", "journal", "database", "mqtt")
            wait_for(lambda: database.query("SELECT COUNT(*) FROM modems", DATABASE)[0][0] == modems, 60)
            time.sleep(3)  # noqa: TID251 - the start's own work is over
            with child([PYTHON, "-m", "benchmarks.echo_side"], folder / "far.log", talks=True) as far:
                far.hear()
                return strike(rig, hub, far, watch)


_ROWS = {
    "answered_s": "all answered, s",
    "mqtt_s": "all online at a subscriber, s",
    "sql_s": "all online in MariaDB, s",
    "lag_p99_ms": "lag of the loop, p99, ms",
    "lag_worst_ms": "lag of the loop, worst, ms",
    "hub_cpu_s": "processor time of the hub and its workers, s",
}


def main() -> None:
    """Measure some storms, write the report."""
    modems, rounds = sized("BENCH_MODEMS", 9700, 2000), sized("BENCH_ROUNDS", 2, 1)
    workers = sized("BENCH_WORKERS", 2, 2)
    machine = describe_machine()
    raise_descriptor_limit(modems + 256)
    storms = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="irzhub-bench-", ignore_cleanup_errors=True) as name:
            storms.append(measure(Path(name), modems, workers))
    values = {key: median(storm[key] for storm in storms) for key in storms[0]}
    title = f"{modems} modems at once, {workers} workers, median of {rounds} storms"
    table = plain_table(title, {text: f"{values[key]:.2f}" for key, text in _ROWS.items()})
    data = {"modems": modems, "workers": workers, "values": values, "storms": storms}
    print(write_report("storm", (__doc__ or "").strip(), [table], data, machine))


if __name__ == "__main__":
    main()
