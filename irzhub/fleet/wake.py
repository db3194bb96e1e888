"""Wakes sleeping modems: who asks, what is allowed, and the way up the ladder by call and SMS."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from irzhub.config.settings import Settings
from irzhub.config.wake import WakeLadder
from irzhub.core.clock import format_time
from irzhub.core.events import ModemConnected, WakeFailed, WakeSucceeded
from irzhub.core.exceptions import UnknownModem
from irzhub.core.services import WAKE_MODEM, WakeModem, WakeOutcome
from irzhub.core.state import StateChanged
from irzhub.core.tasks import Tasks
from irzhub.fleet.ground import Ground
from irzhub.fleet.registry import Registry
from irzhub.fleet.relay_settings import ModemSettingsBuilder
from irzhub.fleet.wake_budget import REACH_BACK, WakeBudget
from irzhub.fleet.wake_caller import PLACE_S, can_place
from irzhub.fleet.wake_drive import WakeDriver
from irzhub.fleet.wake_plan import WakeRefused, ladder_of, longest_s, plan_steps
from irzhub.fleet.wake_record import Wake, is_by_hand, new_wake
from irzhub.fleet.wake_states import Step, StepKind
from irzhub.relay.messages import ToRelay, WakeWanted
from irzhub.relay.orders import StopWaiting
from irzhub.relay.zones import Zones
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.local import Connection
from irzhub.storage.wakes import (
    ENDED_WITH_HUB,
    WakeFigures,
    WakeRow,
    delete_wakes,
    end_living_wakes,
    list_wakes,
    load_wakes,
    purge_wakes,
    wake_figures,
)

_log = logging.getLogger(__name__)

CLIENT: Final = "client"
"""The reason of a wake that a polling program asks for."""
_AGAIN_S: Final = 60.0
_PURGE_EVERY_S: Final = 3600.0
_PURGE_ROWS: Final = 500
_PAUSE_S: Final = 0.05
_TIMES: Final = (5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 300.0)


class WakeDesk:
    """At most one wake for each modem, so many at once, within the day's budget; each is remembered.

    Args:
        send: takes messages for the relay: the programs that wait in vain are closed.
    """

    def __init__(
        self, ground: Ground, registry: Registry, builder: ModemSettingsBuilder, send: Callable[[ToRelay], None]
    ) -> None:
        self._ground = ground
        self._registry = registry
        self._builder = builder
        self._send = send
        self._tasks = Tasks("wake")
        self._wakes: dict[str, Wake] = {}
        self._told: dict[str, float] = {}
        self._postponed: dict[str, float] = {}
        self._zones = Zones()
        self._unlisten: list[Callable[[], None]] = []
        self._is_closed = False
        self.budget = WakeBudget(self._zones.get(""))
        self._driver = WakeDriver(ground, builder, self.budget, self._tasks)
        metrics = ground.metrics
        self._results = metrics.counter("wakes_total", "Wakes of modems by how they ended.", "result")
        self._seconds = metrics.histogram("wake_seconds", "From the first step to the modem's dial-in.", _TIMES)
        metrics.gauge("wakes_running", "Modems that are being woken.").source = lambda: {(): float(len(self._wakes))}

    async def start(self) -> None:
        """Take up the day's budget, listen for modems that come, and offer the service."""
        ground, now = self._ground, self._ground.clock.now()

        def load(conn: Connection) -> list[WakeRow]:
            end_living_wakes(conn, now)
            return load_wakes(conn, now - REACH_BACK)

        zone = self._settings.hub.time_zone
        await self._zones.load(zone)
        self.budget.zone = self._zones.get(zone)
        self.budget.load(await ground.store.write(load), now)
        self._unlisten = [
            ground.bus.subscribe(ModemConnected, self._connected),
            ground.bus.subscribe(StateChanged, self._changed),
            ground.services.register(WAKE_MODEM, self.run),
        ]
        _ = self._tasks.spawn(self._keep_purging(), "purge")

    async def close(self) -> None:
        """Call off what is under way."""
        for stop in self._unlisten:
            stop()
        # Who waits for a modem is closed with the relay, or goes on to wait where the relay goes on.
        self._is_closed = True
        for wake in list(self._wakes.values()):
            wake.climb.call_off(ENDED_WITH_HUB)
            self._end(wake)
        await self._tasks.close()

    # Asking.

    async def run(self, wanted: WakeModem) -> WakeOutcome:
        """Wake a modem and wait until it is online, or not; a modem that is online already is a success."""
        try:
            state = self._ground.states.get(wanted.modem)
            if state.link == "online" and state.confirmed:
                return WakeOutcome(status="online")
            wake = self.begin(wanted.modem, wanted.reason, wanted.timeout_s)
        except (UnknownModem, WakeRefused) as error:
            self._results.add(1, "refused")
            return WakeOutcome(status="refused", error=str(error))
        try:
            return await asyncio.wait_for(asyncio.shield(wake.done), wanted.timeout_s)
        except TimeoutError:
            return WakeOutcome(status="failed", error=f"it did not dial in within {wanted.timeout_s:g} s")

    def begin(self, modem: str, reason: str, timeout_s: float | None = None) -> Wake:
        """Begin to wake a modem, or join the wake that is under way; None: for as long as its ladder takes.

        Raises:
            UnknownModem: it is not registered. WakeRefused: it cannot or need not be woken; the text says why.
        """
        clock, wake = self._ground.clock, self._wakes.get(modem)
        if wake is None:
            ladder, steps = self.check(modem, is_by_hand=is_by_hand(reason))
            self._wakes[modem] = wake = new_wake(modem, reason, ladder, steps, clock)
            _ = self._tasks.spawn(self._drive(wake), modem)
        if timeout_s is None:
            timeout_s = longest_s(wake.climb.steps, self._settings.wake.ring_s) + PLACE_S * len(wake.climb.steps)
        wake.until = max(wake.until, clock.monotonic() + timeout_s)
        return wake

    def wanted(self, message: WakeWanted) -> None:
        """A polling program waits for a modem that is away; where it cannot be woken the program is closed."""
        modem = message.modem
        if modem not in self._registry:
            return
        state, until = self._ground.states.get(modem), self._ground.clock.monotonic() + self.ladder(modem).hold_s
        if state.link != "online":
            self._want(modem, until)
        elif not state.confirmed:  # it was online before the hub started: it is called when it does not return
            self._postponed[modem] = until

    def _want(self, modem: str, until: float) -> None:
        try:
            self.begin(modem, CLIENT, until - self._ground.clock.monotonic())
        except WakeRefused as error:
            self._results.add(1, "refused")
            self._send(StopWaiting(modem=modem))
            if (now := self._ground.clock.monotonic()) - self._told.get(modem, -_AGAIN_S) >= _AGAIN_S:
                self._told[modem] = now
                _log.warning("a program waits for %s, which is not woken: %s", modem, error)

    def check(self, modem: str, *, is_by_hand: bool) -> tuple[WakeLadder, list[Step]]:
        """Return the ladder of a modem with the steps that can be taken now.

        Raises:
            UnknownModem: it is not registered. WakeRefused: it cannot or need not be woken.
        """
        ground, settings = self._ground, self._settings.wake
        row, state, now = self._registry.get(modem), ground.states.get(modem), ground.clock.now()
        if state.link == "quarantined":
            raise WakeRefused("it waits in quarantine for approval")
        if state.link == "online":
            raise WakeRefused("it is online" if state.confirmed else "it was online before the restart, and is awaited")
        ladder = self.ladder(modem)
        planned = plan_steps(ladder, row, settings.numbers)
        steps = [step for step in planned if can_place(ground.services, step.kind)]
        if not steps:
            raise WakeRefused("nobody here can make calls or send SMS: set up a GSM modem")
        resumes_at = self.budget.resumes_at(modem, settings.pause_s, now)
        if resumes_at is not None and not is_by_hand:
            raise WakeRefused(f"the last wake was in vain; by itself the hub tries again at {format_time(resumes_at)}")
        whys = [self.budget.why_not(modem, step.kind, ladder, settings, now) for step in steps]
        if all(why is not None for why in whys):
            raise WakeRefused(str(whys[0]))
        return ladder, steps

    # What is known.

    def ladder(self, modem: str) -> WakeLadder:
        """Return how a modem is woken (raises `UnknownModem`)."""
        return ladder_of(self._settings, self._builder.overrides_of(self._registry.get(modem)))

    def why_not(self, modem: str) -> str | None:
        """Return why a modem could not be woken by hand now, None when it could (raises `UnknownModem`)."""
        try:
            self.check(modem, is_by_hand=True)
        except WakeRefused as error:
            return str(error)
        return None

    def resumes_at(self, modem: str) -> datetime | None:
        """Return when the hub wakes a modem again by itself, after it failed."""
        return self.budget.resumes_at(modem, self._settings.wake.pause_s, self._ground.clock.now())

    def current(self, modem: str) -> Wake | None:
        """Return the wake that is under way, None when there is none."""
        return self._wakes.get(modem)

    def left(self) -> dict[StepKind, int]:
        """Return how many calls and SMS the hub may still make today."""
        return self.budget.left(self._settings.wake, self._ground.clock.now())

    def under_way(self) -> list[Wake]:
        """Return all wakes that are under way, in order of asking."""
        return list(self._wakes.values())

    def woken_by(self, modem: str) -> str | None:
        """Return `call` or `sms` when a modem that dials in now was woken so, else None."""
        wake = self._wakes.get(modem)
        cause = None if wake is None or wake.began is None else wake.climb.name_cause()
        return None if cause is None else cause.rstrip("2")

    async def page(self, modem: str, before: str | None, limit: int) -> list[WakeRow]:
        """Return a modem's wakes from new to old."""
        return await self._ground.store.read(lambda conn: list_wakes(conn, modem, before, limit))

    async def figures(self, modem: str) -> WakeFigures:
        """Return how often waking a modem worked, and how long it took."""
        return await self._ground.store.read(lambda conn: wake_figures(conn, modem))

    def forget(self, modem: str) -> None:
        """A modem was deleted."""
        if (wake := self._wakes.get(modem)) is not None:
            wake.climb.call_off("it was deleted")
            wake.arrived.set()
            self._end(wake)
        self.budget.forget(modem)
        self._postponed.pop(modem, None)
        self._ground.journal.write_state(lambda conn: delete_wakes(conn, modem))

    # How it ends.

    @property
    def _settings(self) -> Settings:
        return self._builder.settings  # a reload changes them

    async def _drive(self, wake: Wake) -> None:
        try:
            await self._driver.drive(wake)
        finally:
            # Only a fault of ours leaves a climb open here; who waits is told all the same.
            wake.climb.call_off("the hub failed; its log says how")
            self._end(wake)

    def _changed(self, change: StateChanged) -> None:
        state = change.state
        if (
            not self._postponed
            or state.modem not in self._postponed
            or (state.link == "online" and not state.confirmed)
        ):
            return
        until = self._postponed.pop(state.modem)
        if state.link != "online" and self._ground.clock.monotonic() < until:
            self._want(state.modem, until)

    def _connected(self, event: ModemConnected) -> None:
        if (wake := self._wakes.get(str(event.modem))) is not None:
            wake.climb.dialled_in(event.woken_by)
            wake.arrived.set()
            self._end(wake)

    def _end(self, wake: Wake) -> None:
        """Tell everybody how a wake ended, once."""
        if wake.done.done():
            return
        ground, climb = self._ground, wake.climb
        self._wakes.pop(wake.modem, None)
        took_s = 0.0 if wake.began is None else round(ground.clock.monotonic() - wake.began, 3)
        now, is_online = ground.clock.now(), climb.state == "online"
        write = wake.note(
            status="online" if is_online else "failed",
            finished_at=now,
            by=climb.by,
            took_s=took_s if is_online else None,
            error=climb.error,
        )
        self._results.add(1, "online" if is_online else "failed")
        if is_online:
            self.budget.worked(wake.modem)
            wake.done.set_result(WakeOutcome(status="online", by=climb.by, took_s=took_s))
        else:
            if wake.row.calls or wake.row.sms:
                self.budget.failed(wake.modem, now)
            wake.done.set_result(WakeOutcome(status="failed", error=climb.error))
            if not self._is_closed:
                self._send(StopWaiting(modem=wake.modem))
            _log.warning("%s was not woken for %s: %s", wake.modem, wake.reason, climb.error)
        if wake.began is None or wake.modem not in self._registry:
            return  # nothing was done, so there is nothing to remember
        if is_online:
            self._seconds.observe(took_s)
            woken = WakeSucceeded(ts=now, modem=wake.modem, reason=wake.reason, by=str(climb.by), took_s=took_s)
            ground.journal.append(woken, write=write)
        else:
            failed = WakeFailed(ts=now, modem=wake.modem, reason=wake.reason, error=str(climb.error))
            ground.journal.append(failed, write=write)

    async def _keep_purging(self) -> None:
        while True:
            before = self._ground.clock.now() - timedelta(days=self._settings.wake.keep_days)
            removed = 0
            try:
                removed = await self._ground.store.write(partial(purge_wakes, before=before, limit=_PURGE_ROWS))
            except LocalStoreFailed as error:
                _log.warning("old wakes were not removed: %s", error)
            await asyncio.sleep(_PAUSE_S if removed else _PURGE_EVERY_S)
