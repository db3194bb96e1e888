"""Which links are lost and since when, before it is an incident: a delay, and a count of breaks that come often."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

_BREAKS_KEPT: Final = 16
_MOST_AT_ONCE: Final = 500
"""Losses of one turn of the loop; the next look takes the rest."""


@dataclass(frozen=True, slots=True)
class Loss:
    """One modem that is away: since when, and why in words."""

    modem: str
    at: datetime
    detail: str = ""


@dataclass(slots=True)
class LinkWatch:
    """Losses that are not told of yet, in the order in which they happened.

    Args:
        delay: how long a modem may be away.
        breaks: so many losses within `breaks_within` are too many, however short each is.
    """

    delay: timedelta
    breaks: int
    breaks_within: timedelta
    _waiting: dict[str, Loss] = field(default_factory=dict)
    _breaks: dict[str, deque[datetime]] = field(default_factory=dict)
    _not_before: datetime | None = None

    def lost(self, modem: str, at: datetime, detail: str = "") -> int:
        """A link was lost; return how often this happened lately, 0 when that is not too often."""
        if modem in self._waiting:
            return 0
        self._waiting[modem] = Loss(modem, at, detail)
        times = self._breaks.get(modem)
        if times is None:
            times = self._breaks[modem] = deque(maxlen=_BREAKS_KEPT)
        times.append(at)
        while times[0] <= at - self.breaks_within:
            times.popleft()
        return len(times) if len(times) >= self.breaks else 0

    def explain(self, modem: str, detail: str) -> None:
        """Say why a modem is away, when that is known a moment later."""
        if (loss := self._waiting.get(modem)) is not None:
            self._waiting[modem] = Loss(modem, loss.at, detail)

    def returned(self, modem: str) -> Loss | None:
        """A modem is back, or is not expected any more; return the loss that was waiting."""
        return self._waiting.pop(modem, None)

    def take(self, modem: str) -> Loss | None:
        """The loss of a modem is told of now, for whatever reason."""
        return self._waiting.pop(modem, None)

    def due(self, now: datetime) -> list[Loss]:
        """Return the losses that have lasted for long enough, so many at once; they wait no more."""
        if self._not_before is not None and now < self._not_before:
            return []
        found: list[Loss] = []
        for loss in self._waiting.values():
            if loss.at + self.delay > now or len(found) >= _MOST_AT_ONCE:
                break
            found.append(loss)
        for loss in found:
            del self._waiting[loss.modem]
        return found

    def recent(self, since: datetime) -> Iterator[Loss]:
        """Give the waiting losses from a moment on, the latest first."""
        for loss in reversed(self._waiting.values()):
            if loss.at < since:
                return
            yield loss

    def wait_anew(self, now: datetime) -> None:
        """The hub itself was away for a moment: what it believes of links counts only after another delay."""
        self._not_before = now + self.delay

    def forget(self, modem: str) -> None:
        """A modem was deleted."""
        self._waiting.pop(modem, None)
        self._breaks.pop(modem, None)

    def __len__(self) -> int:
        return len(self._waiting)
