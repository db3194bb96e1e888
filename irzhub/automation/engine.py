"""Runs the rules: takes what happens, holds what has to last, starts runs and keeps their traces.

It reads no clock but the one that it is given, starts no task and opens nothing: the hub drives it in real time
(`part.py`), a replay drives it through a month in a second (`replay.py`), and both get the same.
"""

import logging
import math
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from irzhub.automation.agenda import Agenda
from irzhub.automation.breaker import Breaker
from irzhub.automation.burden import Burden
from irzhub.automation.conditions import all_hold
from irzhub.automation.holds import Holds
from irzhub.automation.index import Place, TriggerIndex
from irzhub.automation.occurrence import Occurrence
from irzhub.automation.performer import Performer
from irzhub.automation.ports import Effects, Incidents, Kept
from irzhub.automation.rule import Rule
from irzhub.automation.rule_book import RuleBook
from irzhub.automation.run import Run, World, lag_since
from irzhub.automation.schedule import Schedule
from irzhub.automation.script import Stopped
from irzhub.automation.thresholds import Thresholds
from irzhub.automation.traces import Result, Trace, Traces
from irzhub.automation.triggers import ThresholdTrigger, TimeTrigger, Trigger, kinds_of, kinds_that_end
from irzhub.automation.waits import Waits
from irzhub.core.events import Event
from irzhub.core.metrics import Counter
from irzhub.core.state import ModemForgotten, StateChanged
from irzhub.core.ulid import new_ulid

_log = logging.getLogger(__name__)

MOST_WAITING: Final = 50_000
"""Runs and holds that wait at the same time; beyond it new ones are left out, and that is said."""
_WARN_EVERY_S: Final = 60.0


