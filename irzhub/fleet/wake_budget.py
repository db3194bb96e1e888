"""What waking may cost in a day, and how long a modem is left alone after it could not be woken. Pure."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Final

from irzhub.config.wake import WakeLadder, WakeSettings
from irzhub.fleet.wake_states import StepKind
from irzhub.storage.wakes import ENDED_WITH_HUB, WakeRow

REACH_BACK: Final = timedelta(days=2)
"""So far back wakes count: a day of any zone, and more than the longest pause."""
_LONGEST_PAUSE_S: Final = 6 * 3600.0
_HUB: Final = ""
_WORDS: Final = {"call": "calls", "sms": "SMS"}


@dataclass(slots=True)
class WakeBudget:
    """Counts calls and SMS of the day, in the zone of the hub, and failures in a row."""

    zone: tzinfo
    _day: date | None = None
    _spent: "Counter[tuple[str, StepKind]]" = field(default_factory=Counter)
    _failures: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    _interrupted: dict[str, datetime] = field(default_factory=dict)

    def load(self, rows: Iterable[WakeRow], now: datetime) -> None:
        """Take over what the wakes of the last days, from old to new, have cost."""
        self._turn(now)
        for row in rows:
            if row.started_at.astimezone(self.zone).date() == self._day:
                self._add(row.modem, "call", row.calls)
                self._add(row.modem, "sms", row.sms)
            if row.status == "online":
                self.worked(row.modem)
            elif (row.calls or row.sms) and row.error == ENDED_WITH_HUB:
                self._interrupted[row.modem] = row.finished_at or row.started_at
            elif row.calls or row.sms:
                self.failed(row.modem, row.finished_at or row.started_at)

    def why_not(
        self, modem: str, kind: StepKind, ladder: WakeLadder, settings: WakeSettings, now: datetime
    ) -> str | None:
        """Return why one more call or SMS is too much today, None when it is not."""
        self._turn(now)
        own, whole = (
            (ladder.calls_per_day, settings.calls_per_day)
            if kind == "call"
            else (ladder.sms_per_day, settings.sms_per_day)
        )
        if self._spent[modem, kind] >= own:
            return f"{own} {_WORDS[kind]} to it were made today, no more are allowed"
        if self._spent[_HUB, kind] >= whole:
            return f"{whole} {_WORDS[kind]} were made today, no more are allowed"
        return None

    def spend(self, modem: str, kind: StepKind, now: datetime) -> None:
        """Count one call or SMS, before it is made."""
        self._turn(now)
        self._add(modem, kind, 1)

    def spent(self, modem: str, now: datetime) -> dict[StepKind, int]:
        """Return how many calls and SMS a modem has had today."""
        self._turn(now)
        return {"call": self._spent[modem, "call"], "sms": self._spent[modem, "sms"]}

    def left(self, settings: WakeSettings, now: datetime) -> dict[StepKind, int]:
        """Return how many calls and SMS the hub may still make today."""
        self._turn(now)
        calls, sms = settings.calls_per_day, settings.sms_per_day
        return {"call": max(calls - self._spent[_HUB, "call"], 0), "sms": max(sms - self._spent[_HUB, "sms"], 0)}

    def failed(self, modem: str, at: datetime) -> None:
        """A modem did not come though it was called."""
        self._interrupted.pop(modem, None)
        self._failures[modem] = self._failures.get(modem, (0, at))[0] + 1, at

    def worked(self, modem: str) -> None:
        """A modem came."""
        self.forget(modem)

    def forget(self, modem: str) -> None:
        """A modem was deleted; what was spent on it stays spent."""
        self._failures.pop(modem, None)
        self._interrupted.pop(modem, None)

    def interrupted_at(self, modem: str) -> datetime | None:
        """Return when the hub ended that had called a modem just before: it may be dialling in."""
        return self._interrupted.get(modem)

    def resumes_at(self, modem: str, pause_s: float, now: datetime) -> datetime | None:
        """Return when a modem may be woken again after failures; None: at once."""
        if (known := self._failures.get(modem)) is None:
            return None
        failures, at = known
        moment = at + timedelta(seconds=min(pause_s * 2.0 ** min(failures - 1, 20), _LONGEST_PAUSE_S))
        return moment if moment > now else None

    def _add(self, modem: str, kind: StepKind, count: int) -> None:
        self._spent[modem, kind] += count
        self._spent[_HUB, kind] += count

    def _turn(self, now: datetime) -> None:
        if (today := now.astimezone(self.zone).date()) != self._day:
            self._day = today
            self._spent.clear()
