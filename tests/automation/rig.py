"""An engine on a clock of its own; what it tells, commands and keeps is a list that the tests read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from irzhub.alerts.messages import Message
from irzhub.automation.engine import Engine
from irzhub.automation.ports import Done, Kept
from irzhub.automation.rule import Rule
from irzhub.automation.run import World
from irzhub.automation.schema import read_rule
from irzhub.automation.shape import Complaints
from irzhub.automation.templates import Templates
from irzhub.config.yaml_file import read_yaml
from irzhub.core.bus import Bus
from irzhub.core.events import Event, GpiChanged, Level, ModemConnected, ModemDisconnected
from irzhub.core.metrics import Metrics
from irzhub.core.services import ModemCommand, WakeModem
from irzhub.core.state import ModemState, StateChanged, StateStore
from irzhub.core.ulid import new_ulid

MODEM = "868441036775234"
OTHER = "868441036775242"
START = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)
"""A Friday, 21:00 in Moscow."""
ZONE = ZoneInfo("Europe/Moscow")


@dataclass
class TestClock:
    """Time that the test moves."""

    __test__ = False
    moment: datetime = START
    seconds: float = 1000.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds

    def go(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
        self.seconds += seconds


@dataclass
class Effects:
    """Notes what the engine does; everything works at once, unless `is_slow`: then `finish` ends what waits."""

    told: list[Message] = field(default_factory=list)
    commands: list[ModemCommand] = field(default_factory=list)
    wakes: list[WakeModem] = field(default_factory=list)
    published: list[tuple[str, str, bool]] = field(default_factory=list)
    kept: dict[str, Kept] = field(default_factory=dict)
    outcome: dict[str, Any] = field(default_factory=lambda: {"status": "ok"})
    is_slow: bool = False
    open: list[Callable[[], None]] = field(default_factory=list)

    def tell(self, message: Message, done: Done) -> None:
        self.told.append(message)
        self._end(lambda: done(self.outcome))

    def command(self, command: ModemCommand, done: Done) -> None:
        self.commands.append(command)
        self._end(lambda: done(self.outcome))

    def wake(self, wake: WakeModem, done: Done) -> None:
        self.wakes.append(wake)
        self._end(lambda: done(self.outcome))

    def publish(self, topic: str, payload: str, *, retain: bool, done: Done) -> None:
        self.published.append((topic, payload, retain))
        self._end(lambda: done(self.outcome))

    def keep(self, kept: Kept, done: Callable[[], None]) -> None:
        def store() -> None:
            self.kept[kept.key] = kept
            done()

        self._end(store)

    def drop(self, key: str, done: Callable[[], None]) -> None:
        def remove() -> None:
            self.kept.pop(key, None)
            done()

        self._end(remove)

    def finish(self) -> None:
        while self.open:
            self.open.pop(0)()

    def _end(self, work: Callable[[], None]) -> None:
        if self.is_slow:
            self.open.append(work)
        else:
            work()


@dataclass
class Rig:
    """One engine with two modems in the group Север/Котельные."""

    clock: TestClock = field(default_factory=TestClock)
    effects: Effects = field(default_factory=Effects)
    metrics: Metrics = field(default_factory=Metrics)
    bus: Bus = field(default_factory=Bus)
    settled: list[int] = field(default_factory=list)
    seq: int = 0
    states: StateStore = field(init=False)
    engine: Engine = field(init=False)

    def __post_init__(self) -> None:
        self.states = StateStore(self.bus)
        for modem, name in ((MODEM, "Котельная 5"), (OTHER, "Насосная")):
            self.states.add(
                ModemState(modem=modem, imei=modem, name=name, group="Север/Котельные", organisation="teplo")
            )
        self.engine = self.make_engine()
        self.bus.subscribe(StateChanged, lambda change: self.engine.note_state(change))

    def make_engine(self) -> Engine:
        world = World(self.states, self.clock, Templates(ZONE), ZONE)
        runs = self.metrics.counter("automation_runs_total", "Runs", "result")
        return Engine(world, self.effects, self.settled.append, runs)

    def rules(self, text: str) -> None:
        self.engine.set_rules("file", read_rules(text))

    def restart(self, text: str) -> None:
        """Kill the engine and start another one with what was kept."""
        self.engine = self.make_engine()
        self.rules(text)
        self.engine.restore(list(self.effects.kept.values()))

    def take(self, event: Event) -> None:
        self.engine.take(event)

    def go(self, seconds: float) -> None:
        self.clock.go(seconds)
        self.engine.tick()

    def gpi(self, level: Level, pin: int = 1, modem: str = MODEM, **more: Any) -> GpiChanged:
        previous: Level = "OFF" if level == "ON" else "ON"
        event = GpiChanged(**self.common(modem), pin=pin, level=level, previous=previous, source="report", **more)
        self.take(event)
        return event

    def lost(self, modem: str = MODEM, reason: Any = "keepalive_lost") -> ModemDisconnected:
        event = ModemDisconnected(**self.common(modem), reason=reason)
        self.take(event)
        return event

    def back(self, modem: str = MODEM) -> ModemConnected:
        event = ModemConnected(**self.common(modem), session="s", peer="203.0.113.9:40000")
        self.take(event)
        return event

    def common(self, modem: str | None = MODEM) -> dict[str, Any]:
        self.seq += 1
        now = self.clock.now()
        return {"ts": now, "modem": modem, "seq": self.seq, "id": new_ulid(int(now.timestamp() * 1000))}

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.effects.told]

    def results(self, rule: str = "r") -> list[str]:
        return [trace["result"] for trace in reversed(self.engine.traces.of(rule))]


def read_rules(text: str) -> list[Rule]:
    """Return the rules of a YAML text, which must be good."""
    tree, problems = read_yaml(text, "automations.yaml")
    complaints = Complaints()
    found = [read_rule(value, (number,), complaints) for number, value in enumerate(tree.value)]
    assert not problems
    assert not complaints.found, complaints.found
    return [rule for rule in found if rule is not None]
