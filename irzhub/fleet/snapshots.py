"""Writes what the modems last told to the local store, a minute late at the most."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from irzhub.core.bus import Bus
from irzhub.core.state import ModemForgotten, StateChanged, StateStore
from irzhub.fleet.picture import SNAPSHOT_FIELDS, build_snapshot
from irzhub.fleet.pin_desk import PinDesk
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.local import LocalStore
from irzhub.storage.modems import save_snapshots

_log = logging.getLogger(__name__)
PERIOD_S: Final = 60.0
_BATCH: Final = 500
"""Small enough that an event never waits long for the writer's thread."""
_MADE_AT_ONCE: Final = 50


@dataclass(slots=True)
class SnapshotWriter:
    """Collects the modems whose last known values changed and writes them once a minute."""

    bus: Bus
    store: LocalStore
    states: StateStore
    pins: PinDesk
    _stale: set[str] = field(default_factory=set)

    def listen(self) -> None:
        """Begin to collect."""
        self.bus.subscribe(StateChanged, self._changed)
        self.bus.subscribe(ModemForgotten, lambda gone: self._stale.discard(gone.state.modem))

    async def run(self) -> None:
        """Write once a minute, for ever."""
        while True:
            await asyncio.sleep(PERIOD_S)
            await self.save()

    async def save(self) -> None:
        """Write what is stale; what the disk does not take stays stale, and the store says aloud that it fails."""
        try:
            await self.flush()
        except LocalStoreFailed as error:
            _log.debug("last known values are written later: %s", error)

    async def flush(self) -> None:
        """Write what is stale now.

        Raises:
            LocalStoreFailed: the disk does not take it; what is not written yet stays stale.
        """
        stale, self._stale = sorted(self._stale), set()
        for start in range(0, len(stale), _BATCH):
            rows = [row async for row in self._rows(stale[start : start + _BATCH])]
            try:
                await self.store.write(partial(_save, rows))
            except LocalStoreFailed:
                self._stale.update(stale[start:])
                raise

    async def _rows(self, modems: list[str]) -> AsyncIterator[tuple[str, dict[str, Any]]]:
        """Yield what is to be written, a few in each turn of the loop."""
        for number, modem in enumerate(modems, 1):
            if modem in self.states:
                yield modem, build_snapshot(self.states.get(modem), self.pins.seen_at(modem))
            if number % _MADE_AT_ONCE == 0:
                await asyncio.sleep(0)

    def _changed(self, change: StateChanged) -> None:
        if change.fields & SNAPSHOT_FIELDS:
            self._stale.add(change.state.modem)


def _save(rows: list[tuple[str, dict[str, Any]]], conn: Any) -> None:
    save_snapshots(conn, rows)
