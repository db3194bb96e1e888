"""What waits, by channel and urgency, and what becomes due at a moment; storms are held back here to be grouped."""

import heapq
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from irzhub.alerts.outbox_schedule import RANKS
from irzhub.storage.outbox import OutboxRow

BurstKey: TypeAlias = tuple[str, str, str, str, bool]
"""Rule, channel, address, severity, and whether it says that something is over: what may be said in one message."""
_LONGEST_BURST_S: Final = 60.0
_FORGET: Final = 1024


def burst_key(row: OutboxRow) -> BurstKey:
    """Return with what a row may be grouped."""
    return row.rule, row.channel, row.address, row.severity, row.closes


@dataclass(slots=True)
class _Burst:
    """The messages of one rule to one recipient within seconds; `ends_at` is set while they are held back."""

    length_s: float
    left_at: deque[datetime] = field(default_factory=deque)
    ends_at: datetime | None = None
    held: int = 0


@dataclass(slots=True)
class Bursts:
    """Lets the first messages of a rule to a recipient leave at once, and holds back the rest for a while.

    Args:
        after: so many leave at once within `within_s`. While the storm lasts each wait is twice the one before.
    """

    after: int
    within_s: float
    _bursts: dict[BurstKey, _Burst] = field(default_factory=dict)

    def hold_until(self, row: OutboxRow, now: datetime) -> datetime | None:
        """Return until when a new row is held back, None: it leaves at once."""
        key = burst_key(row)
        if (burst := self._bursts.get(key)) is None:
            self._forget_old(now)
            burst = self._bursts[key] = _Burst(self.within_s)
        if burst.ends_at is not None and now >= burst.ends_at:
            self._end(burst, now)
        if burst.ends_at is not None:
            burst.held += 1
            return burst.ends_at
        while burst.left_at and now - burst.left_at[0] > timedelta(seconds=self.within_s):
            burst.left_at.popleft()
        if len(burst.left_at) < self.after:
            burst.left_at.append(now)
            return None
        burst.ends_at, burst.held = now + timedelta(seconds=burst.length_s), 1
        return burst.ends_at

    def _end(self, burst: _Burst, now: datetime) -> None:
        """Begin the next wait, twice as long, while the storm lasts; forget it once a wait was quiet."""
        ended, length_s = burst.ends_at, min(2 * burst.length_s, _LONGEST_BURST_S)
        assert ended is not None
        if burst.held and now < ended + timedelta(seconds=length_s):
            burst.length_s, burst.ends_at, burst.held = length_s, ended + timedelta(seconds=length_s), 0
        else:
            burst.length_s, burst.ends_at, burst.held = self.within_s, None, 0
            burst.left_at.clear()

    def _forget_old(self, now: datetime) -> None:
        if len(self._bursts) < _FORGET or len(self._bursts) & (_FORGET - 1):
            return
        oldest = now - timedelta(seconds=2 * _LONGEST_BURST_S)
        self._bursts = {
            key: burst
            for key, burst in self._bursts.items()
            if (burst.ends_at or oldest) > oldest or (burst.left_at and burst.left_at[-1] > oldest)
        }


@dataclass(slots=True)
class OutboxQueue:
    """Ids of rows: ready ones by channel, the most urgent and oldest first, and all by when to look at them again."""

    _ready: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    _timed: list[tuple[datetime, str]] = field(default_factory=list)
    _fresh: dict[BurstKey, dict[str, None]] = field(default_factory=dict)

    def put(self, row: OutboxRow) -> None:
        """Have a row wait for its channel from now on."""
        heapq.heappush(self._ready.setdefault(row.channel, []), (RANKS[row.severity], row.id))
        if not row.attempts and row.fallback_of is None:
            self._fresh.setdefault(burst_key(row), {})[row.id] = None

    def remove(self, row: OutboxRow) -> None:
        """A row does not wait any more; it is skipped when it comes up."""
        if (fresh := self._fresh.get(key := burst_key(row))) is not None:
            fresh.pop(row.id, None)
            if not fresh:
                del self._fresh[key]

    def pop(self, channel: str) -> str | None:
        """Return the id that is next on a channel, None when none waits."""
        ready = self._ready.get(channel)
        return heapq.heappop(ready)[1] if ready else None

    def has(self, channel: str) -> bool:
        """Say whether something may wait for a channel."""
        return bool(self._ready.get(channel))

    def channels(self) -> list[str]:
        """Return the channels for which something may wait."""
        return [channel for channel, ready in self._ready.items() if ready]

    def mates(self, row: OutboxRow) -> list[str]:
        """Return the ids, from old to new, of what waits and was never tried and may be said in one with `row`."""
        return sorted(self._fresh.get(burst_key(row), ()))

    def look_at(self, row: OutboxRow, moment: datetime) -> None:
        """Have a row looked at again at a moment."""
        heapq.heappush(self._timed, (moment, row.id))

    def due(self, now: datetime) -> Iterator[str]:
        """Give the ids of what is to be looked at by now."""
        while self._timed and self._timed[0][0] <= now:
            yield heapq.heappop(self._timed)[1]

    def next_due(self) -> datetime | None:
        """Return when something is to be looked at again."""
        return self._timed[0][0] if self._timed else None
