"""The directory of polling programs: who asked whom on a day, when, and who gets in whose way."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from irzhub.storage.polls import PollRow

_HOURS: Final = 24


@dataclass(slots=True)
class ProgramDay:
    """What the programs of one address did on a day.

    Attributes:
        modems: hours in which it asked each, as bits.
        overlaps: how many modems another program asked in the same hours, by that program.
    """

    program: str
    asked: int = 0
    answered: int = 0
    first_asked: datetime | None = None
    last_asked: datetime | None = None
    modems: dict[str, int] = field(default_factory=dict)
    overlaps: dict[str, int] = field(default_factory=dict)

    @property
    def hours(self) -> list[bool]:
        """For each hour of the day whether it asked anything."""
        together = 0
        for bits in self.modems.values():
            together |= bits
        return [bool(together >> hour & 1) for hour in range(_HOURS)]


def programs_of(polls: Iterable[PollRow]) -> list[ProgramDay]:
    """Return what each program did, in order of its address; `polls` are those of one day."""
    found: dict[str, ProgramDay] = {}
    for row in polls:
        day = found.setdefault(row.program, ProgramDay(row.program))
        day.asked += row.asked
        day.answered += row.answered
        day.first_asked = row.first_asked if day.first_asked is None else min(day.first_asked, row.first_asked)
        day.last_asked = row.last_asked if day.last_asked is None else max(day.last_asked, row.last_asked)
        day.modems[row.modem] = day.modems.get(row.modem, 0) | row.hours_asked
    _find_overlaps(list(found.values()))
    return sorted(found.values(), key=lambda day: day.program)


def _find_overlaps(days: list[ProgramDay]) -> None:
    by_modem: dict[str, list[tuple[ProgramDay, int]]] = {}
    for day in days:
        for modem, hours in day.modems.items():
            by_modem.setdefault(modem, []).append((day, hours))
    for askers in by_modem.values():
        for day, hours in askers:
            for other, other_hours in askers:
                if other is not day and hours & other_hours:
                    day.overlaps[other.program] = day.overlaps.get(other.program, 0) + 1
