"""Common causes that are open, and the modems that belong to each: one incident instead of hundreds."""

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from irzhub.alerts.incident_causes import Trait, Traits
from irzhub.storage.incidents import MemberRow

_ALMOST_ALL: Final = 0.05
"""So small a share that is still away has causes of its own: the common one is over."""


@dataclass(slots=True)
class CauseGroup:
    """One common cause: its members by modem, and how many of them are away."""

    number: int
    trait: Trait
    members: dict[str, MemberRow] = field(default_factory=dict)
    away: int = 0

    @property
    def is_over(self) -> bool:
        """Whether all are back, but for a few that must have a cause of their own."""
        return self.away <= _ALMOST_ALL * len(self.members)


@dataclass(slots=True)
class CauseGroups:
    """All of them; rows that changed are in `changed` until they are taken."""

    _groups: dict[int, CauseGroup] = field(default_factory=dict)
    _number_of: dict[str, int] = field(default_factory=dict)
    _changed: dict[tuple[int, str], MemberRow] = field(default_factory=dict)

    def load(self, number: int, trait: Trait, members: Iterable[MemberRow]) -> None:
        """Take one back that was open at the last stop."""
        group = self._groups[number] = CauseGroup(number, trait)
        for member in members:
            group.members[member.modem] = member
            self._number_of[member.modem] = number
            group.away += member.returned_at is None

    def begin(self, number: int, trait: Trait) -> CauseGroup:
        """A common cause was found."""
        group = self._groups[number] = CauseGroup(number, trait)
        return group

    def group(self, number: int) -> CauseGroup | None:
        """Return one by its number."""
        return self._groups.get(number)

    def find(self, trait: Trait) -> CauseGroup | None:
        """Return the one with that cause."""
        return next((group for group in self._groups.values() if group.trait == trait), None)

    def matching(self, traits: Traits) -> CauseGroup | None:
        """Return the one that a modem of these traits would belong to, the newest first."""
        found = (group for group in reversed(self._groups.values()) if traits.has(group.trait))
        return next(found, None)

    def number_of(self, modem: str) -> int | None:
        """Return the number of the cause that a modem belongs to, whether it is away or back."""
        return self._number_of.get(modem)

    def lost(self, number: int, modem: str, at: datetime, detail: str = "") -> CauseGroup:
        """A modem is away for this cause, for the first time or again."""
        group = self._groups[number]
        known = group.members.get(modem)
        if known is None:
            member = MemberRow(number, modem, at, None, detail)
            group.away += 1
        else:
            group.away += known.returned_at is not None
            member = dataclasses.replace(known, returned_at=None, detail=detail or known.detail)
        self._number_of[modem] = number
        self._put(group, member)
        return group

    def returned(self, modem: str, at: datetime) -> CauseGroup | None:
        """A modem is back; return its cause, None when it was away for none."""
        number = self._number_of.get(modem)
        if number is None:
            return None
        group = self._groups[number]
        member = group.members[modem]
        if member.returned_at is None:
            group.away -= 1
            self._put(group, dataclasses.replace(member, returned_at=max(at, member.lost_at)))
        return group

    def forget(self, modem: str) -> CauseGroup | None:
        """A modem was deleted: it stands among the members as one that is back; return its cause."""
        number = self._number_of.get(modem)
        if number is None:
            return None
        group = self._groups[number]
        found = self.returned(modem, group.members[modem].lost_at)
        self._number_of.pop(modem, None)
        return found

    def end(self, number: int) -> list[MemberRow]:
        """A cause is over; return the members that are still away, for reasons of their own."""
        group = self._groups.pop(number, None)
        if group is None:
            return []
        for modem in group.members:
            if self._number_of.get(modem) == number:
                del self._number_of[modem]
        return [member for member in group.members.values() if member.returned_at is None]

    def take_changed(self) -> list[MemberRow]:
        """Return the members that changed since they were taken last."""
        changed, self._changed = list(self._changed.values()), {}
        return changed

    def _put(self, group: CauseGroup, member: MemberRow) -> None:
        group.members[member.modem] = member
        self._changed[member.incident, member.modem] = member
