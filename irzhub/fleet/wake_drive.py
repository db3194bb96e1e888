"""Takes one modem up its ladder: waits for the turn, takes each step that the budget allows, waits what it brings."""

import asyncio
from datetime import datetime
from typing import Final

from irzhub.core.events import WakeStarted
from irzhub.core.tasks import Tasks
from irzhub.fleet.ground import Ground
from irzhub.fleet.relay_settings import ModemSettingsBuilder
from irzhub.fleet.wake_budget import WakeBudget
from irzhub.fleet.wake_caller import place
from irzhub.fleet.wake_record import Wake, goes_first
from irzhub.fleet.wake_states import Step
from irzhub.fleet.wake_turns import WakeTurns

SETTLE_S: Final = 20.0
"""A modem that lost its link just now dials in by itself; only later it is worth a call."""
NOBODY_WAITS: Final = "nobody waits for it any more"


class WakeDriver:
    """Carries wakes out, a few at a time; how one ended stands in its climb."""

    def __init__(self, ground: Ground, builder: ModemSettingsBuilder, budget: WakeBudget, tasks: Tasks) -> None:
        self._ground = ground
        self._builder = builder  # its settings change with a reload
        self._budget = budget
        self._tasks = tasks
        self._turns = WakeTurns(lambda: builder.settings.wake.at_once)

    async def drive(self, wake: Wake) -> None:
        """Wake one modem; return when it is there, or when nothing is left to be done."""
        if await wake.came_within(self._settling_s(wake)):
            return
        numbers = frozenset(step.number for step in wake.climb.steps)
        async with self._turns.take(numbers, goes_first=goes_first(wake.reason)) as was_called:
            # What called the other channel of the same modem brings this one in too.
            if not wake.climb.is_over and not (was_called and await wake.came_within(SETTLE_S)):
                await self._climb(wake)

    async def _climb(self, wake: Wake) -> None:
        ground, climb, clock = self._ground, wake.climb, self._ground.clock
        if clock.monotonic() > wake.until:
            climb.call_off(NOBODY_WAITS)
            return
        wake.began = clock.monotonic()
        names = tuple(step.name for step in climb.steps)
        event = WakeStarted(ts=clock.now(), modem=wake.modem, reason=wake.reason, steps=names)
        ground.journal.append(event, write=wake.note(started_at=clock.now()))
        while (step := climb.step) is not None:
            settings = self._builder.settings.wake
            if clock.monotonic() > wake.until:
                climb.call_off(NOBODY_WAITS)
            elif why := self._budget.why_not(wake.modem, step.kind, wake.ladder, settings, clock.now()):
                climb.missed(why, clock.now())
            else:
                await self._take(wake, step)

    async def _take(self, wake: Wake, step: Step) -> None:
        """Take one step, and wait for what it brings; a modem that comes ends it at once."""
        ground, climb = self._ground, wake.climb
        now = ground.clock.now()
        self._budget.spend(wake.modem, step.kind, now)
        ground.journal.write_state(wake.spend(step.kind))  # before it is made: a hub that dies forgets no cost
        # What rings is not cut off by the modem's coming: the call ends by itself.
        state = ground.states.get(wake.modem)
        work = place(ground.services, self._builder.settings, wake, step, state)
        placing = self._tasks.spawn(work, f"{step.name} for {wake.modem}")
        coming = self._tasks.spawn(wake.arrived.wait(), f"{wake.modem} comes")
        try:
            await asyncio.wait({placing, coming}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            coming.cancel()
        if climb.is_over:
            return
        if (error := placing.result()) is not None:
            climb.missed(error, now)
        else:
            climb.taken(now)
            if not await wake.came_within(step.wait_s) and climb.is_waiting:
                climb.silent()
        ground.journal.write_state(wake.note())

    def _settling_s(self, wake: Wake) -> float:
        """Return how long to wait whether a modem comes by itself.

        One that is to be online was cut off just now; one that a hub before this one called may be on its way, and a
        second call could send it to sleep again.
        """
        state, now = self._ground.states.get(wake.modem), self._ground.clock.now()
        moments: list[tuple[datetime, float]] = []
        if state.is_expected and state.last_seen is not None:
            moments.append((state.last_seen, SETTLE_S))
        if (called_at := self._budget.interrupted_at(wake.modem)) is not None:
            moments.append((called_at, wake.ladder.after_call_s))
        return max([0.0, *(span_s - (now - moment).total_seconds() for moment, span_s in moments)])
