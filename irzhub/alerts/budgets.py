"""How much may be sent in a day: for each channel, to each address and in all, counted in SMS or messages."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from irzhub.storage.outbox import OutboxRow

ALARM_RESERVE: Final = 0.2
"""Of each budget so much is kept for alarms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """Limits of one channel for one day; None: none."""

    per_recipient: int | None = None
    per_channel: int | None = None


@dataclass(frozen=True, slots=True)
class Overspent:
    """Why a message may not leave today; `address` is empty where the channel as a whole has spent its budget."""

    channel: str
    address: str
    limit: int


@dataclass(slots=True)
class Budgets:
    """What was spent today, in the hub's time zone; a new day begins with nothing spent."""

    limits: Mapping[str, Budget]
    zone: tzinfo = UTC
    _day: date | None = None
    _spent: dict[tuple[str, str], int] = field(default_factory=dict)
    _held: dict[tuple[str, str], int] = field(default_factory=dict)

    def day_of(self, now: datetime) -> date:
        """Return the day of a moment on the hub's clock."""
        return now.astimezone(self.zone).date()

    def day_began(self, now: datetime) -> datetime:
        """Return when the present day began."""
        local = now.astimezone(self.zone)
        return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(now.tzinfo)

    def next_day(self, now: datetime) -> datetime:
        """Return when the next day begins."""
        return self.day_began(self.day_began(now) + timedelta(hours=36))

    def restore(self, spent: Iterable[tuple[str, str, int]], now: datetime) -> None:
        """Go on with what was spent today before a restart."""
        self._turn(now)
        for channel, address, parts in spent:
            self._add(channel, address, parts)

    def overspent(self, row: OutboxRow, now: datetime) -> Overspent | None:
        """Return which budget forbids a message now, None when it may leave."""
        if (limits := self.limits.get(row.channel)) is None:
            return None
        self._turn(now)
        for address, limit in ((row.address, limits.per_recipient), ("", limits.per_channel)):
            if limit is None:
                continue
            usable = limit if row.severity == "alarm" else int(limit * (1 - ALARM_RESERVE))
            taken = self._spent.get((row.channel, address), 0) + self._held.get((row.channel, address), 0)
            if taken + row.parts > max(usable, 1):
                return Overspent(row.channel, address, limit)
        return None

    def hold(self, row: OutboxRow) -> None:
        """Count a message that is being sent, so that many at once do not spend what is left of a budget each."""
        for key in ((row.channel, row.address), (row.channel, "")):
            self._held[key] = self._held.get(key, 0) + row.parts

    def release(self, row: OutboxRow) -> None:
        """Its attempt ended; `spend` counts it if it left."""
        for key in ((row.channel, row.address), (row.channel, "")):
            if (rest := self._held.get(key, 0) - row.parts) > 0:
                self._held[key] = rest
            else:
                self._held.pop(key, None)

    def spend(self, row: OutboxRow, now: datetime) -> None:
        """Count a message that left, or may have."""
        self._turn(now)
        self._add(row.channel, row.address, row.parts)

    def spent(self, channel: str, address: str = "") -> int:
        """Return what was spent today on a channel, by all or for one address."""
        return self._spent.get((channel, address), 0)

    def _add(self, channel: str, address: str, parts: int) -> None:
        for key in ((channel, address), (channel, "")):
            self._spent[key] = self._spent.get(key, 0) + parts

    def _turn(self, now: datetime) -> None:
        if (day := self.day_of(now)) != self._day:
            self._day, self._spent = day, {}
