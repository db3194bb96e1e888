"""Which modems are to be online now, and who missed the window in which it was to dial in.

A modem that is away outside its window, or that nobody woke, is on standby and not offline: it is as it should
be. A window is judged at its end, and only when the hub was there for the whole of it.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any, Final

from irzhub.config.settings import Presence, Settings
from irzhub.core.bus import Bus
from irzhub.core.clock import Clock
from irzhub.core.events import MissedSchedule, ModemConnected
from irzhub.core.spans import Span
from irzhub.core.state import Link, ModemState, StateChanged, StateStore
from irzhub.fleet.registry import Registry
from irzhub.fleet.windows import Timetable
from irzhub.journal.journal import Journal
from irzhub.relay.zones import Zones
from irzhub.storage.modems import ModemRow

_LOOK_S: Final = 5.0
_PORTION: Final = 500


@lru_cache(maxsize=1024)
def _timetable(presence: Presence, zone: tzinfo) -> Timetable:
    # One for all modems of a group: it is asked for thousands of them at the same moment.
    return Timetable(presence.windows, zone)


@dataclass(slots=True)
class PresenceDesk:
    """Knows when each modem is expected, and keeps the states accordingly.

    Args:
        overrides_of: what differs for a modem, as `config.overrides` names it.
        zone_of: the zone (IANA) on whose clock a modem's windows are.
    """

    settings: Settings
    registry: Registry
    states: StateStore
    journal: Journal
    bus: Bus
    clock: Clock
    overrides_of: Callable[[ModemRow], Mapping[str, Any]]
    zone_of: Callable[[ModemRow], str]
    zones: Zones = field(default_factory=Zones)
    _open: dict[str, Span] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)
    _started: datetime | None = None

    def listen(self) -> None:
        """Begin to follow who dials in, and what becomes of links."""
        self._started = self.clock.now()
        self.bus.subscribe(ModemConnected, self._connected)
        self.bus.subscribe(StateChanged, self._changed)

    async def run(self) -> None:
        """Look every few seconds, for ever."""
        while True:
            await self.look()
            await asyncio.sleep(_LOOK_S)

    async def look(self) -> None:
        """Bring all modems up to the present; thousands of them take several turns of the loop."""
        for number, row in enumerate(self.registry):
            if self.presence_of(row).mode == "schedule":
                await self.zones.load(self.zone_of(row))
            if row.modem in self.states:
                self._look_at(row, self.states.get(row.modem))
            if number % _PORTION == _PORTION - 1:
                await asyncio.sleep(0)

    def presence_of(self, row: ModemRow) -> Presence:
        """Return when a modem is to be online."""
        presence: Presence = self.overrides_of(row).get("presence", self.settings.relay.modems.presence)
        return presence

    def timetable_of(self, row: ModemRow) -> Timetable | None:
        """Return the windows of a modem with a schedule, None for others."""
        presence = self.presence_of(row)
        return _timetable(presence, self.zones.get(self.zone_of(row))) if presence.mode == "schedule" else None

    def _look_at(self, row: ModemRow, state: ModemState) -> None:
        presence = self.presence_of(row)
        window = None
        if presence.mode == "schedule":
            window = _timetable(presence, self.zones.get(self.zone_of(row))).window_at(self.clock.now())
            self._follow(row.modem, window, is_online=state.link == "online")
        elif presence.mode == state.presence == "always":
            return
        is_expected = presence.mode == "always" or window is not None
        self.states.update(
            row.modem,
            presence=presence.mode,
            is_expected=is_expected,
            link=_link(state.link, is_expected=is_expected),
        )

    def _follow(self, modem: str, window: Span | None, *, is_online: bool) -> None:
        before = self._open.get(modem)
        if before is not None and (window is None or window.since != before.since):
            del self._open[modem]
            if modem not in self._seen:
                self.journal.append(
                    MissedSchedule(ts=self.clock.now(), modem=modem, since=before.since, until=before.until)
                )
            self._seen.discard(modem)
        if window is not None and self._started is not None and window.since >= self._started:
            self._open[modem] = window
            if is_online:
                self._seen.add(modem)

    def _connected(self, event: ModemConnected) -> None:
        if event.modem in self._open:
            self._seen.add(str(event.modem))

    def _changed(self, change: StateChanged) -> None:
        """A link was lost: outside its window that is standby at once, not seconds later."""
        state = change.state
        if "link" in change.fields and state.link == "offline" and not state.is_expected:
            self.states.update(state.modem, link="standby")


def _link(link: Link, *, is_expected: bool) -> Link:
    if link == "offline" and not is_expected:
        return "standby"
    return "offline" if link == "standby" and is_expected else link
