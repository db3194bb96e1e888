"""What a night usually looks like: how many meters of each group were not read and why, by the median of many."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from statistics import median
from typing import TypeAlias

from irzhub.core.groups import lineage
from irzhub.reports.ground import Ask, Ground
from irzhub.reports.reading_summary import read_days
from irzhub.reports.readings import CAUSES, Line, Reading, cause_of_meter, readings
from irzhub.storage.polls import PollRow

_Counts: TypeAlias = Mapping[str, Counter[str]]


@dataclass(frozen=True, slots=True)
class Usual:
    """Medians by group and cause; `days` is of how many days: those on which anything was asked.

    Args:
        groups: of each group alone. below: of each with all below it; the empty path is all together.
    """

    days: int
    groups: Mapping[str, Mapping[str, float]]
    below: Mapping[str, Mapping[str, float]]


async def gather(ground: Ground, ask: Ask) -> "partial[Usual]":
    """Read what was counted on each day; return what makes medians of it, in a thread."""
    polls, lines = await read_days(ground, ask)
    return partial(_build, ask, polls, lines)


def _build(ask: Ask, polls: Mapping[str, Sequence[PollRow]], lines: Mapping[str, Line]) -> Usual:
    days: list[_Counts] = []
    for number, counted in enumerate(polls.values()):
        if not counted:
            continue  # the hub was not there, or not used: it says nothing of a usual night
        end = min(ask.period.since + timedelta(days=number + 1), ask.period.now)
        days.append(_of_day(ask, counted, lines, end))
    return Usual(len(days), _medians(days), _medians([_below(day) for day in days]))


def _medians(days: Sequence[_Counts]) -> dict[str, dict[str, float]]:
    # A group that had no meters on some days had no unread ones either.
    nothing: Counter[str] = Counter()
    return {
        group: {cause: float(median(day.get(group, nothing)[cause] for day in days)) for cause in CAUSES}
        for group in {group for day in days for group in day}
    }


def _below(day: _Counts) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for group, causes in day.items():
        for path in ("", *lineage(group)):
            found.setdefault(path, Counter()).update(causes)
    return found


def _of_day(ask: Ask, counted: Sequence[PollRow], lines: Mapping[str, Line], end: datetime) -> dict[str, Counter[str]]:
    of_meter: dict[tuple[str, str], list[Reading]] = {}
    for reading in readings(lines, counted, end):
        of_meter.setdefault((reading.modem, reading.address), []).append(reading)
    found: dict[str, Counter[str]] = {}
    for (modem, _), of_programs in of_meter.items():
        causes = found.setdefault(ask.subjects[modem].group, Counter())
        causes[cause_of_meter(of_programs) or "read"] += 1
    return found
