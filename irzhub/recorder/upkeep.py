"""Rolls series up and removes what is older than the settings say, in small steps between other work."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from irzhub.config.settings import DatabaseSettings
from irzhub.recorder.series import slot_start
from irzhub.storage.history import HistoryStore
from irzhub.storage.history_events import purge_events
from irzhub.storage.history_series import DAY_S, HOUR_S, SLOT_S, purge_slots, roll_up
from irzhub.storage.history_sessions import purge_sessions
from irzhub.storage.local import Connection
from irzhub.storage.polls import purge_polls

SLOT_DAYS: Final = 14
HOUR_DAYS: Final = 120
_MODEMS: Final = 100
_ROWS: Final = 1000
_PAUSE_S: Final = 0.05
_ROLL_UP_WITHIN_S: Final = 30.0


class Upkeep:
    """Which hours have new values, and what is too old."""

    def __init__(self, settings: DatabaseSettings, history: HistoryStore) -> None:
        self._settings = settings
        self._history = history
        self._stale_hours: set[datetime] = set()

    def started(self, now: datetime) -> None:
        """Have the last day rolled up again: nobody knows what a hub that ended had left."""
        hour = slot_start(now, HOUR_S)
        self._stale_hours.update(hour - timedelta(hours=back) for back in range(25))

    def written(self, start: datetime) -> None:
        """Note that a slot which begins at `start` has new values."""
        self._stale_hours.add(slot_start(start, HOUR_S))

    async def roll_up(self) -> None:
        """Bring the hours and days of new values up to date.

        Raises:
            DatabaseUnavailable: what is not done yet is kept for the next time.
        """
        hours = sorted(self._stale_hours)
        for hour in hours:
            await self._roll(SLOT_S, HOUR_S, hour)
        for day in sorted({slot_start(hour, DAY_S) for hour in hours}):
            await self._roll(HOUR_S, DAY_S, day)
        self._stale_hours.difference_update(hours)

    async def purge(self, now: datetime) -> None:
        """Remove old events, sessions and slots, at most a thousand rows in each transaction.

        Raises:
            DatabaseUnavailable: try again later.
        """
        hub = self._history.hub
        events_before = now - timedelta(days=self._settings.event_days)
        await self._until_done(partial(purge_events, hub=hub, before=events_before, limit=_ROWS))
        await self._until_done(partial(purge_sessions, hub=hub, before=events_before, limit=_ROWS))
        for slot_s, days in ((SLOT_S, SLOT_DAYS), (HOUR_S, HOUR_DAYS), (DAY_S, self._settings.series_days)):
            before = now - timedelta(days=min(days, self._settings.series_days))
            await self._until_done(partial(purge_slots, hub=hub, slot_s=slot_s, before=before, limit=_ROWS))
        oldest = (now - timedelta(days=self._settings.series_days)).date().isoformat()
        await self._until_done(partial(purge_polls, hub=hub, before_day=oldest, limit=_MODEMS))

    async def _roll(self, slot_s: int, into_s: int, start: datetime) -> None:
        job = partial(roll_up, hub=self._history.hub, slot_s=slot_s, into_s=into_s, start=start)
        await self._history.run(job, deadline_s=_ROLL_UP_WITHIN_S)

    async def _until_done(self, purge: Callable[[Connection], int]) -> None:
        while await self._history.run(purge):  # noqa: ASYNC110 - the pause leaves room for other writers
            await asyncio.sleep(_PAUSE_S)
