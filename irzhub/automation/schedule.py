"""When triggers on time are due, on the clock of the hub's zone.

Wall time comes in. A clock that is set forward makes each trigger due once, not as often as it would have been; one
that is set back does not make them due again before the time that was reached.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from irzhub.automation.index import Place
from irzhub.automation.parsing import parse_pattern
from irzhub.automation.triggers import TimeTrigger
from irzhub.config.cron import next_start

_SET_BACK: Final = timedelta(minutes=61)
"""A clock that goes back further was wrong before: what is due is counted anew."""
_DAYS: Final = 8


@dataclass(slots=True)
class Schedule:
    """The triggers on time, each with the moment at which it is due next."""

    zone: tzinfo
    _due: dict[tuple[str, int], datetime] = field(default_factory=dict)
    _places: dict[tuple[str, int], Place] = field(default_factory=dict)
    _now: datetime | None = None

    def set_places(self, places: Iterable[Place], now: datetime) -> None:
        """Follow these triggers from now on; those that were followed already keep their moment."""
        before, self._places = self._places, {(rule.id, number): (rule, number) for rule, number in places}
        self._now = now
        due, self._due = self._due, {}
        for key, (rule, number) in self._places.items():
            trigger = rule.triggers[number]
            old = before.get(key)
            if old is not None and old[0].triggers[number] == trigger and key in due:
                self._due[key] = due[key]
            else:
                self._plan(key, trigger, now)

    def take(self, now: datetime) -> list[tuple[Place, datetime]]:
        """Return the triggers that are due with their moments, in order of these, and plan their next ones."""
        if self._now is not None and now < self._now - _SET_BACK:
            for key, (rule, number) in self._places.items():
                self._plan(key, rule.triggers[number], now)
        self._now = now
        due = sorted((moment, key) for key, moment in self._due.items() if moment <= now)
        for _, key in due:
            rule, number = self._places[key]
            self._plan(key, rule.triggers[number], now)
        return [(self._places[key], moment) for moment, key in due]

    def next_due(self) -> datetime | None:
        """Return when the next trigger is due; None without any."""
        return min(self._due.values(), default=None)

    def _plan(self, key: tuple[str, int], trigger: object, now: datetime) -> None:
        assert isinstance(trigger, TimeTrigger)
        if (moment := next_moment(trigger, now.astimezone(self.zone))) is not None:
            self._due[key] = moment
        else:
            self._due.pop(key, None)


def next_moment(trigger: TimeTrigger, now: datetime) -> datetime | None:
    """Return when a trigger is due next after `now`, whose zone counts; in UTC."""
    if trigger.cron is not None:
        return next_start(trigger.cron, now).astimezone(UTC)
    if trigger.at:
        return min((moment for second in trigger.at if (moment := _next_at(second, trigger, now))), default=None)
    return _next_of_pattern(trigger, now)


def _next_at(second: int, trigger: TimeTrigger, now: datetime) -> datetime | None:
    days = "*" if not trigger.weekday else ",".join(str((day + 1) % 7) for day in trigger.weekday)
    rest = timedelta(seconds=second % 60)
    start = next_start(f"{second // 60 % 60} {second // 3600} * * {days}", now - rest)
    return (start + rest).astimezone(UTC)


def _next_of_pattern(trigger: TimeTrigger, now: datetime) -> datetime | None:
    """Return the next moment of a pattern: what is left out is `*` above what is written, and 0 below it."""
    written = [trigger.hours, trigger.minutes, trigger.seconds]
    first = next(number for number, text in enumerate(written) if text is not None)
    filled = [text if text is not None else ("*" if number < first else "0") for number, text in enumerate(written)]
    hours, minutes, seconds = (parse_pattern(text, size) for text, size in zip(filled, (24, 60, 60), strict=True))
    zone, moment = now.tzinfo, now.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
    for _ in range(_DAYS * 24 * 60):
        here = moment.astimezone(zone)
        if here.hour in hours and here.minute in minutes:
            later = [second for second in seconds if second >= here.second]
            if later:
                return moment + timedelta(seconds=later[0] - here.second)
        moment += timedelta(seconds=60 - here.second)
    return None
