"""What rules would have done over recorded events: whom they had told what, and how many SMS that is. Pure.

The engine is the one of the hub, on a clock that the events move. Nothing leaves: commands, wakes and messages to
the broker are counted and taken to have worked.
"""

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from irzhub.alerts.messages import Message, Recipient
from irzhub.alerts.outbox_damping import Damper
from irzhub.alerts.outbox_texts import sms_parts
from irzhub.automation.desk import DryRun, WouldTell
from irzhub.automation.engine import Engine
from irzhub.automation.ports import Calendars, Done, Kept
from irzhub.automation.rule import Rule
from irzhub.automation.run import World
from irzhub.automation.templates import Templates
from irzhub.automation.triggers import HubTrigger, MqttTrigger, ThresholdTrigger, WebhookTrigger
from irzhub.core.bus import Bus
from irzhub.core.events import Event, GpiChanged, GpoChanged, ModemConnected, ModemDisconnected
from irzhub.core.metrics import Counter
from irzhub.core.services import ModemCommand, WakeModem
from irzhub.core.state import ModemState, StateChanged, StateStore

MOST_TICKS: Final = 500_000
"""Moments at which something was due beside events; a rule for every second would take a month of them."""

Reach = Callable[[Message, datetime], Sequence[Recipient]]
"""Says whom a message reaches at a moment."""


@dataclass(slots=True)
class ReplayClock:
    """Time that the events move."""

    moment: datetime
    seconds: float = 0.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds

    def move(self, moment: datetime) -> None:
        """Go forward; a recorded clock that went back stands still."""
        if (ahead := (moment - self.moment).total_seconds()) > 0:
            self.moment, self.seconds = moment, self.seconds + ahead


@dataclass(slots=True)
class _Ledger:
    """The effects of a replay: notes what would have left, and tells the engine that it worked."""

    clock: ReplayClock
    reach: Reach
    most_told: int
    damper: Damper = field(default_factory=Damper)
    told: list[WouldTell] = field(default_factory=list)
    told_count: int = 0
    segments: int = 0
    actions: dict[str, dict[str, int]] = field(default_factory=dict)
    _later: list[Callable[[], None]] = field(default_factory=list)
    _last: dict[str, tuple[Message, tuple[Recipient, ...]]] = field(default_factory=dict)

    def tell(self, message: Message, done: Done) -> None:
        self._later.append(lambda: done({"status": "ok"}))
        recipients = tuple(self.reach(message, self.clock.now()))
        if not recipients:
            recipients = message.recipients
        key = "\n".join([message.rule, message.subject, *map(_shown, recipients), *message.targets])
        self._last[key] = message, recipients
        if not self.damper.folds(key, {"severity": message.severity}, message.damp_s, self.clock.now()):
            self._leave(message, recipients, 0)

    def end_windows(self) -> None:
        """Have the follow-ups leave whose windows are over by now."""
        for window in self.damper.due(self.clock.now()):
            message, recipients = self._last[window.key]
            self._leave(message, recipients, window.count)
        for key in self.damper.take_changes()[1]:
            self._last.pop(key, None)

    def next_window(self) -> datetime | None:
        return self.damper.next_due()

    def command(self, command: ModemCommand, done: Done) -> None:
        self._count(command.origin.removeprefix("rule:"), f"command {command.command}")
        self._later.append(lambda: done({"status": "ok", "data": {}, "error": None}))

    def wake(self, wake: WakeModem, done: Done) -> None:
        self._count(wake.reason.removeprefix("rule:"), "wake")
        self._later.append(lambda: done({"status": "ok", "data": {}, "error": None}))

    def publish(self, topic: str, payload: str, *, retain: bool, done: Done) -> None:  # noqa: ARG002 - nothing leaves
        self._count("", f"mqtt {topic}")
        self._later.append(lambda: done({"status": "ok"}))

    def keep(self, kept: Kept, done: Callable[[], None]) -> None:  # noqa: ARG002 - there is no restart
        self._later.append(done)

    def drop(self, key: str, done: Callable[[], None]) -> None:  # noqa: ARG002
        self._later.append(done)

    def finish(self) -> None:
        """Tell the engine that all it asked for has worked."""
        while self._later:
            later, self._later = self._later, []
            for work in later:
                work()

    def _count(self, rule: str, action: str) -> None:
        counts = self.actions.setdefault(rule, {})
        if action in counts or len(counts) < 100:
            counts[action] = counts.get(action, 0) + 1

    def _leave(self, message: Message, recipients: tuple[Recipient, ...], folded: int) -> None:
        by_sms = sum(each.channel == "sms" for each in recipients)
        segments = by_sms * sms_parts(message.text)
        self.told_count += 1
        self.segments += segments
        if len(self.told) >= self.most_told:
            return
        names = () if recipients else tuple(f"contact:{name}" for name in message.targets)
        self.told.append(
            WouldTell(
                ts=self.clock.now(),
                rule=message.rule,
                subject=message.subject,
                modem=message.modem,
                text=message.text,
                title=message.title,
                severity=message.severity,
                recipients=(*map(_shown, recipients), *names),
                sms_segments=segments,
                folded=folded,
            )
        )


