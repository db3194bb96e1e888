"""Drives the engine in real time: events in order, what is due in time, what changes beside events."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from functools import partial
from typing import Final

from irzhub.automation.engine import Engine
from irzhub.automation.ports import Feed
from irzhub.automation.words import HUB_PARTS
from irzhub.core.bus import Bus, Unsubscribe
from irzhub.core.events import Event
from irzhub.core.health import Health, HealthChanged, PartHealth
from irzhub.core.state import ModemForgotten, StateChanged
from irzhub.core.tasks import Tasks
from irzhub.storage.errors import LocalStoreFailed

_log = logging.getLogger(__name__)

BATCH: Final = 50
"""Events of one turn of the loop: in a storm that each one tells of, some 10 ms."""
_LONGEST_REST_S: Final = 20.0
"""A wall clock that is set forward is noticed so late at the most."""
_LEAST_REST_S: Final = 0.001
_AGAIN_S: Final = 1.0
_NAMES: Final = {part: name for name, part in HUB_PARTS.items()}
_WARN: Final = frozenset({"disk", "certificate", "uplink"})
"""Parts that are not lost but run low: rules hear of it all the same."""


class Runner:
    """One engine in real time, from `start` to `stop`.

    Args:
        sooner: is set when something is due before all that was due so far.
    """

    def __init__(self, engine: Engine, feed: Feed, bus: Bus, health: Health, sooner: asyncio.Event) -> None:
        self._engine = engine
        self._feed = feed
        self._bus = bus
        self._health = health
        self._lost: set[str] = set()
        self._sooner = sooner
        self._tasks = Tasks("automation")
        self._caught_up = asyncio.Event()
        self._unsubscribe: list[Unsubscribe] = []

    def start(self) -> None:
        """Begin; the fleet is known, and so are the rules."""
        for part in self._health:
            self._judge(part, is_told=False)
        self._engine.note_fleet()
        self._unsubscribe = [
            self._bus.subscribe(StateChanged, self._engine.note_state),
            self._bus.subscribe(ModemForgotten, self._engine.note_forgotten),
            self._bus.subscribe(HealthChanged, lambda changed: self._judge(changed.health)),
        ]
        self._engine.happen("hub", {"event": "start", "part": "start"})
        self._tasks.spawn(self._keep_taking(), "events")
        self._tasks.spawn(self._keep_time(), "time")

    async def stop(self) -> None:
        """Take nothing more in."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        await self._tasks.close()

    async def _keep_taking(self) -> None:
        while await self._take_some():
            pass
        # Only now time goes on: what was waited for may have ended in what was missed, and then nobody is told.
        self._caught_up.set()
        while True:
            await self._feed.wait()
            await self._take_some()

    async def _take_some(self) -> bool:
        """Take the next events; say whether there were any."""
        try:
            batch = await self._feed.take(BATCH)
        except LocalStoreFailed as error:
            _log.warning("events cannot be read for automations, trying again: %s", error)
            await asyncio.sleep(_AGAIN_S)
            return False
        for event in batch:
            self._take(event)
        await asyncio.sleep(0)  # a storm leaves the loop to others between its batches
        return bool(batch)

    def _take(self, event: Event) -> None:
        if not self._works(partial(self._engine.take, event)):
            self._feed.acknowledge(event.seq)  # else it would come again with each restart

    async def _keep_time(self) -> None:
        await self._caught_up.wait()
        while True:
            self._sooner.clear()
            self._works(self._engine.tick)
            due_s = self._engine.next_s()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._sooner.wait(), min(_LONGEST_REST_S, max(_LEAST_REST_S, due_s)))

    def _works(self, work: Callable[[], object]) -> bool:
        try:
            work()
        except Exception:  # noqa: BLE001 - the boundary: one rule that breaks on one event must not stop all alarms
            _log.exception("automations failed on something that happened")
            return False
        return True

    def _judge(self, part: PartHealth, *, is_told: bool = True) -> None:
        """Tell rules of parts that are lost and back; how they are at the start is told too when they are lost."""
        name = _NAMES.get(part.part)
        is_lost = part.state == "down" or (part.state == "degraded" and part.part in _WARN)
        if name is None or part.state == "starting" or is_lost == (name in self._lost):
            return
        (self._lost.add if is_lost else self._lost.discard)(name)
        if is_told or is_lost:
            event = f"{name}_{'lost' if is_lost else 'back'}"
            self._engine.happen("hub", {"event": event, "part": name, "detail": part.detail})
