"""Incidents of what is measured, not told: signal, temperature, parts of the hub, modems that wait for approval."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from irzhub.alerts import incident_kinds as kinds
from irzhub.alerts.incident_book import IncidentBook
from irzhub.alerts.incident_kinds import part_subject
from irzhub.config.settings import AlertSettings
from irzhub.core.health import PartHealth
from irzhub.core.state import ModemState

_SIGNAL_MARGIN_DB: Final = 4
_TEMPERATURE_MARGIN_C: Final = 2
_WAITING: Final = "hub/quarantine"


@dataclass(slots=True)
class LevelSignals:
    """Compares levels with their thresholds; what was bad must be better by a margin to be good."""

    settings: AlertSettings
    book: IncidentBook
    why_muted: Callable[[str | None, datetime], str]
    _parts: dict[str, tuple[PartHealth, datetime]] = field(default_factory=dict)

    def measured(self, state: ModemState, now: datetime) -> None:
        """A modem told its signal or temperature."""
        if (limit := self.settings.weak_signal_dbm) is not None and state.rssi_dbm is not None:
            facts = {"rssi_dbm": state.rssi_dbm, "limit": limit}
            is_open = self.book.find(kinds.WEAK_SIGNAL, state.modem) is not None
            if state.rssi_dbm <= limit:
                self._bad(kinds.WEAK_SIGNAL, state.modem, now, facts, is_open=is_open)
            elif is_open and state.rssi_dbm >= limit + _SIGNAL_MARGIN_DB:
                self.book.good(kinds.WEAK_SIGNAL, state.modem, now)
        if state.temperature_c is not None:
            self._temperature(state.modem, state.temperature_c, now)

    def part_changed(self, health: PartHealth, now: datetime) -> None:
        """A part of the hub is otherwise than before; one that does not start or work gets a moment to recover."""
        if health.state in ("up", "starting"):
            self._parts.pop(health.part, None)
            if health.state == "up":
                self.book.good(kinds.HUB_PART, part_subject(health.part), now)
            return
        _, since = self._parts.get(health.part, (health, now))
        self._parts[health.part] = health, since

    def look(self, now: datetime) -> None:
        """Note the parts that have been away for too long."""
        wait = timedelta(seconds=self.settings.part_down_after_s)
        for part, (health, since) in tuple(self._parts.items()):
            if since + wait > now:
                continue
            del self._parts[part]
            severity = "alarm" if health.state == "down" else "warning"
            facts = {"state": health.state, "detail": health.detail}
            muted = self.why_muted(None, now)
            self.book.bad(
                kinds.HUB_PART, part_subject(part), since, facts=facts, muted=muted, severity=severity,
                times=int(self.book.find(kinds.HUB_PART, part_subject(part)) is None),
            )  # fmt: skip

    def waiting(self, modems: Iterable[str], now: datetime) -> None:
        """So many modems wait for approval."""
        waiting = sorted(modems)
        known = self.book.find(kinds.AWAITING_APPROVAL, _WAITING)
        if not waiting:
            self.book.good(kinds.AWAITING_APPROVAL, _WAITING, now)
        elif known is None or known.facts.get("modems") != len(waiting) or known.good_since is not None:
            facts = {"modems": len(waiting), "first": waiting[:5]}
            muted = self.why_muted(None, now)
            self.book.bad(kinds.AWAITING_APPROVAL, _WAITING, now, facts=facts, muted=muted, times=int(known is None))

    def _temperature(self, modem: str, degrees: int, now: datetime) -> None:
        high, low = self.settings.temperature_high_c, self.settings.temperature_low_c
        is_open = self.book.find(kinds.TEMPERATURE, modem) is not None
        if high is not None and degrees > high:
            facts = {"temperature_c": degrees, "limit": high, "is_high": True}
            self._bad(kinds.TEMPERATURE, modem, now, facts, is_open=is_open)
        elif low is not None and degrees < low:
            facts = {"temperature_c": degrees, "limit": low, "is_high": False}
            self._bad(kinds.TEMPERATURE, modem, now, facts, is_open=is_open)
        elif is_open and not self._is_within_margin(degrees, high, low):
            self.book.good(kinds.TEMPERATURE, modem, now)

    def _is_within_margin(self, degrees: int, high: int | None, low: int | None) -> bool:
        near_high = high is not None and degrees > high - _TEMPERATURE_MARGIN_C
        return near_high or (low is not None and degrees < low + _TEMPERATURE_MARGIN_C)

    def _bad(self, kind: str, modem: str, now: datetime, facts: dict[str, Any], *, is_open: bool) -> None:
        """Each measurement says the same again: it counts once, until it was good in between."""
        known = self.book.find(kind, modem)
        times = 0 if is_open and known is not None and known.good_since is None else 1
        self.book.bad(kind, modem, now, modem=modem, facts=facts, muted=self.why_muted(modem, now), times=times)
