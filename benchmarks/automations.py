"""What 10,000 rules cost: an engine with a rule for each of 10,000 modems takes 5,000 changes of their inputs.

Every rule waits 5 s and looks at the time of day before it tells; half of the changes open a door, the others close
one. A second run has 200 rules that are about any modem, so that each change asks them all. Only the engine runs:
no disk, no outbox. The figures are processor time, which a busy machine changes little.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from benchmarks.machine import describe_machine, plain_table, sized, write_report
from irzhub.alerts.messages import Message
from irzhub.automation.engine import Engine
from irzhub.automation.ports import Done, Kept
from irzhub.automation.replay import ReplayClock
from irzhub.automation.rule import Rule
from irzhub.automation.rule_source import read_rules_text
from irzhub.automation.run import World
from irzhub.automation.templates import Templates
from irzhub.core.bus import Bus
from irzhub.core.events import GpiChanged
from irzhub.core.metrics import Counter
from irzhub.core.services import ModemCommand, WakeModem
from irzhub.core.state import ModemState, StateStore

EVENTS = 5_000
EVENTS_PER_S = 50
_START = datetime(2026, 11, 20, 18, tzinfo=UTC)
_AT_ONCE = 2_500
_OWN = """
- id: r{number}
  triggers: [{{trigger: gpi, modem: "{modem}", input: 1, to: "on", for: 5s}}]
  conditions: [{{condition: time, after: "20:00", before: "08:00"}}]
  actions: [{{action: notify, target: duty, text: "{{{{ modem.name }}}}: {{{{ trigger.ts | local }}}}"}}]
"""
_ANY = """
- id: r{number}
  triggers: [{{trigger: gpi, input: 2, to: alarm}}]
  actions: [{{action: notify, target: duty, text: x}}]
"""


@dataclass
class Nothing:
    """Effects that do nothing, at once; `told` counts messages."""

    told: int = 0

    def tell(self, message: Message, done: Done) -> None:  # noqa: ARG002 - nothing leaves
        self.told += 1
        done({"status": "ok"})

    def command(self, command: ModemCommand, done: Done) -> None:  # noqa: ARG002
        done({"status": "ok"})

    def wake(self, wake: WakeModem, done: Done) -> None:  # noqa: ARG002
        done({"status": "ok"})

    def publish(self, topic: str, payload: str, *, retain: bool, done: Done) -> None:  # noqa: ARG002
        done({"status": "ok"})

    def keep(self, kept: Kept, done: Callable[[], None]) -> None:  # noqa: ARG002
        done()

    def drop(self, key: str, done: Callable[[], None]) -> None:  # noqa: ARG002
        done()


def modem_of(number: int) -> str:
    """Return the id of the modem of a rule."""
    return f"86844103{number:07d}"


def read(pattern: str, count: int) -> list[Rule]:
    """Return rules as a file would give them; several files, as one holds a megabyte."""
    rules: list[Rule] = []
    for first in range(0, count, _AT_ONCE):
        numbers = range(first, min(count, first + _AT_ONCE))
        found = read_rules_text("".join(pattern.format(number=number, modem=modem_of(number)) for number in numbers))
        assert not found.problems, found.problems[0]
        rules += found.rules
    return rules


def measure(modems: int) -> dict[str, float]:
    """Return seconds and microseconds of processor time."""
    clock, effects, bus = ReplayClock(_START), Nothing(), Bus()
    states, zone = StateStore(bus), ZoneInfo("Europe/Moscow")
    for number in range(modems):
        states.add(ModemState(modem=modem_of(number), imei=modem_of(number), name=f"Modem {number}", group="North"))
    world = World(states, clock, Templates(zone), zone)
    engine = Engine(world, effects, lambda _seq: None, Counter("runs", "Runs"))
    found: dict[str, float] = {}

    def take_all() -> float:
        began = time.process_time()
        for seq in range(1, EVENTS + 1):
            is_on = seq % 2 == 1
            event = GpiChanged(
                ts=clock.now(),
                modem=modem_of(seq % modems),
                seq=seq,
                id=f"{seq:026d}",
                pin=1,
                level="ON" if is_on else "OFF",
                previous="OFF" if is_on else "ON",
                source="report",
            )
            engine.take(event)
        return (time.process_time() - began) / EVENTS * 1e6

    began = time.process_time()
    rules = read(_OWN, modems)
    found["read_s"] = time.process_time() - began
    began = time.process_time()
    engine.set_rules("file", rules)
    found["set_s"] = time.process_time() - began
    found["event_us"] = take_all()
    clock.move(clock.now() + timedelta(seconds=6))
    began = time.process_time()
    engine.tick()
    found["told"] = effects.told
    found["run_us"] = (time.process_time() - began) / effects.told * 1e6
    found["cpu_percent"] = (found["event_us"] + found["run_us"] / 2) * EVENTS_PER_S / 1e6 * 100
    engine.set_rules("file", read(_ANY, 200))
    found["any_event_us"] = take_all()
    return found


_ROWS = {
    "read_s": "reading the rules, s",
    "set_s": "taking them in, s",
    "event_us": "an event, µs",
    "run_us": "a run that tells somebody, µs",
    "told": "messages",
    "cpu_percent": "processor at 50 events a second, half of which are told, %",
    "any_event_us": "an event that 200 rules for any modem are asked of, µs",
}


def main() -> None:
    """Parse the command line, measure, write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rules", type=int, default=sized("BENCH_MODEMS", 10_000, 1000))
    rules = parser.parse_args().rules
    machine = describe_machine()
    found = measure(rules)
    table = plain_table(f"{rules} rules", {title: f"{found[key]:.2f}" for key, title in _ROWS.items()})
    data = {"modems": rules, "values": found}
    print(write_report("automations", (__doc__ or "").strip(), [table], data, machine))


if __name__ == "__main__":
    main()
