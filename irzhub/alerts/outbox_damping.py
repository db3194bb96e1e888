"""Damping: what a rule says of one subject again and again becomes a message at once and one follow-up with a count.

A window opens with the first message. It ends `damp_s` later; where repeats keep coming it goes on until a pause
of half of that, at most 15 times as long. Its follow-up opens the next window. So a modem that goes and comes a
hundred times in an hour makes two messages. What is more urgent than all before it leaves at once.
"""

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from irzhub.alerts.outbox_schedule import RANKS
from irzhub.storage.outbox import DampingRow

LONGEST: Final = 15
"""In windows: so long a follow-up is put off at the most."""
_PAUSE: Final = 0.5
_WORST: Final = "worst"


@dataclass(slots=True)
class Damper:
    """The windows that are open, by key; `changed` and `ended` are what the disk has to learn."""

    windows: dict[str, DampingRow] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    ended: set[str] = field(default_factory=set)
    _ends: list[tuple[datetime, str]] = field(default_factory=list)

    def restore(self, rows: Iterable[DampingRow]) -> None:
        """Go on with the windows of an earlier life."""
        self.windows = {row.key: row for row in rows}
        self._ends = [(row.ends_at, row.key) for row in self.windows.values()]
        heapq.heapify(self._ends)

    def folds(self, key: str, prototype: dict[str, object], damp_s: float, now: datetime) -> bool:
        """Take one message; say whether it is folded. `prototype` is its row as JSON, for the follow-up."""
        window = self.windows.get(key)
        if damp_s <= 0:
            return False
        if window is None:
            self._open(key, prototype, damp_s, now)
            return False
        is_worse = self._rank(prototype) < self._worst(window)
        window.row = {**prototype, "damp_s": damp_s, _WORST: min(self._worst(window), self._rank(prototype))}
        if is_worse:
            self.changed.add(key)
            return False
        window.count += 1
        window.ends_at = max(window.ends_at, self._end(window, damp_s, now))
        self.changed.add(key)
        return True

    def due(self, now: datetime) -> list[DampingRow]:
        """End the windows whose time is over; return those with something to say, each open anew from now on."""
        said = []
        while self._ends and self._ends[0][0] <= now:
            _, key = heapq.heappop(self._ends)
            if (window := self.windows.get(key)) is None:
                continue
            if window.ends_at > now:  # repeats have put it off
                heapq.heappush(self._ends, (window.ends_at, key))
            elif window.count:
                said.append(window)
                self._open(key, window.row, float(str(window.row["damp_s"])), now)
            else:
                del self.windows[key]
                self.changed.discard(key)
                self.ended.add(key)
        return said

    def next_due(self) -> datetime | None:
        """Return a time by which no window has ended; None while there is none."""
        return self._ends[0][0] if self._ends else None

    def take_changes(self) -> tuple[list[DampingRow], list[str]]:
        """Return what the disk has to learn, once: windows as they are, and keys of those that ended."""
        changed, ended = [self.windows[key] for key in self.changed], list(self.ended)
        self.changed, self.ended = set(), set()
        return changed, ended

    def _open(self, key: str, prototype: dict[str, object], damp_s: float, now: datetime) -> None:
        ends_at = now + timedelta(seconds=damp_s)
        self.windows[key] = DampingRow(
            key=key,
            began_at=now,
            ends_at=ends_at,
            count=0,
            row={**prototype, "damp_s": damp_s, _WORST: self._rank(prototype)},
        )
        heapq.heappush(self._ends, (ends_at, key))
        self.ended.discard(key)
        self.changed.add(key)

    @staticmethod
    def _end(window: DampingRow, damp_s: float, now: datetime) -> datetime:
        latest = window.began_at + timedelta(seconds=LONGEST * damp_s)
        return min(latest, now + timedelta(seconds=_PAUSE * damp_s))

    @classmethod
    def _worst(cls, window: DampingRow) -> int:
        """Return the rank of the worst that the window was told: what comes and goes is no news each time it comes."""
        return int(str(window.row.get(_WORST, cls._rank(window.row))))

    @staticmethod
    def _rank(row: Mapping[str, object]) -> int:
        return RANKS[str(row["severity"])]
