"""One run of a rule: what set it off, how far it is, and what conditions and templates may ask of it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from irzhub.automation.agenda import Entry
from irzhub.automation.burden import Burden
from irzhub.automation.conditions import CountCondition
from irzhub.automation.context import fleet_values, modem_values, trigger_values
from irzhub.automation.occurrence import Occurrence
from irzhub.automation.ports import Calendars
from irzhub.automation.rule import Rule
from irzhub.automation.script import Script, script
from irzhub.automation.templates import TemplateFailed, Templates
from irzhub.automation.traces import Trace
from irzhub.automation.triggers import Trigger
from irzhub.core.clock import Clock
from irzhub.core.exceptions import UnknownModem
from irzhub.core.state import ModemState, StateStore

_COUNT_GOOD_S: Final = 0.2
_LATE_S: Final = 2.0


@dataclass(slots=True)
class World:
    """What runs look at; one for all of them.

    Args:
        zone: of the hub, in which times of day are meant.
        calendars: those that the hub keeps under names, None while nobody keeps any.
    """

    states: StateStore
    clock: Clock
    templates: Templates
    zone: tzinfo
    language: str = "ru"
    calendars: Calendars | None = None
    _counts: dict[tuple[Any, ...], tuple[float, int]] = field(default_factory=dict)

    def state_of(self, modem: str | None) -> ModemState | None:
        """Return the state of a modem, None for one that nobody knows."""
        if modem is None:
            return None
        try:
            return self.states.get(modem)
        except UnknownModem:
            return None

    def count(self, condition: CountCondition) -> int:
        """Return how many modems are as a condition says; good for a moment, as thousands may ask at once."""
        now = self.clock.monotonic()
        key = (condition.group, condition.organisation, condition.link, condition.input, condition.level)
        until, count = self._counts.get(key, (0.0, 0))
        if now < until:
            return count
        count = sum(condition.counts(state) for state in self.states)
        if len(self._counts) > 1000:
            self._counts.clear()
        self._counts[key] = (now + _COUNT_GOOD_S, count)
        return count


@dataclass(slots=True)
class Run:
    """One run.

    Args:
        lag_s: how long ago it would have begun, had the engine been there: time of day is asked for that moment.
        log: the answers so far; with them a run goes on after a restart.
        burden: what has to be kept before the thing that set it off may be forgotten.
        kept_key: under which it is remembered over a restart; empty while it is not.
        left_s: how long it still has to wait, when it waited before a restart; None otherwise.
    """

    world: World
    rule: Rule
    number: int
    occurrence: Occurrence
    trace: Trace
    burden: Burden
    lag_s: float = 0.0
    log: list[Any] = field(default_factory=list)
    variables: dict[str, Any] = field(default_factory=dict)
    steps: Script = field(init=False)
    kept_key: str = ""
    left_s: float | None = None
    waiting: Entry | None = None
    stop_waiting: Callable[[], None] | None = None
    version: int = 0
    is_over: bool = False
    _values: dict[str, Any] | None = None

    def __post_init__(self) -> None:
        self.steps = script(self.rule.actions)
        self.variables = dict(self.rule.variables)

    @property
    def key(self) -> tuple[str, str]:
        """What its mode is counted by: its rule and its modem, so that one door does not wait for another."""
        return self.rule.id, self.occurrence.modem or ""

    @property
    def trigger(self) -> Trigger:
        """The trigger that fired."""
        return self.rule.triggers[self.number]

    @property
    def subject(self) -> str:
        """What it is about."""
        return self.trigger.subject(self.occurrence)

    @property
    def trigger_id(self) -> str:
        return self.trigger.id

    def local_time(self) -> datetime:
        return (self.world.clock.now() - timedelta(seconds=self.lag_s)).astimezone(self.world.zone)

    def modem(self, modem: str | None) -> ModemState | None:
        return self.world.state_of(self.occurrence.modem if modem is None else modem)

    def count(self, condition: CountCondition) -> int:
        return self.world.count(condition)

    def is_within_calendar(self, name: str) -> bool:
        calendars = self.world.calendars
        return calendars is not None and calendars.covers(name, self.local_time())

    def is_true(self, template: str) -> bool:
        try:
            return self.world.templates.is_true(template, self.values(template))
        except TemplateFailed as error:
            self.trace.step("template", "failed", error=str(error), text=template)
            return False

    def render(self, template: str) -> str:
        """Return what a template of this rule gives.

        Raises:
            TemplateFailed: why it gives nothing.
        """
        return self.world.templates.render(template, self.values(template))

    def values(self, template: str) -> dict[str, Any]:
        """Return what a template may use."""
        if "{" not in template:
            return {}
        if self._values is None:
            self._values = {
                "modem": modem_values(self.modem(None), self.occurrence.modem),
                "trigger": trigger_values(self.occurrence, self.trigger, self.world.language),
                "rule": {"id": self.rule.id, "name": self.rule.name},
            }
        values = {**self._values, **self.variables}
        if "fleet" in template:
            values["fleet"] = fleet_values(self.world.states, self.trigger.group, self.trigger.organisation)
        return values

    def let_go(self) -> None:
        """It waits no more; time has gone by, so the modem is asked for again."""
        if self.waiting is not None:
            self.waiting.cancel()
        if self.stop_waiting is not None:
            self.stop_waiting()
        self.waiting = self.stop_waiting = None
        self._values = None

    def plain_text(self) -> str:
        """Return what is said in place of a text whose template failed: enough to know what happened, and where."""
        what = trigger_values(self.occurrence, self.trigger, self.world.language)["what"]
        modem = self.modem(None)
        name = "" if modem is None else modem.name
        imei = self.occurrence.modem or ""
        where = f"{name} ({imei})" if name and imei else name or imei
        return f"{self.rule.name}: {where}: {what}" if where else f"{self.rule.name}: {what}"


def lag_since(due: float, now: float) -> float:
    """Return how late something is, 0 for what is as late as all is that a computer does."""
    return late if (late := now - due) > _LATE_S else 0.0


def render_values(run: Run, values: Any) -> Any:
    """Return JSON values with the templates in their texts rendered.

    Raises:
        TemplateFailed: one of them gives nothing.
    """
    if isinstance(values, str):
        return run.render(values)
    if isinstance(values, dict):
        return {key: render_values(run, value) for key, value in values.items()}
    if isinstance(values, list):
        return [render_values(run, value) for value in values]
    return values
