"""Duty rosters: who is on duty at a moment."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

_LONGEST_LOOK: Final = 1000


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody's duty from one moment to another (UTC), such as a replacement; goes before the rotation."""

    names: tuple[str, ...]
    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Rotation:
    """People in turn: each has `hours` of duty, beginning on a day at a time of the local clock."""

    names: tuple[str, ...]
    first_day: date
    at: time
    hours: int

    def turn(self, local: datetime) -> int:
        """Return the number of the turn at a moment, below 0 before the first one.

        It is counted on the clock of the wall, so that the handover stays at its hour when the clock is changed.
        """
        began = datetime.combine(self.first_day, self.at)
        return (local.replace(tzinfo=None) - began) // timedelta(hours=self.hours)

    def on_duty(self, local: datetime) -> str | None:
        """Return whose turn it is, None before the first one."""
        turn = self.turn(local)
        return self.names[turn % len(self.names)] if self.names and turn >= 0 else None

    def ends_at(self, local: datetime) -> datetime:
        """Return when the present turn ends, on the local clock."""
        began = datetime.combine(self.first_day, self.at, local.tzinfo)
        return began + timedelta(hours=self.hours) * (self.turn(local) + 1)


@dataclass(frozen=True, slots=True)
class Roster:
    """Who has duty: shifts go before the rotation, and where neither has anybody, `otherwise` are told."""

    shifts: tuple[Shift, ...] = ()
    rotation: Rotation | None = None
    otherwise: tuple[str, ...] = ()

    def on_duty(self, local: datetime) -> tuple[str, ...]:
        """Return the names of those on duty at an aware moment on the local clock, each once."""
        names = [name for shift in self.shifts if shift.begins_at <= local < shift.ends_at for name in shift.names]
        if not names and self.rotation is not None and (turn := self.rotation.on_duty(local)) is not None:
            names = [turn]
        return tuple(dict.fromkeys(names)) or self.otherwise

    def plan(self, local: datetime, until: datetime) -> list[tuple[datetime, datetime, tuple[str, ...]]]:
        """Return who has duty from a moment to another, in pieces with their beginning and end."""
        pieces: list[tuple[datetime, datetime, tuple[str, ...]]] = []
        moment = local
        for _ in range(_LONGEST_LOOK):
            if moment >= until:
                break
            following = min((each for each in self._changes(moment) if each > moment), default=until)
            following = min(following, until)
            names = self.on_duty(moment)
            if pieces and pieces[-1][2] == names:
                pieces[-1] = (pieces[-1][0], following, names)
            else:
                pieces.append((moment, following, names))
            moment = following
        return pieces

    def _changes(self, local: datetime) -> list[datetime]:
        edges = [edge.astimezone(local.tzinfo) for shift in self.shifts for edge in (shift.begins_at, shift.ends_at)]
        return edges if self.rotation is None else [*edges, self.rotation.ends_at(local)]
