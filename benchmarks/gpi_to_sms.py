"""From an input to an SMS: the modem writes a report, the hub commits the change, a rule runs, the SMS leaves.

First 50 changes a second, each of them an SMS of its own; a GSM module on a pseudo terminal takes them at once, so
the queue stays empty. Each SMS names its event: the time is from the `ts` of the event to the last byte of the SMS
at the module, and beside it from the modem's own write. Then 10,000 changes as fast as the modems can write them,
with the settings as they are by default: how many SMS that makes, how many the budget allows, and whether the
incident log has counted every alarm. Both ends run on one machine and read the same clocks.
"""

import asyncio
import contextlib
import sqlite3
import tempfile
import threading
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from benchmarks.children import PYTHON, Child, child
from benchmarks.echo_side import IMEI_BASE
from benchmarks.listener import wait_for
from benchmarks.machine import describe_machine, plain_table, sized, write_report
from benchmarks.rig import HubRig, ask
from irzhub.core.clock import parse_time
from irzhub.simulator.fleet import raise_descriptor_limit
from irzhub.simulator.gsm_firmware import GsmFirmware
from irzhub.simulator.gsm_modem import GsmModem
from irzhub.simulator.gsm_pdu import read_submit
from irzhub.storage.inputs import InputRow, save_input
from irzhub.storage.local import Connection, LocalStore

A_SECOND: Final = 50
_NUMBER: Final = "+79210000001"
_SETTLE_S: Final = 8.0
_REST_S: Final = 4.0
_QUIET_S: Final = 12.0
"""After a burst: the window in which messages are gathered, and time to send what it makes."""
_LONGEST_S: Final = 120.0
_EACH: Final = f"""
- id: each
  triggers: [{{trigger: gpi, input: 1}}]
  actions: [{{action: sms, to: "{_NUMBER}", text: "{{{{ modem.imei }}}} {{{{ trigger.ts }}}}", damp: "off"}}]
  mode: parallel
  max: 1000
"""
_USUAL: Final = f"""
- id: alarm
  triggers: [{{trigger: gpi, input: 1, to: alarm}}]
  actions: [{{action: sms, to: "{_NUMBER}", text: "{{{{ modem.name }}}}: авария"}}]
  mode: parallel
  max: 1000
"""
_UNBOUND: Final = {"sms": {"per_recipient": 100_000, "per_channel": 100_000}}


class Module(list[str]):
    """What a GSM module was given to send, with the moment of each; runs on a thread of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.at: list[tuple[float, float]] = []
        self.path = ""
        self._is_there = threading.Event()
        self._loop = asyncio.new_event_loop()

    def append(self, pdu: str) -> None:
        self.at.append((time.perf_counter(), time.time()))
        super().append(pdu)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Have it answer on its terminal until the block ends."""
        stop = asyncio.Event()

        async def serve() -> None:
            async with GsmModem(GsmFirmware(submitted=self, is_reporting=False)) as modem:
                self.path = modem.path
                self._is_there.set()
                await stop.wait()

        thread = threading.Thread(target=lambda: self._loop.run_until_complete(serve()))
        thread.start()
        self._is_there.wait(10)
        try:
            yield
        finally:
            self._loop.call_soon_threadsafe(stop.set)
            thread.join()

    def latencies(self, first: int, sent: list[tuple[str, float]]) -> tuple[list[float], list[float]]:
        """Return for each SMS from `first` on how long it took, in seconds, shortest first.

        Returns:
            from the event's own time, and from the write of the modem.
        """
        written: defaultdict[str, deque[float]] = defaultdict(deque)
        for imei, moment in sent:
            written[imei].append(moment)
        of_event, of_modem = [], []
        for pdu, (moment, wall) in zip(self[first:], self.at[first:], strict=True):
            imei, _, ts = read_submit(pdu).text.partition(" ")
            of_event.append(wall - parse_time(ts).timestamp())
            of_modem.append(moment - written[imei].popleft())
        return sorted(of_event), sorted(of_modem)


def prepare(module: Module, rules: str, folder: Path, modems: int, alerts: dict[str, Any]) -> HubRig:
    """Return a hub that knows its modems, with a rule and the GSM module."""
    settings: dict[str, Any] = {
        "relay": {"workers": 0},
        "alerts": alerts,
        "integrations": {"gsm_modem": {"port": module.path, "allow": [_NUMBER]}},
    }
    rig = HubRig(folder, modems, settings)
    rig.know()
    asyncio.run(_set_normal(folder / "data", modems))
    (folder / "automations.yaml").write_text(rules)
    return rig


async def _set_normal(data_dir: Path, modems: int) -> None:
    rows = [InputRow(str(IMEI_BASE + number), 1, normal="OFF") for number in range(modems)]

    def save(connection: Connection) -> None:
        for row in rows:
            save_input(connection, row)

    async with LocalStore(data_dir) as store:
        await store.write(save)


@contextlib.contextmanager
def fleet(rig: HubRig, modems: int) -> Iterator[Child]:
    """Run the hub with all modems online; yield their side."""
    command = [PYTHON, "-m", "benchmarks.echo_side"]
    with rig.run(), child(command, rig.folder / "far.log", talks=True) as far:
        far.hear()
        rig.wait_up("relay", "mqtt", "gsm_modem", "automation")
        ask(far, dial=modems, port=rig.modem_port, encapsulated=True, **{"from": 0})
        time.sleep(_SETTLE_S)  # noqa: TID251 - states and questions after the connect are through
        ask(far, tell=True)
        time.sleep(_SETTLE_S)  # noqa: TID251 - what all said at once is through
        yield far


