"""All rules of a hub by id, whatever their source, and which of them are switched off."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from irzhub.automation.actions import (
    Action,
    ChooseAction,
    CommandAction,
    PublishAction,
    RepeatAction,
    WaitAction,
    WakeAction,
)
from irzhub.automation.rule import Rule
from irzhub.automation.triggers import MqttTrigger, Trigger


@dataclass(slots=True)
class RuleBook:
    """Rules by id; `disabled` and `enabled` name those that people switched off and on, whatever the file says."""

    disabled: frozenset[str] = frozenset()
    enabled: frozenset[str] = frozenset()
    _rules: dict[str, Rule] = field(default_factory=dict)
    _acting: set[str] = field(default_factory=set)

    def set(self, source: str, rules: Sequence[Rule]) -> list[Rule]:
        """Replace the rules of a source; return those that are gone or are others now.

        Raises:
            ValueError: an id is used twice, or by another source.
        """
        new = {rule.id: rule for rule in rules}
        others = {id_ for id_, rule in self._rules.items() if rule.source != source}
        if len(new) < len(rules) or others & new.keys():
            raise ValueError(f"expected an id of its own for each automation of {source}")
        if wrong := [rule.id for rule in rules if rule.source != source]:
            raise ValueError(f"expected rules of the source {source}, {wrong[0]!r} is of another")
        gone = [rule for id_, rule in self._rules.items() if rule.source == source and new.get(id_) != rule]
        kept = {id_: rule for id_, rule in self._rules.items() if rule.source != source}
        # A rule that stays as it is stays the same object: what has begun under it points to it.
        self._rules = kept | {
            id_: old if (old := self._rules.get(id_)) is not None and old == rule else rule for id_, rule in new.items()
        }
        self._acting = {id_ for id_, rule in self._rules.items() if any(map(_acts, walk(rule.actions)))}
        return gone

    def get(self, id_: str) -> Rule | None:
        """Return a rule by its id, None where there is none."""
        return self._rules.get(id_)

    def acts(self, id_: str) -> bool:
        """Say whether a rule does anything but tell people: only such a rule can set itself off."""
        return id_ in self._acting

    def is_active(self, rule: Rule) -> bool:
        """Say whether a rule runs."""
        return rule.id not in self.disabled and (rule.is_enabled or rule.id in self.enabled)

    def active(self) -> Iterator[Rule]:
        """Yield the rules that run."""
        return (rule for rule in self._rules.values() if self.is_active(rule))

    def topic_filters(self) -> frozenset[str]:
        """Return the topic filters that active rules listen to, in triggers and in `wait_for`."""
        triggers = (trigger for rule in self.active() for trigger in triggers_of(rule))
        return frozenset(trigger.topic for trigger in triggers if isinstance(trigger, MqttTrigger))

    def __iter__(self) -> Iterator[Rule]:
        return iter(tuple(self._rules.values()))

    def __contains__(self, id_: object) -> bool:
        return id_ in self._rules

    def __len__(self) -> int:
        return len(self._rules)


def walk(actions: Iterable[Action]) -> Iterator[Action]:
    """Yield actions with all that are inside them."""
    for action in actions:
        yield action
        match action:
            case ChooseAction():
                for option in action.options:
                    yield from walk(option.actions)
                yield from walk(action.default)
            case RepeatAction():
                yield from walk(action.actions)
            case _:
                pass


def triggers_of(rule: Rule) -> Iterator[Trigger]:
    """Yield the triggers of a rule, and those that its actions wait for."""
    yield from rule.triggers
    for action in walk(rule.actions):
        if isinstance(action, WaitAction):
            yield from action.triggers


def _acts(action: Action) -> bool:
    return isinstance(action, CommandAction | WakeAction | PublishAction)
