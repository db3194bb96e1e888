"""Restart without a storm: when the hub's word on its fleet can be trusted again (ARCHITECTURE D15).

After a start, the modems that were online before are expected. The hub is `starting` until all are back,
or 95 % of them are and nobody has come for a moment (the stragglers of a fleet that still returns are not
lost), or the grace is over. Only those that are missing then are declared offline.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

ENOUGH: Final = 0.95
QUIET_S: Final = 5.0


@dataclass(slots=True)
class Comeback:
    """Who is still expected. No clock: monotonic times come in."""

    grace_s: float
    started: float
    expected: int = 0
    _missing: set[str] = field(default_factory=set)
    _last_return: float = 0.0

    def expect(self, modems: Iterable[str]) -> None:
        """Note the modems that were online when the hub went down."""
        self._missing.update(modems)
        self.expected = len(self._missing)
        self._last_return = self.started

    def returned(self, modem: str, now: float) -> bool:
        """Note that a modem dialled in; say whether it was expected."""
        if modem not in self._missing:
            return False
        self._missing.discard(modem)
        self._last_return = now
        return True

    def forget(self, modem: str) -> None:
        """A modem was deleted: nobody expects it any more."""
        self._missing.discard(modem)

    def is_over(self, now: float) -> bool:
        """Say whether the waiting is over at monotonic time `now`."""
        if not self._missing or now - self.started >= self.grace_s:
            return True
        back = self.expected - len(self._missing)
        return back >= ENOUGH * self.expected and now - self._last_return >= QUIET_S

    @property
    def missing(self) -> frozenset[str]:
        """The modems that were online before and have not dialled in since."""
        return frozenset(self._missing)
