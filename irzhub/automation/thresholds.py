"""On which side of a bound each modem is, for triggers on the signal level and the temperature."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from irzhub.automation.index import Place, TriggerIndex
from irzhub.automation.triggers import SignalTrigger, TemperatureTrigger, ThresholdTrigger, kinds_of
from irzhub.core.state import ModemState

FIELDS: Final = {SignalTrigger.field: "signal", TemperatureTrigger.field: "temperature"}
"""The field of a state, and the kind of occurrence that its crossings are."""

Crossing: TypeAlias = tuple[Place, str, float, bool]
"""A trigger, the kind, the value, and whether it went beyond the bound or came back."""


@dataclass(slots=True)
class Thresholds:
    """Remembers which modems are beyond the bound of each trigger; a crossing is told once.

    A modem that is beyond it when a rule is read, or whose value is the first ever, crosses nothing: that is a
    state, no event.
    """

    _index: TriggerIndex = field(default_factory=TriggerIndex)
    _places: list[Place] = field(default_factory=list)
    _beyond: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def set_places(self, places: Iterable[Place], states: Iterable[ModemState]) -> None:
        """Watch for these triggers from now on; those that were watched already go on as they are."""
        before = {(rule.id, number): rule.triggers[number] for rule, number in self._places}
        self._places = list(places)
        self._index = TriggerIndex()
        new: list[Place] = []
        for rule, number in self._places:
            trigger = rule.triggers[number]
            self._index.add(kinds_of(trigger), (rule, number))
            if before.get((rule.id, number)) != trigger:
                new.append((rule, number))
        kept = {(rule.id, number) for rule, number in self._places}
        self._beyond = {key: modems for key, modems in self._beyond.items() if key in kept}
        for rule, number in new:
            self._beyond[rule.id, number] = set()
        if self._places:
            self._begin_all(states, new)

    def begin(self, states: Iterable[ModemState]) -> None:
        """Take the present values for what they are: on which side each modem is, without a crossing."""
        self._begin_all(states, self._places)

    def _begin_all(self, states: Iterable[ModemState], places: list[Place]) -> None:
        for state in states:
            self._begin(state, places)

    def note(self, state: ModemState, fields: frozenset[str]) -> Iterator[Crossing]:
        """Yield the crossings that the present values of a modem are."""
        for name, kind in FIELDS.items():
            value = getattr(state, name)
            if name not in fields or value is None or kind not in self._index:
                continue
            is_first = (state.modem, name) not in self._seen
            self._seen.add((state.modem, name))
            for rule, number in list(self._index.find(kind, state.modem, state)):
                beyond = self._beyond[rule.id, number]
                was_beyond = state.modem in beyond
                trigger = rule.triggers[number]
                assert isinstance(trigger, ThresholdTrigger)
                is_beyond = trigger.is_beyond(value, was_beyond=was_beyond)
                (beyond.add if is_beyond else beyond.discard)(state.modem)
                if is_beyond != was_beyond and not is_first:
                    yield (rule, number), kind, float(value), is_beyond

    def forget(self, modem: str) -> None:
        """A modem was deleted."""
        for beyond in self._beyond.values():
            beyond.discard(modem)
        for name in FIELDS:
            self._seen.discard((modem, name))

    def _begin(self, state: ModemState, places: list[Place]) -> None:
        for name in FIELDS:
            if getattr(state, name) is not None:
                self._seen.add((state.modem, name))
        for rule, number in places:
            trigger = rule.triggers[number]
            assert isinstance(trigger, ThresholdTrigger)
            value = getattr(state, trigger.field)
            if value is not None and trigger.is_beyond(value, was_beyond=False):
                self._beyond[rule.id, number].add(state.modem)
