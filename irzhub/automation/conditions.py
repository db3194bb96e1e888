"""What must hold for a rule to run. A condition asks a `View`, and nobody else: so replays can answer it too."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol, TypeAlias, runtime_checkable

from irzhub.automation.occurrence import Occurrence
from irzhub.core.events import Level
from irzhub.core.groups import is_within
from irzhub.core.state import Link, ModemState

Attribute: TypeAlias = Literal["csq", "rssi_dbm", "temperature_c", "clients", "sim"]


class View(Protocol):
    """What a condition may ask: of the moment, of modems and of what set the rule off."""

    @property
    def occurrence(self) -> Occurrence:
        """What set the rule off."""

    @property
    def trigger_id(self) -> str:
        """The `id` of the trigger that fired."""

    def local_time(self) -> datetime:
        """Return the moment on the clock of the hub's zone."""

    def modem(self, modem: str | None) -> ModemState | None:
        """Return the state of a modem, None for one that nobody knows; None asks for the trigger's own."""

    def count(self, condition: "CountCondition") -> int:
        """Return how many modems are as a condition says."""

    def is_within_calendar(self, name: str) -> bool:
        """Say whether a calendar of the hub covers the moment."""

    def is_true(self, template: str) -> bool:
        """Say whether a template gives a word for yes; one that fails says no, and the trace says why."""


@runtime_checkable
class Condition(Protocol):
    """One condition, or several in one."""

    def holds(self, view: View) -> bool:
        """Say whether it holds now."""


def all_hold(conditions: Sequence[Condition], view: View) -> bool:
    """Say whether every one of some conditions holds; none of them: yes."""
    return all(condition.holds(view) for condition in conditions)


@dataclass(frozen=True, slots=True)
class AndCondition:
    """All of several."""

    conditions: tuple[Condition, ...]

    def holds(self, view: View) -> bool:
        return all_hold(self.conditions, view)


@dataclass(frozen=True, slots=True)
class OrCondition:
    """At least one of several."""

    conditions: tuple[Condition, ...]

    def holds(self, view: View) -> bool:
        return any(condition.holds(view) for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class NotCondition:
    """None of several."""

    conditions: tuple[Condition, ...]

    def holds(self, view: View) -> bool:
        return not any(condition.holds(view) for condition in self.conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateCondition:
    """How a modem is now; what is not asked for may be anything, what is not known is not so.

    Args:
        modem: which one, None for the trigger's own.
        link: one of these. input, output: a pin that must be `level`.
        attribute: a number that must lie above `above` and below `below`.
    """

    modem: str | None = None
    link: tuple[Link, ...] = ()
    input: int | None = None
    output: int | None = None
    level: Level | None = None
    attribute: Attribute | None = None
    above: float | None = None
    below: float | None = None

    def holds(self, view: View) -> bool:
        state = view.modem(self.modem)
        if state is None or (self.link and state.link not in self.link):
            return False
        for pins, pin in ((state.gpi, self.input), (state.gpo, self.output)):
            if pin is not None and pins.get(pin) != self.level:
                return False
        return self.attribute is None or self._is_between(getattr(state, self.attribute))

    def _is_between(self, value: float | None) -> bool:
        return (
            value is not None
            and (self.above is None or value > self.above)
            and (self.below is None or value < self.below)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class CountCondition:
    """How many modems of a group, an organisation or of all are as `link`, `input` and `level` say."""

    group: tuple[str, ...] = ()
    organisation: tuple[str, ...] = ()
    link: tuple[Link, ...] = ()
    input: int | None = None
    level: Level | None = None
    above: float | None = None
    below: float | None = None

    def holds(self, view: View) -> bool:
        count = view.count(self)
        return (self.above is None or count > self.above) and (self.below is None or count < self.below)

    def counts(self, state: ModemState) -> bool:
        """Say whether a modem is one of those that are counted."""
        return (
            (not self.link or state.link in self.link)
            and (self.input is None or state.gpi.get(self.input) == self.level)
            and (not self.organisation or state.organisation in self.organisation)
            and (not self.group or any(is_within(state.group, group) for group in self.group))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeCondition:
    """A part of the day, over midnight too where `after` is the later one; `weekday` 0 is Monday.

    The night that began on Friday belongs to Friday until it ends on Saturday morning.
    """

    after: int | None = None
    before: int | None = None
    weekday: tuple[int, ...] = ()

    def holds(self, view: View) -> bool:
        now = view.local_time()
        second, day = now.hour * 3600 + now.minute * 60 + now.second, now.weekday()
        if self.after is not None and self.before is not None and self.after > self.before:
            if not (second >= self.after or second < self.before):
                return False
            day = (day - 1) % 7 if second < self.before else day
        elif (self.after is not None and second < self.after) or (self.before is not None and second >= self.before):
            return False
        return not self.weekday or day in self.weekday


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarCondition:
    """A day of a list (`12-31` comes every year), or a calendar that the hub keeps under a name."""

    name: str = ""
    weekday: tuple[int, ...] = ()
    dates: tuple[tuple[int | None, int, int], ...] = ()

    def holds(self, view: View) -> bool:
        today = view.local_time().date()
        if self.name and not view.is_within_calendar(self.name):
            return False
        if self.weekday and today.weekday() not in self.weekday:
            return False
        return not self.dates or self._is_listed(today)

    def _is_listed(self, today: date) -> bool:
        return (today.year, today.month, today.day) in self.dates or (None, today.month, today.day) in self.dates


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCondition:
    """The modem belongs to one of some groups, or to a group below them."""

    group: tuple[str, ...]
    modem: str | None = None

    def holds(self, view: View) -> bool:
        state = view.modem(self.modem)
        return state is not None and any(is_within(state.group, group) for group in self.group)


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerCondition:
    """One of the triggers with these ids fired."""

    id: tuple[str, ...]

    def holds(self, view: View) -> bool:
        return view.trigger_id in self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateCondition:
    """A template that gives `true`, `yes`, `on` or `1`."""

    value: str

    def holds(self, view: View) -> bool:
        return view.is_true(self.value)
