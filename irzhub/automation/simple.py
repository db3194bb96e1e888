"""Notification settings as rules of the engine: a few rules for all modems, which look up what holds for each.

There is one rule for each kind of notification and delay that anybody has set, so that ten thousand modems with
settings of their own cost no more than ten. Whom a rule tells, and in which words, is looked up when it runs.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias

from irzhub.alerts.messages import Severity
from irzhub.automation.actions import TellAction
from irzhub.automation.notification import Notification, Slot, default_text
from irzhub.automation.notification_desk import NotificationDesk
from irzhub.automation.occurrence import Occurrence
from irzhub.automation.rule import Rule
from irzhub.automation.triggers import (
    ConnectedTrigger,
    DisconnectedTrigger,
    GpiTrigger,
    MeterTrigger,
    Trigger,
    is_alarm,
)
from irzhub.automation.words import duration_words
from irzhub.core.bus import Bus, Unsubscribe
from irzhub.core.clock import Clock
from irzhub.core.state import ModemForgotten, StateChanged, StateStore

SOURCE: Final = "notifications"
_MOST_RUNS: Final = 1000

Told: TypeAlias = Literal["lost", "restored", "alarm", "normal", "meter_silent"]
"""What is told: of an input, whether it went into alarm or back."""


@dataclass(slots=True)
class Absences:
    """Since when modems are away, so that a return is told and a mere dial-in is not.

    Only the state is looked at: while a hub that was restarted waits for its modems they count as there.
    """

    bus: Bus
    clock: Clock
    _since: dict[str, datetime] = field(default_factory=dict)
    _lasted: dict[str, float] = field(default_factory=dict)

    def follow(self) -> Unsubscribe:
        """Watch all modems from now on; return the function that ends this."""
        ends = [self.bus.subscribe(StateChanged, self._on_state), self.bus.subscribe(ModemForgotten, self._on_gone)]

        def end() -> None:
            for each in ends:
                each()

        return end

    def end(self, modem: str, at: datetime) -> float | None:
        """Return for how many seconds a modem that dialled in was away, once; None when it was not."""
        if (since := self._since.pop(modem, None)) is None:
            return None
        self._lasted[modem] = lasted_s = max(0.0, (at - since).total_seconds())
        return lasted_s

    def lasted(self, modem: str) -> float | None:
        """Return how long a modem was away the last time, in seconds; None where nobody knows."""
        return self._lasted.get(modem)

    def _on_state(self, change: StateChanged) -> None:
        if "link" in change.fields and change.state.link == "offline":
            seen = change.state.last_seen if "modem" in change.fields else None  # known from before this start
            self._since.setdefault(change.state.modem, seen or self.clock.now())

    def _on_gone(self, gone: ModemForgotten) -> None:
        self._since.pop(gone.state.modem, None)
        self._lasted.pop(gone.state.modem, None)


@dataclass(slots=True)
class Settings:
    """What the compiled rules look up."""

    desk: NotificationDesk
    states: StateStore
    absences: Absences
    language: str

    def of(self, slot: Slot, occurrence: Occurrence) -> Notification | None:
        """Return what holds for the modem of an occurrence, None when nobody is to be told."""
        modem = occurrence.modem
        if modem is None:
            return None
        group = self.states.get(modem).group if modem in self.states else ""
        found = self.desk.find(slot, modem, group)
        return found if found.reaches_somebody else None

    def waits(self, slot: Slot, occurrence: Occurrence, delay_s: float) -> Notification | None:
        """Return what holds where it waits for exactly so long: a rule of another delay has the others."""
        found = self.of(slot, occurrence)
        return found if found is not None and found.delay_s == delay_s else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LostSetting(DisconnectedTrigger):
    """A modem that somebody watches was lost."""

    settings: Settings = field(compare=False, repr=False)

    def fires(self, occurrence: Occurrence) -> bool:
        if not DisconnectedTrigger.fires(self, occurrence):
            return False
        return self.settings.waits(Slot("lost"), occurrence, self.for_s) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoredSetting(ConnectedTrigger):
    """A modem that somebody watches is back, after it was away for longer than a loss has to last to be told."""

    settings: Settings = field(compare=False, repr=False)

    def fires(self, occurrence: Occurrence) -> bool:
        if self.settings.waits(Slot("restored"), occurrence, self.for_s) is None or occurrence.modem is None:
            return False
        away_s = self.settings.absences.end(occurrence.modem, occurrence.ts)
        lost = self.settings.of(Slot("lost"), occurrence)
        return away_s is not None and (lost is None or away_s >= lost.delay_s)

    def values(self, occurrence: Occurrence) -> dict[str, Any]:
        lasted_s = self.settings.absences.lasted(occurrence.modem or "")
        return {
            "away_s": lasted_s,
            "away": "" if lasted_s is None else duration_words(lasted_s, self.settings.language),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class InputSetting(GpiTrigger):
    """An input that somebody watches went into alarm, or back to normal."""

    settings: Settings = field(compare=False, repr=False)
    is_alarm: bool = True

    def fires(self, occurrence: Occurrence) -> bool:
        if is_alarm(occurrence) is not self.is_alarm:
            return False
        found = self.settings.waits(_input_slot(occurrence), occurrence, self.for_s)
        return found is not None and found.change in ("any", "alarm" if self.is_alarm else "normal")


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterSetting(MeterTrigger):
    """A meter behind a modem that somebody watches fell silent."""

    settings: Settings = field(compare=False, repr=False)

    def fires(self, occurrence: Occurrence) -> bool:
        if not MeterTrigger.fires(self, occurrence):
            return False
        return self.settings.waits(Slot("meter_silent"), occurrence, self.for_s) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsTell(TellAction):
    """Tells whom the settings name, in their words."""

    settings: Settings = field(compare=False, repr=False)
    kind: Told = "lost"

    def resolved(self, occurrence: Occurrence) -> TellAction | None:
        slot = _slot(self.kind, occurrence)
        found = self.settings.of(slot, occurrence)
        if found is None:  # switched off while the delay ran
            return None
        text = found.text or default_text(self.settings.language, slot, is_alarm=self.kind == "alarm")
        return TellAction(
            text=text,
            targets=found.contacts,
            recipients=found.recipients,
            channels=found.channels,
            severity=self.severity,
            damp_s=self.damp_s,
        )


def compile_settings(settings: Settings) -> tuple[Rule, ...]:
    """Return the rules that carry out what people set; none while nobody has set anything."""
    return tuple(_rules(settings)) if settings.desk.are_any else ()


def _rules(settings: Settings) -> Iterator[Rule]:
    desk = settings.desk
    for delay_s in sorted(desk.delays("lost")):
        yield _rule("lost", delay_s, LostSetting(for_s=delay_s, settings=settings), settings)
    for delay_s in sorted(desk.delays("restored")):
        yield _rule("restored", delay_s, RestoredSetting(for_s=delay_s, settings=settings), settings, "info")
    for delay_s in sorted(desk.delays("input")):
        to_alarm = InputSetting(for_s=delay_s, settings=settings, is_alarm=True)
        yield _rule("alarm", delay_s, to_alarm, settings, "alarm")
        to_normal = InputSetting(for_s=delay_s, settings=settings, is_alarm=False)
        yield _rule("normal", delay_s, to_normal, settings, "info")
    for delay_s in sorted(desk.delays("meter_silent")):
        yield _rule("meter_silent", delay_s, MeterSetting(for_s=delay_s, settings=settings), settings)


def _rule(
    kind: Told,
    delay_s: float,
    trigger: Trigger,
    settings: Settings,
    severity: Severity = "warning",
) -> Rule:
    return Rule(
        id=f"{SOURCE}/{kind}/{delay_s:g}",
        alias=f"{kind} {delay_s:g}s",
        triggers=(trigger,),
        actions=(SettingsTell(text="", severity=severity, settings=settings, kind=kind),),
        mode="parallel",
        max=_MOST_RUNS,
        source=SOURCE,
    )


def _slot(kind: Told, occurrence: Occurrence) -> Slot:
    match kind:
        case "alarm" | "normal":
            return _input_slot(occurrence)
        case _:
            return Slot(kind)


def _input_slot(occurrence: Occurrence) -> Slot:
    pin = occurrence.data.get("pin")
    return Slot("input", pin if isinstance(pin, int) else None)
