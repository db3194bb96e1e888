"""What has to last before a rule runs (`for:`): kept over a restart, given up when the state goes back."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TypeAlias

from irzhub.automation.agenda import Agenda, Entry
from irzhub.automation.burden import Burden
from irzhub.automation.occurrence import Occurrence
from irzhub.automation.ports import Effects, Kept
from irzhub.automation.rule import Rule
from irzhub.automation.run import lag_since
from irzhub.core.clock import Clock

Key: TypeAlias = tuple[str, int, str]
"""Rule, number of its trigger, subject."""
Lasted: TypeAlias = Callable[[Rule, int, Occurrence, Burden, float], None]


@dataclass(slots=True)
class _Hold:
    """One thing that is waited for."""

    rule: Rule
    occurrence: Occurrence
    entry: Entry


@dataclass(slots=True)
class Holds:
    """At most one for each trigger and subject; the first one counts until it ends.

    Args:
        lasted: is told once one has lasted long enough, with how late that is.
    """

    clock: Clock
    agenda: Agenda
    effects: Effects
    lasted: Lasted
    _holds: dict[Key, _Hold] = field(default_factory=dict)
    _by_modem: dict[str, set[Key]] = field(default_factory=dict)

    def add(self, rule: Rule, number: int, occurrence: Occurrence, burden: Burden, lag_s: float) -> None:
        """Begin to wait; what set it off may be forgotten once this is kept."""
        trigger = rule.triggers[number]
        key = (rule.id, number, trigger.subject(occurrence))
        if key in self._holds:
            return
        left_s = trigger.for_s - lag_s
        self._begin(key, rule, occurrence, left_s)
        burden.add()
        kept = Kept(
            key=_name(key),
            kind="hold",
            rule=rule.id,
            due=self.clock.now() + timedelta(seconds=left_s),
            data={"occurrence": occurrence.to_json(), "trigger": number},
        )
        self.effects.keep(kept, burden.release)

    def restore(self, kept: Kept, rule: Rule, number: int, occurrence: Occurrence) -> None:
        """Go on with what was waited for before a restart."""
        key = (rule.id, number, rule.triggers[number].subject(occurrence))
        if kept.due is not None and key not in self._holds:
            self._begin(key, rule, occurrence, (kept.due - self.clock.now()).total_seconds())

    def cancel(self, key: Key, burden: Burden) -> None:
        """It did not last; what ended it may be forgotten once that is kept."""
        if (hold := self._take(key)) is not None:
            hold.entry.cancel()
            burden.add()
            self.effects.drop(_name(key), burden.release)

    def cancel_modem(self, modem: str, burden: Burden) -> None:
        """A modem is gone."""
        for key in tuple(self._by_modem.get(modem, ())):
            self.cancel(key, burden)

    def cancel_rule(self, rule: str, new: Rule | None) -> None:
        """A rule is gone or is another now: what its triggers waited for is given up, unless the trigger stayed."""
        for key, hold in list(self._holds.items()):
            number = key[1]
            is_same = new is not None and new.triggers[number : number + 1] == (hold.rule.triggers[number],)
            if key[0] == rule and not is_same:
                self.cancel(key, Burden(lambda: None))

    def count_by_rule(self) -> dict[str, int]:
        """Return how many things each rule waits for."""
        found: dict[str, int] = {}
        for rule, _, _ in self._holds:
            found[rule] = found.get(rule, 0) + 1
        return found

    def __len__(self) -> int:
        return len(self._holds)

    def _begin(self, key: Key, rule: Rule, occurrence: Occurrence, left_s: float) -> None:
        due = self.clock.monotonic() + left_s
        self._holds[key] = _Hold(rule, occurrence, self.agenda.at(due, partial(self._due, key, due)))
        if occurrence.modem is not None:
            self._by_modem.setdefault(occurrence.modem, set()).add(key)

    def _due(self, key: Key, due: float) -> None:
        if (hold := self._take(key)) is not None:
            # It is forgotten once the run that it started is kept, or has ended with all that it told.
            burden = Burden(lambda: self.effects.drop(_name(key), lambda: None))
            self.lasted(hold.rule, key[1], hold.occurrence, burden, lag_since(due, self.clock.monotonic()))
            burden.release()

    def _take(self, key: Key) -> _Hold | None:
        if (hold := self._holds.pop(key, None)) is not None and hold.occurrence.modem is not None:
            keys = self._by_modem[hold.occurrence.modem]
            keys.discard(key)
            if not keys:
                del self._by_modem[hold.occurrence.modem]
        return hold


def _name(key: Key) -> str:
    return f"hold/{key[0]}/{key[1]}/{key[2]}"