def measure_each(folder: Path, modems: int, seconds: int) -> dict[str, float]:
    """Fifty changes a second, an SMS for each."""
    module = Module()
    with module.running():
        rig = prepare(module, _EACH, folder, modems, {"group_after": 1000, "group_within": "1s", "budgets": _UNBOUND})
        with fleet(rig, modems) as far:
            ask(far, changes=A_SECOND, a_second=A_SECOND)
            first = A_SECOND
            if not wait_for(lambda: len(module) >= first, 60):
                raise TimeoutError(f"{len(module)} of {first} SMS came: {rig.log.read_text()[-2000:]}")
            time.sleep(_REST_S)  # noqa: TID251 - the queue is empty and the start of the hub is over
            wanted = A_SECOND * seconds
            sent = ask(far, changes=wanted, a_second=A_SECOND)["sent"]
            if not wait_for(lambda: len(module) >= first + wanted, 60):
                raise TimeoutError(f"{len(module) - first} of {wanted} SMS came")
    of_event, of_modem = module.latencies(first, sent)
    last = len(of_event) - 1
    return {
        "p50_ms": of_event[last // 2] * 1000,
        "p99_ms": of_event[int(last * 0.99)] * 1000,
        "worst_ms": of_event[-1] * 1000,
        "from_modem_p50_ms": of_modem[last // 2] * 1000,
        "from_modem_p99_ms": of_modem[int(last * 0.99)] * 1000,
    }


def measure_burst(folder: Path, modems: int, burst: int) -> dict[str, float]:
    """Ten thousand changes at once, with the settings of a new hub."""
    module = Module()
    with module.running():
        rig = prepare(module, _USUAL, folder, modems, {})
        with fleet(rig, modems) as far:
            sent = ask(far, changes=burst)["sent"]
            written_s = sent[-1][1] - sent[0][1]
            if not wait_for(lambda: _asked(rig, _EVENTS) >= burst, 60):
                raise TimeoutError(f"{_asked(rig, _EVENTS)} of {burst} changes are in the journal")
            time.sleep(_QUIET_S)  # noqa: TID251 - the windows of what is gathered end
            # A machine that others use too is slow; what is asked is whether any alarm is missing in the end.
            wait_for(lambda: _asked(rig, _COUNTED) >= _asked(rig, _ALARMS), _LONGEST_S)
            found = {
                "burst_written_s": written_s,
                "burst_sms": float(len(module)),
                "burst_events": _asked(rig, _EVENTS),
                "burst_alarms": _asked(rig, _ALARMS),
                "burst_counted": _asked(rig, _COUNTED),
                "burst_incidents": _asked(rig, _INCIDENTS),
            }
    return found | {"burst_uncounted": found["burst_alarms"] - found["burst_counted"]}


_EVENTS: Final = "SELECT COUNT(*) FROM events WHERE type = 'gpi_changed'"
_ALARMS: Final = f"{_EVENTS} AND json_extract(data, '$.alarm')"
_COUNTED: Final = "SELECT COALESCE(SUM(count), 0) FROM incidents WHERE kind = 'gpi_alarm'"
_INCIDENTS: Final = "SELECT COUNT(*) FROM incidents WHERE kind = 'gpi_alarm'"


def _asked(rig: HubRig, statement: str) -> float:
    with contextlib.closing(sqlite3.connect(f"file:{rig.local_file}?mode=ro", uri=True)) as connection:
        return float(connection.execute(statement).fetchone()[0])


_ROWS: Final = {
    "p50_ms": "50 a second: event to SMS at the GSM module p50, ms",
    "p99_ms": "50 a second: event to SMS at the GSM module p99, ms",
    "worst_ms": "50 a second: event to SMS at the GSM module, worst, ms",
    "from_modem_p50_ms": "50 a second: write of the modem to SMS p50, ms",
    "from_modem_p99_ms": "50 a second: write of the modem to SMS p99, ms",
    "burst_written_s": "burst: written by the modems, s",
    "burst_events": "burst: changes in the journal",
    "burst_alarms": "burst: of them into alarm",
    "burst_incidents": "burst: incidents",
    "burst_counted": "burst: alarms that the incidents have counted",
    "burst_uncounted": "burst: alarms that no incident has counted",
    "burst_sms": "burst: SMS that left",
}


def main() -> None:
    """Measure, write the report."""
    modems, burst = sized("BENCH_MODEMS", 1000, 200), sized("BENCH_BURST", 10_000, 2000)
    seconds = sized("BENCH_SECONDS", 20, 5)
    machine = describe_machine()
    raise_descriptor_limit(2 * modems)
    with tempfile.TemporaryDirectory(prefix="irzhub-bench-", ignore_cleanup_errors=True) as name:
        values = measure_each(Path(name) / "each", modems, seconds)
        values |= measure_burst(Path(name) / "burst", modems, burst)
    title = f"{modems} modems online, {seconds} s of changes, a burst of {burst}"
    table = plain_table(title, {text: f"{values[key]:.2f}" for key, text in _ROWS.items()})
    data = {"modems": modems, "burst": burst, "values": values}
    print(write_report("gpi_to_sms", (__doc__ or "").strip(), [table], data, machine))


if __name__ == "__main__":
    main()
