"""Which modems' retained topics have to be published, and when: the newest wins, however much piles up.

Nothing is copied: what is published is the state at the moment of publishing. So the outbox holds one
small entry for each modem at the most, however long the broker is away (docs/contract.md 2 rule 6).
"""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from irzhub.core.state import ModemState, StateChanged

FOLD_S: Final = 2.0
"""What a modem answers so soon after its connect goes out as one state (docs/contract.md 2 rule 5)."""
SLOW_S: Final = 60.0
"""So often at the most a state is published in which only counters, `clients` and times have changed."""

HOLD_S: Final = 1.0
"""So long nothing is said of a modem that dials in for the first time and has no session yet: it is not offline."""

SLOW: Final = frozenset({"rx_bytes", "tx_bytes", "clients", "last_seen", "observed_at"})
OWN_TOPICS: Final = frozenset({"link", "gpi", "gpo"})
SHOWN: Final = SLOW | {
    *("name", "group", "model", "firmware", "address", "peer", "sim", "csq", "iccid", "temperature_c", "cell"),
    *("gpi", "gpo", "organisation", "commissioning"),
}
"""The fields of `ModemState` that the `state` payload shows; others publish nothing."""


@dataclass(slots=True)
class StateOutbox:
    """Modems with something to publish: at once, or `state` later. Times are monotonic seconds."""

    _now: dict[str, bool] = field(default_factory=dict)
    _later: dict[str, float] = field(default_factory=dict)
    _heap: list[tuple[float, str]] = field(default_factory=list)
    _folding: dict[str, float] = field(default_factory=dict)
    _sent_at: dict[str, float] = field(default_factory=dict)
    _held: dict[str, float] = field(default_factory=dict)

    def hold(self, modem: str, now: float) -> None:
        """Say nothing of a newcomer by itself until it is online, or was not for a moment."""
        self._held[modem] = now + HOLD_S

    def is_held(self, modem: str, now: float) -> bool:
        """Say whether a newcomer may still be online in a moment."""
        return self._held.get(modem, now) > now

    def note(self, change: StateChanged, now: float) -> None:
        """Plan what a change makes due: pins and availability at once, `state` at once, folded or slowly."""
        modem, fields = change.state.modem, change.fields
        if change.state.link == "online":
            self._held.pop(modem, None)
        if fields & OWN_TOPICS:
            self._now.setdefault(modem, False)
        shown = fields & SHOWN
        if fields & {"link", "peer"} and change.state.link == "online":
            self._folding[modem] = now + FOLD_S
            self._plan_now(modem)
        elif shown - SLOW:
            if self._is_folding(modem, now):
                self._plan_later(modem, self._folding[modem])
            else:
                self._plan_now(modem)
        elif shown:
            due = self._sent_at.get(modem, now - SLOW_S) + SLOW_S
            if due <= now:
                self._plan_now(modem)
            else:
                self._plan_later(modem, due)

    def note_all(self, states: Iterable[ModemState]) -> None:
        """Plan everything of everybody at once: a broker may have forgotten all."""
        for state in states:
            self._plan_now(state.modem)

    def note_gone(self, modem: str) -> None:
        """Plan a modem that has to lose its topics; nothing else of it is due."""
        self._later.pop(modem, None)
        self._folding.pop(modem, None)
        self._sent_at.pop(modem, None)
        self._held.pop(modem, None)
        self._now[modem] = False

    def take(self, now: float, limit: int) -> list[tuple[str, bool]]:
        """Return the modems that are due, oldest first, each with whether its `state` is; they are planned no more."""
        while self._heap and self._heap[0][0] <= now:
            due, modem = heapq.heappop(self._heap)
            if self._later.get(modem) == due:
                self._plan_now(modem)
        for modem, until in tuple(self._held.items()):
            if until <= now:
                del self._held[modem]
            elif self._now.pop(modem, None) is not None:
                self._plan_later(modem, until)
        modems = [modem for modem, _ in zip(self._now, range(limit), strict=False)]
        return [(modem, self._pop(modem, now)) for modem in modems]

    def take_before_event(self, modem: str, now: float) -> list[tuple[str, bool]]:
        """Return what has to be published before an event of `modem`: all but counters that wait their minute."""
        is_folded = modem in self._later and self._later[modem] == self._folding.get(modem)
        if is_folded:
            self._plan_now(modem)
        return [(modem, self._pop(modem, now))] if modem in self._now else []

    def next_due(self) -> float | None:
        """Return when something becomes due; None while nothing is planned."""
        if self._now:
            return 0.0
        while self._heap and self._later.get(self._heap[0][1]) != self._heap[0][0]:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def __len__(self) -> int:
        return len(self._now)

    def _is_folding(self, modem: str, now: float) -> bool:
        until = self._folding.get(modem)
        if until is not None and until <= now:
            del self._folding[modem]
            return False
        return until is not None

    def _plan_now(self, modem: str) -> None:
        self._later.pop(modem, None)
        self._now[modem] = True

    def _plan_later(self, modem: str, due: float) -> None:
        if not self._now.get(modem, False) and due < self._later.get(modem, float("inf")):
            self._later[modem] = due
            heapq.heappush(self._heap, (due, modem))

    def _pop(self, modem: str, now: float) -> bool:
        has_state = self._now.pop(modem)
        if has_state:
            self._sent_at[modem] = now
        return has_state