class Engine:
    """The rules of one hub.

    Args:
        settled: is told the number of each event once all that follows from it is kept.
        runs: counts runs by how they ended.
        incidents: what is open, None while nobody keeps incidents.
        sooner: called when something is due before all that was due so far; then `tick` says when.
    """

    def __init__(
        self,
        world: World,
        effects: Effects,
        settled: Callable[[int], None],
        runs: Counter,
        incidents: Incidents | None = None,
        sooner: Callable[[], None] = lambda: None,
    ) -> None:
        self._world = world
        self._effects = effects
        self._settled = settled
        self._counter = runs
        self.traces = Traces()
        self.book = RuleBook()
        self._agenda = Agenda(sooner)
        self._breaker = Breaker()
        self._fires = TriggerIndex()
        self._ends = TriggerIndex()
        self._schedule = Schedule(world.zone)
        self._thresholds = Thresholds()
        self._holds = Holds(world.clock, self._agenda, effects, self._lasted)
        self._waits = Waits(world)
        self._running: dict[tuple[str, str], list[Run]] = {}
        self._queued: dict[tuple[str, str], deque[Run]] = {}
        self._run_count = 0
        self._warned: dict[str, float] = {}
        self._performer = Performer(
            world, effects, self._agenda, self._breaker, self._ended, self._waits.listen, incidents
        )

    # Rules.

    def set_rules(self, source: str, rules: Sequence[Rule]) -> None:
        """Replace the rules of a source; what has begun under a rule that stays as it is goes on.

        Raises:
            ValueError: an id is used twice, or by another source.
        """
        gone = self.book.set(source, rules)
        self._index()
        for rule in gone:
            self._holds.cancel_rule(rule.id, self.book.get(rule.id))
            if rule.id not in self.book:
                self._forget(rule.id)

    def switch(self, disabled: Iterable[str], enabled: Iterable[str] = ()) -> None:
        """Leave out, and let run, these rules from now on, whatever their own `enabled` says."""
        self.book.disabled, self.book.enabled = frozenset(disabled), frozenset(enabled)
        self._index()

    def _index(self) -> None:
        self._fires, self._ends = TriggerIndex(), TriggerIndex()
        timed: list[Place] = []
        bounds: list[Place] = []
        for rule in self.book.active():
            for number, trigger in enumerate(rule.triggers):
                self._fires.add(kinds_of(trigger), (rule, number))
                self._ends.add(kinds_that_end(trigger), (rule, number))
                if isinstance(trigger, TimeTrigger):
                    timed.append((rule, number))
                elif isinstance(trigger, ThresholdTrigger):
                    bounds.append((rule, number))
        self._schedule.set_places(timed, self._world.clock.now())
        self._thresholds.set_places(bounds, self._world.states)

    def _forget(self, rule: str) -> None:
        self.traces.forget(rule)
        for runs in [*self._running.values(), *self._queued.values()]:
            for run in [each for each in runs if each.rule.id == rule]:
                self._performer.cancel(run)

    # What happens.

    def take(self, event: Event) -> None:
        """Take in an event of the journal, which may be of the past: then what was due before it is done first."""
        late = self._late(event.ts)
        self._agenda.run_until(self._world.clock.monotonic() - late)
        burden = Burden(partial(self._settled, event.seq))
        if (
            event.type in self._fires
            or event.type in self._ends
            or event.type in self._waits
            or event.type == "deleted"
        ):
            self._notice(Occurrence.of(event), burden, late)
        burden.release()

    def happen(self, kind: str, data: dict[str, Any], *, id_: str = "", modem: str | None = None) -> None:
        """Take in something that is not journaled: `mqtt`, `hub`, `webhook` (see `triggers.py` for their data)."""
        if kind in self._fires or kind in self._ends or kind in self._waits:
            self._notice(self._made(kind, data, modem, id_), Burden(lambda: None), 0.0)

    def listens(self, kind: str, wanted: Callable[[Trigger], bool]) -> bool:
        """Say whether some rule has a trigger of a kind that is as `wanted` says."""
        triggers = (trigger for rule in self.book.active() for trigger in rule.triggers)
        return any(kind in kinds_of(trigger) and wanted(trigger) for trigger in triggers)

    def note_state(self, change: StateChanged) -> None:
        """Take in new values of a modem."""
        for place, kind, value, is_beyond in self._thresholds.note(change.state, change.fields):
            occurrence = self._made(kind, {"value": value}, change.state.modem, "")
            if is_beyond:
                self._fire(place, occurrence, Burden(lambda: None), 0.0)
            else:
                rule, number = place
                self._holds.cancel((rule.id, number, rule.triggers[number].subject(occurrence)), Burden(lambda: None))

    def note_fleet(self) -> None:
        """The modems are known now: what they have are states, what they have next are changes."""
        self._thresholds.begin(self._world.states)

    def note_forgotten(self, gone: ModemForgotten) -> None:
        """A modem was deleted."""
        self._thresholds.forget(gone.state.modem)

    def tick(self) -> float:
        """Do what is due; return the seconds until there is more to do, infinity when nothing is planned."""
        clock = self._world.clock
        self._agenda.run_until(clock.monotonic())
        for place, moment in self._schedule.take(clock.now()):
            id_ = f"time/{moment.timestamp():.0f}"
            self._fire(place, Occurrence(kind="time", ts=moment, id=id_), Burden(lambda: None), 0.0)
        return self.next_s()

    def next_s(self) -> float:
        """Return the seconds until there is more to do, infinity when nothing is planned."""
        found = [math.inf]
        if (due := self._agenda.next_due()) is not None:
            found.append(due - self._world.clock.monotonic())
        if (moment := self._schedule.next_due()) is not None:
            found.append((moment - self._world.clock.now()).total_seconds())
        return max(0.0, min(found))

    def _made(self, kind: str, data: dict[str, Any], modem: str | None, id_: str) -> Occurrence:
        now = self._world.clock.now()
        return Occurrence(kind=kind, ts=now, id=id_ or self._ulid(now), modem=modem, data=data)

    @staticmethod
    def _ulid(now: datetime) -> str:
        return new_ulid(int(now.timestamp() * 1000))

    def _late(self, ts: datetime) -> float:
        return lag_since(0.0, (self._world.clock.now() - ts).total_seconds())

    def _notice(self, occurrence: Occurrence, burden: Burden, lag_s: float) -> None:
        depth = self._breaker.depth_of(occurrence, self._world.clock.monotonic())
        if depth:
            occurrence = Occurrence(**{**occurrence.to_json(), "ts": occurrence.ts, "depth": depth})
        kind, modem = occurrence.kind, occurrence.modem
        state = self._world.state_of(modem)
        if kind == "deleted" and modem is not None:
            self._holds.cancel_modem(modem, burden)
        for rule, number in list(self._ends.find(kind, modem, state)):
            trigger = rule.triggers[number]
            if trigger.ends(occurrence):
                self._holds.cancel((rule.id, number, trigger.subject(occurrence)), burden)
        self._waits.take(occurrence)
        for place in list(self._fires.find(kind, modem, state)):
            if place[0].triggers[place[1]].fires(occurrence):
                self._fire(place, occurrence, burden, lag_s)

    # Runs.

    def _fire(self, place: Place, occurrence: Occurrence, burden: Burden, lag_s: float) -> None:
        rule, number = place
        if not rule.triggers[number].for_s:
            self._run(rule, number, occurrence, burden, lag_s)
        elif self._waiting < MOST_WAITING:
            self._holds.add(rule, number, occurrence, burden, lag_s)
        else:
            self._leave_out(rule, number, occurrence, f"{MOST_WAITING} others wait already")

    def _lasted(self, rule: Rule, number: int, occurrence: Occurrence, burden: Burden, lag_s: float) -> None:
        """What a rule waits for has lasted long enough."""
        current = self.book.get(rule.id)
        if current is not None and self.book.is_active(current):
            self._run(current, number, occurrence, burden, lag_s)

    def _run(self, rule: Rule, number: int, occurrence: Occurrence, outer: Burden, lag_s: float) -> None:
        run = self._prepare(rule, number, occurrence, outer, lag_s)
        now = self._world.clock.monotonic()
        if self.book.acts(rule.id) and not self._breaker.lets_run(rule.id, occurrence.depth, now):
            self._warn(rule, "sets itself off: it is stopped until that ends")
            run.trace.error = "the rule sets itself off"
            self._ended(run, "broken")
            run.burden.release()
        elif not all_hold(rule.conditions, run):
            self._ended(run, "conditions")
            run.burden.release()
        else:
            self._admit(run)

    def _prepare(self, rule: Rule, number: int, occurrence: Occurrence, outer: Burden, lag_s: float) -> Run:
        outer.add()
        trace = Trace(
            id=self._ulid(self._world.clock.now()),
            rule=rule.id,
            ts=occurrence.ts,
            trigger=number,
            event=occurrence.shown(),
        )
        return Run(self._world, rule, number, occurrence, trace, Burden(outer.release), lag_s)

    def _admit(self, run: Run) -> None:
        """Start a run, or do with it what the mode of its rule says."""
        rule, running = run.rule, self._running.get(run.key, [])
        if running and rule.mode == "restart":
            for other in list(running):
                self._performer.cancel(other)
        elif running and rule.mode == "queued":
            queue = self._queued.setdefault(run.key, deque())
            if len(running) + len(queue) < rule.max:
                queue.append(run)
                self._run_count += 1
                return
            self._skip(run, f"{rule.max} runs for this modem wait already")
            return
        elif running and (rule.mode == "single" or len(running) >= rule.max):
            self._skip(run, "another run for this modem has not ended")
            return
        if self._waiting >= MOST_WAITING:
            self._skip(run, f"{MOST_WAITING} others wait already")
            return
        self._start(run)

    def _start(self, run: Run) -> None:
        self._running.setdefault(run.key, []).append(run)
        self._run_count += 1
        self._performer.begin(run)

    def _skip(self, run: Run, why: str) -> None:
        run.trace.error = why
        self._ended(run, "skipped")
        run.burden.release()

    def _leave_out(self, rule: Rule, number: int, occurrence: Occurrence, why: str) -> None:
        self._warn(rule, f"is left out: {why}")
        outer = Burden(lambda: None)
        self._skip(self._prepare(rule, number, occurrence, outer, 0.0), why)

    def _ended(self, run: Run, result: Result) -> None:
        run.is_over = True
        run.trace.result, run.trace.ended_at = result, self._world.clock.now()
        self.traces.add(run.trace)
        self._counter.add(1, result)
        if result == "failed":
            self._warn(run.rule, f"failed: {run.trace.error}")
        running, queue = self._running.get(run.key, []), self._queued.get(run.key)
        if run in running:
            running.remove(run)
            self._run_count -= 1
        elif queue is not None and run in queue:
            queue.remove(run)
            self._run_count -= 1
        if queue and not running:
            self._agenda.at(self._world.clock.monotonic(), partial(self._start_next, run.key))
        if not running:
            self._running.pop(run.key, None)

    def _start_next(self, key: tuple[str, str]) -> None:
        queue = self._queued.get(key)
        if queue and not self._running.get(key):
            run = queue.popleft()
            self._run_count -= 1
            self._start(run)
        if not queue:
            self._queued.pop(key, None)

    @property
    def _waiting(self) -> int:
        return self._run_count + len(self._holds)

    def unfinished(self) -> dict[str, int]:
        """Return how many runs and waits each rule has that have not ended; rules without any are left out."""
        found: dict[str, int] = self._holds.count_by_rule()
        for runs in [*self._running.values(), *self._queued.values()]:
            for run in runs:
                found[run.rule.id] = found.get(run.rule.id, 0) + 1
        return found

    def _warn(self, rule: Rule, text: str) -> None:
        now = self._world.clock.monotonic()
        if now >= self._warned.get(rule.id, now):
            self._warned[rule.id] = now + _WARN_EVERY_S
            _log.warning("the automation %r %s", rule.name, text)

    # After a restart.

    def restore(self, kept: Iterable[Kept]) -> None:
        """Go on with what was waited for, and with the runs that had not ended, when the hub was stopped."""
        for each in kept:
            rule = self.book.get(each.rule)
            try:
                if rule is None or not self.book.is_active(rule):
                    raise Stopped("there is no such rule any more")
                number = int(each.data["trigger"])
                occurrence = Occurrence.from_json(each.data["occurrence"])
                if occurrence.kind not in kinds_of(rule.triggers[number]):
                    raise Stopped("its triggers are others now")
                if each.kind == "hold":
                    self._holds.restore(each, rule, number, occurrence)
                else:
                    self._resume(each, rule, number, occurrence)
            except (Stopped, LookupError, TypeError, ValueError) as error:
                _log.warning("what the automation %r had begun is not gone on with: %s", each.rule, error)
                self._effects.drop(each.key, lambda: None)

    def _resume(self, kept: Kept, rule: Rule, number: int, occurrence: Occurrence) -> None:
        if kept.data["actions"] != rule.mark:
            raise Stopped("its actions are others now")
        run = self._prepare(rule, number, occurrence, Burden(lambda: None), 0.0)
        run.trace.id, run.kept_key = kept.key.removeprefix("run/"), kept.key
        run.trace.step("", "restart")
        if kept.due is not None:
            run.left_s = (kept.due - self._world.clock.now()).total_seconds()
        self._running.setdefault(run.key, []).append(run)
        self._run_count += 1
        try:
            self._performer.resume(run, list(kept.data["log"]))
        except BaseException:
            self._running[run.key].remove(run)
            self._run_count -= 1
            raise
