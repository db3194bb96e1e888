"""Which triggers an occurrence can concern, found without asking every rule."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from irzhub.automation.rule import Rule
from irzhub.automation.triggers import Trigger
from irzhub.core.groups import is_within, lineage
from irzhub.core.state import ModemState

Place: TypeAlias = tuple[Rule, int]
"""A trigger of a rule, by its number there."""


@dataclass(slots=True)
class _Kind:
    """The triggers for one kind of occurrence, by the narrowest thing that they name."""

    any: list[Place] = field(default_factory=list)
    by_modem: dict[str, list[Place]] = field(default_factory=dict)
    by_group: dict[str, list[Place]] = field(default_factory=dict)
    by_organisation: dict[str, list[Place]] = field(default_factory=dict)


class TriggerIndex:
    """Triggers by kind of occurrence, and within it by modem, group or organisation."""

    def __init__(self) -> None:
        self._kinds: dict[str, _Kind] = {}

    def add(self, kinds: Iterable[str], place: Place) -> None:
        """Have a trigger found for occurrences of some kinds."""
        trigger = place[0].triggers[place[1]]
        for name in dict.fromkeys(kinds):
            kind = self._kinds.setdefault(name, _Kind())
            if trigger.modem:
                _file(kind.by_modem, trigger.modem, place)
            elif trigger.group:
                _file(kind.by_group, trigger.group, place)
            elif trigger.organisation:
                _file(kind.by_organisation, trigger.organisation, place)
            else:
                kind.any.append(place)

    def __contains__(self, kind: str) -> bool:
        return kind in self._kinds

    def find(self, kind: str, modem: str | None, state: ModemState | None) -> Iterator[Place]:
        """Yield the triggers that an occurrence of a kind can concern, each once.

        Args:
            kind: the kind of the occurrence.
            modem: whose it is, None for the hub's own; state: how that modem is, None for one that nobody knows.
            state: for groups and organisations.
        """
        if (found := self._kinds.get(kind)) is None:
            return
        for place in self._near(found, modem, state):
            if concerns(place[0].triggers[place[1]], modem, state):
                yield place

    @staticmethod
    def _near(found: _Kind, modem: str | None, state: ModemState | None) -> Iterator[Place]:
        yield from found.any
        if modem is not None and found.by_modem:
            yield from found.by_modem.get(modem, ())
        if state is None:
            return
        if found.by_group:
            seen: set[tuple[str, int]] = set()
            for group in lineage(state.group):
                for place in found.by_group.get(group, ()):
                    if (key := (place[0].id, place[1])) not in seen:
                        seen.add(key)
                        yield place
        if found.by_organisation:
            yield from found.by_organisation.get(state.organisation, ())


def concerns(trigger: Trigger, modem: str | None, state: ModemState | None) -> bool:
    """Say whether a trigger is about a modem: it is one of its modems, in its groups and of its organisations."""
    if trigger.modem and modem not in trigger.modem:
        return False
    if trigger.group and not (state is not None and any(is_within(state.group, each) for each in trigger.group)):
        return False
    return not trigger.organisation or (state is not None and state.organisation in trigger.organisation)


def _file(shelf: dict[str, list[Place]], names: Iterable[str], place: Place) -> None:
    for name in dict.fromkeys(names):
        shelf.setdefault(name, []).append(place)