def nobody(_message: Message, _now: datetime) -> Sequence[Recipient]:
    """Stand in where nobody can say whom a message reaches."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayWorld:
    """What a replay knows beside the events.

    Args:
        states: the modems as they are known now: names, groups; what events say of them replaces the rest.
        reach: whom messages reach; without it a contact stays a name.
    """

    states: Iterable[ModemState]
    templates: Templates
    zone: Any
    language: str = "ru"
    calendars: Calendars | None = None
    reach: Reach = nobody


def replay(
    rules: Sequence[Rule],
    events: Iterable[Event],
    since: datetime,
    until: datetime,
    world: ReplayWorld,
    most_told: int = 1000,
) -> DryRun:
    """Run rules over events in order of their number; those outside `since` .. `until` only set the scene."""
    clock = ReplayClock(since)
    ledger = _Ledger(clock, world.reach, most_told)
    states = StateStore(bus := Bus())
    for state in world.states:
        states.add(dataclasses.replace(state, link="offline", gpi={}, gpo={}, csq=None, temperature_c=None))
    seen = World(states, clock, world.templates, world.zone, world.language, world.calendars)
    engine = Engine(seen, ledger, lambda _seq: None, Counter("runs", "Runs"))
    engine.set_rules("file", [dataclasses.replace(rule, source="file") for rule in rules])
    bus.subscribe(StateChanged, engine.note_state)
    player = _Player(engine, ledger, clock, states)
    count = 0
    for event in events:
        if event.ts >= until:
            break
        player.state(event)
        if event.ts >= since:
            player.until(event.ts)
            engine.take(event)
            ledger.finish()
            count += 1
    player.until(until)
    return DryRun(
        since=since,
        until=until,
        events=count,
        runs={rule: dict(counts) for rule, counts in engine.traces.counts.items()},
        told=tuple(ledger.told),
        told_count=ledger.told_count,
        sms_segments=ledger.segments,
        actions=ledger.actions,
        notes=tuple(_notes(rules, world.language, is_cut=player.ticks >= MOST_TICKS)),
    )


@dataclass(slots=True)
class _Player:
    """Moves time and states."""

    engine: Engine
    ledger: _Ledger
    clock: ReplayClock
    states: StateStore
    ticks: int = 0

    def until(self, moment: datetime) -> None:
        """Do all that is due before a moment, each at its own time."""
        while self.ticks < MOST_TICKS:
            self.engine.tick()
            self.ledger.finish()
            self.ledger.end_windows()
            due = [self.clock.now() + timedelta(seconds=min(self.engine.next_s(), 1e9))]
            if (window := self.ledger.next_window()) is not None:
                due.append(window)
            if (next_ := max(min(due), self.clock.now() + timedelta(milliseconds=1))) > moment:
                break
            self.ticks += 1
            self.clock.move(next_)
        self.clock.move(moment)

    def state(self, event: Event) -> None:
        """Have states follow an event, as far as events tell of them."""
        modem = event.modem
        if modem is None:
            return
        if modem not in self.states:
            self.states.add(ModemState(modem=modem, imei=modem.partition("_")[0]))
        known = self.states.get(modem)
        match event:
            case ModemConnected():
                csq = known.csq if event.csq is None else event.csq
                self.states.update(modem, link="online", csq=csq, sim=event.sim, last_seen=event.ts)
            case ModemDisconnected() if event.reason != "replaced":
                self.states.update(modem, link="offline", last_seen=event.ts)
            case GpiChanged():
                self.states.update(modem, gpi={**known.gpi, event.pin: event.level}, observed_at=event.ts)
            case GpoChanged():
                self.states.update(modem, gpo={**known.gpo, event.pin: event.level}, observed_at=event.ts)
            case _:
                pass


_NOTES: Final = {
    "en": (
        "signal and temperature are recorded as series: of signals only those at a connect are replayed",
        "messages of the broker, webhooks and the state of the hub's parts are not recorded",
        f"it ended early: more than {MOST_TICKS} moments were due; narrow the period or the time triggers",
    ),
    "ru": (
        "сигнал и температура пишутся рядами: из сигналов повторяются только те, что были при подключении",
        "сообщения брокера, вебхуки и состояние частей хаба не записываются",
        f"закончено раньше: сработок по времени больше {MOST_TICKS}; сузьте период или триггеры времени",
    ),
}


def _notes(rules: Sequence[Rule], language: str, *, is_cut: bool) -> Iterable[str]:
    """Say what a replay cannot know."""
    thresholds, untold, cut = _NOTES["ru" if language == "ru" else "en"]
    triggers = [trigger for rule in rules for trigger in rule.triggers]
    if any(isinstance(trigger, ThresholdTrigger) for trigger in triggers):
        yield thresholds
    if any(isinstance(trigger, MqttTrigger | WebhookTrigger | HubTrigger) for trigger in triggers):
        yield untold
    if is_cut:
        yield cut


def _shown(recipient: Recipient) -> str:
    return f"{recipient.channel}:{recipient.address}"
