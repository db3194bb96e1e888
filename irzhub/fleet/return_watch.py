"""Waits for the modems that were online before a restart; the missing ones are offline then, and only then."""

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from typing import Final

from irzhub.core.bus import Bus
from irzhub.core.clock import Clock
from irzhub.core.events import ModemDisconnected
from irzhub.core.hub import HubPhaseChanged
from irzhub.core.state import StateStore
from irzhub.fleet.comeback import Comeback
from irzhub.fleet.registry import Registry
from irzhub.journal.journal import Journal
from irzhub.storage.modems import set_online

_log = logging.getLogger(__name__)
_WATCH_S: Final = 0.25
_FLUSH_S: Final = 5.0


@dataclass(slots=True)
class ReturnWatch:
    """Ends the waiting of a `Comeback`, and tells how it ended."""

    comeback: Comeback
    registry: Registry
    journal: Journal
    states: StateStore
    bus: Bus
    clock: Clock

    async def run(self) -> None:
        """Wait until the waiting is over, declare who is lost, and say that the hub's word can be trusted."""
        while not self.comeback.is_over(self.clock.monotonic()):  # noqa: ASYNC110 - it is time that ends it
            await asyncio.sleep(_WATCH_S)
        missing = self.comeback.missing
        for modem in sorted(missing):
            self._declare_lost(modem)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.journal.flush(), _FLUSH_S)
        seconds = self.clock.monotonic() - self.comeback.started
        returned = self.comeback.expected - len(missing)
        if self.comeback.expected:
            _log.info("%d modems are back %.1f s after the start, %d are not", returned, seconds, len(missing))
        self.bus.publish(HubPhaseChanged("online", seconds, returned, len(missing)))

    def _declare_lost(self, modem: str) -> None:
        self.registry.note_online(modem, online=False)
        self.journal.append(
            ModemDisconnected(
                ts=self.clock.now(),
                modem=modem,
                reason="hub_restart",
                detail="it was online before the hub was restarted and has not dialled in since",
            ),
            write=lambda conn: set_online(conn, modem, False),
            then=lambda _event: self._show_lost(modem),
        )

    def _show_lost(self, modem: str) -> None:
        if modem in self.states:
            self.states.update(modem, link="offline", confirmed=True, peer=None)
