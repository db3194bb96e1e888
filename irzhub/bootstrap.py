"""Builds the parts of the hub in order, and takes them down in reverse (ARCHITECTURE D13).

The order is the reason of this file:

1. the local store: without it there is no number for an event and no registry; it also holds the lock
   that keeps a second hub away from the same folder;
2. the history database, which is waited for only once: a fresh data folder inherits from it, before the
   first number is given;
3. the journal: whatever happens from here on is numbered and committed;
4. the broker's child, the bridge, the recorder, the audit and the alerts: they follow the bus, so they listen
   before anything happens on it;
5. the fleet with the relay: after all listeners of its events;
6. the integrations: after all that they may use;
7. the web: last, so that nobody asks a hub that is half there.
"""

import asyncio
import gc
import logging
import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import Any, Final, Self

from irzhub import upgrade
from irzhub.alerts.part import Alerts
from irzhub.audit.part import Audit
from irzhub.audit.trail import AuditTrail
from irzhub.automation.journal_feed import JournalFeed
from irzhub.automation.notification_desk import NotificationDesk
from irzhub.automation.part import Automations
from irzhub.automation.recorded import Recorded
from irzhub.automation.surroundings import Surroundings
from irzhub.config.reload import reload_settings
from irzhub.config.settings import Settings
from irzhub.const import VERSION
from irzhub.core import handover
from irzhub.core.allocator import share_one_arena
from irzhub.core.bus import Bus
from irzhub.core.clock import Clock, SystemClock
from irzhub.core.ending import Ending
from irzhub.core.exceptions import IrzhubError, UpgradeRefused
from irzhub.core.handover import Handover
from irzhub.core.health import Health
from irzhub.core.loop_errors import LoopErrors
from irzhub.core.metrics import Metrics
from irzhub.core.services import Services
from irzhub.core.state import StateStore
from irzhub.core.tasks import Tasks
from irzhub.fleet.fleet import Fleet
from irzhub.fleet.ground import Ground
from irzhub.fleet.inheritance import inherit
from irzhub.fleet.report_facts import ReportFacts
from irzhub.journal.journal import Journal
from irzhub.loader import Integrations
from irzhub.mqtt.part import Mqtt
from irzhub.outbound.client import Outbound
from irzhub.recorder.recorder import Recorder
from irzhub.reports.part import Reports
from irzhub.signals import Wanted
from irzhub.storage.audit import AuditRow
from irzhub.storage.history import HistoryStore
from irzhub.storage.local import LocalStore
from irzhub.upgrade import Progress
from irzhub.web.app import WebServer
from irzhub.web.desks import Desks
from irzhub.web.hub_watch import HubWatch

_log = logging.getLogger(__name__)
_LOOK_S: Final = 0.02
_REST_S: Final = 1.0
"""For what no part waits for: threads and tasks that are not needed any more."""
_PLACE_S: Final = 10.0
"""The same before another program; longer, because the children die with the thread that started them, and only
the main thread can take them along. A hub whose modems dial in again is still better than none."""
_SWITCH_S: Final = 0.0005
"""So long at the most the loop waits for a thread that computes (SQL); Python's 5 ms add up with each turn."""


class Hub:
    """All parts of one hub, entered in order and left in reverse."""

    def __init__(self, settings: Settings, clock: Clock | None = None, handover: Handover | None = None) -> None:
        self.settings = settings
        self.handover = handover
        self.clock = clock or SystemClock()
        self.bus = Bus()
        self.metrics = Metrics()
        self.services = Services()
        self.health = Health(self.bus)
        self.states = StateStore(self.bus)
        self.store = LocalStore(settings.hub.data_dir)
        self.history = HistoryStore(settings.database.url, settings.hub.data_dir, settings.hub.id)
        self.journal = Journal(self.store, self.bus, self.clock, self.health, self.metrics)
        self.mqtt = Mqtt(
            settings,
            self.store,
            self.journal,
            self.states,
            self.bus,
            self.services,
            self.health,
            self.metrics,
            self.clock,
            handover,
        )
        self.outbound = Outbound(settings.outbound)
        ground = Ground(
            settings=settings,
            store=self.store,
            journal=self.journal,
            bus=self.bus,
            states=self.states,
            services=self.services,
            health=self.health,
            metrics=self.metrics,
            clock=self.clock,
            handover=handover,
            outbound=self.outbound,
        )
        self.fleet = Fleet(ground)
        self.integrations = Integrations(ground, self.fleet)
        self.recorder = Recorder(
            settings.database,
            self.history,
            self.journal,
            self.store,
            self.states,
            self.bus,
            self.clock,
            self.health,
            self.metrics,
        )
        trail = AuditTrail(self.store, self.health, settings.audit.key)
        self.audit = Audit(settings.audit, trail, self.store, self.history, self.bus, self.clock, self.health)
        self.alerts = Alerts(
            settings,
            self.store,
            self.history,
            self.journal,
            self.states,
            self.bus,
            self.clock,
            self.health,
            newcomers=lambda: [each.modem for each in self.fleet.quarantined()],
            inputs=self.fleet.inputs,
            services=self.services,
            metrics=self.metrics,
            outbound=self.outbound,
        )
        self.notifications = NotificationDesk(self.store, self.clock, self.bus)
        self.feed = JournalFeed(self.journal, self.store, self.bus)
        self.automations = Automations(
            Surroundings.of(
                ground,
                feed=self.feed,
                outbox=self.alerts.outbox,
                broker=self.mqtt.outside,
                incidents=self.alerts.incidents,
                notifications=self.notifications,
                recorded=Recorded(self.journal, self.history, settings.hub.id),
                directory=self.alerts.outreach.directory,
            )
        )
        facts = ReportFacts(self.fleet)
        self.reports = Reports(settings, self.store, self.history, self.states, facts, self.services, self.clock)
        self._watch = HubWatch(self.bus)
        self.web = WebServer(
            settings,
            self.states,
            self.fleet,
            self.health,
            self.metrics,
            self.store,
            self.services,
            self.bus,
            self.clock,
            self.journal,
            hub=self._watch,
            handover=handover,
            audit=self.audit.trail,
            desks=Desks(
                meters=self.fleet.meters,
                orders=self.fleet.orders,
                history=self.history,
                fleet=self.fleet,
                notification_desk=self.notifications,
                automation_desk=self.automations,
                alert_part=self.alerts,
                report_part=self.reports,
            ),
        )
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        sys.setswitchinterval(_SWITCH_S)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.store)
            await stack.enter_async_context(self.history)
            await inherit(self.store, self.history)
            await stack.enter_async_context(self.journal)
            await stack.enter_async_context(self.mqtt)
            await stack.enter_async_context(self.recorder)
            await stack.enter_async_context(self.audit)
            await stack.enter_async_context(self.outbound)
            await stack.enter_async_context(self.alerts)
            await stack.enter_async_context(self.notifications)
            await stack.enter_async_context(self.feed)
            await stack.enter_async_context(self.automations)
            stack.callback(self._watch.follow())
            await stack.enter_async_context(self.fleet)
            await stack.enter_async_context(self.integrations)
            await stack.enter_async_context(self.reports)
            await stack.enter_async_context(self.web)
            if self.handover is not None:
                self.handover.close()
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def hand_over(self, load: Callable[[], Settings], command: Sequence[str], progress: Progress) -> Handover:
        """Make ready for the next hub in this process; after it, leave this one and replace the program.

        Args:
            load: reads the settings that the next hub will have.
            command: tries the version that is installed now.
            progress: is told of each step.

        Raises:
            UpgradeRefused: this hub goes on; the text says why.
        """
        began = self.clock.monotonic()
        await asyncio.to_thread(progress.say, "checking", "the installed version is tried")
        rehearsed = await upgrade.try_version(command, self.settings)
        try:
            new = await asyncio.to_thread(load)
        except (IrzhubError, OSError) as error:
            raise UpgradeRefused(f"the settings cannot be used: {' '.join(str(error).split())}") from error
        await asyncio.to_thread(upgrade.check_ports, self.settings, new)
        why = rehearsed.why_modems_redial(self.settings)
        is_kept = why is None and await self.fleet.hold()
        kept = "modems stay connected" if is_kept else f"modems dial in again: {why or 'relay.workers is 0'}"
        await asyncio.to_thread(progress.say, "replacing", f"version {rehearsed.version} takes over, {kept}")
        to_leave = Handover()
        try:
            self.web.leave(to_leave)
            self.fleet.leave(to_leave)
        except OSError:
            to_leave.close()
            self.fleet.go_on()
            raise
        self.mqtt.leave(to_leave, is_fleet_kept=is_kept)
        to_leave.leave(upgrade.PART, upgrade.note_for_successor(began, is_kept=is_kept))
        return to_leave

    async def reload(self, load: Callable[[], Settings]) -> None:
        """Read automations and settings again, take on what can change at run time; a broken file changes nothing."""
        await self.automations.reload()
        try:
            new = await asyncio.to_thread(load)
        except (IrzhubError, OSError) as error:
            _log.error("the settings stay as they are: %s", " ".join(str(error).split()))
            return
        reloaded = reload_settings(self.settings, new)
        self.settings = reloaded.running
        if reloaded.now or reloaded.later:
            changed = {"now": list(reloaded.now), "after_restart": list(reloaded.later)}
            row = AuditRow(ts=self.clock.now(), actor="hub", action="settings_reloaded", after=changed)
            await self.audit.trail.record(row)
        if reloaded.now:
            told = await self.fleet.reload(reloaded.running)
            await self.alerts.reload(reloaded.running)
            await self.integrations.reload(reloaded.running)
            _log.info("settings read again: %s changed, for %d modems", ", ".join(reloaded.now), told)
        if reloaded.later:
            _log.warning("only a restart changes %s", ", ".join(reloaded.later))
        if not (reloaded.now or reloaded.later):
            _log.info("settings read again: nothing changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """What the command line lends to a running hub.

    Args:
        reload: reads the settings again; SIGHUP asks for it, and so does a planned restart.
        rehearsal: the command that tries the version which is installed; SIGUSR2 asks for a planned restart.
        announce: shows the link to the first account, while there is none.
        practice: with how many simulated modems a hub without modems of its own begins; 0: none.
    """

    reload: Callable[[], Settings] | None = None
    rehearsal: Sequence[str] = ()
    announce: Callable[[str], None] | None = None
    practice: int = 0


def run(settings: Settings, console: Console) -> None:
    """Run the hub until SIGTERM or SIGINT, or until another one takes its place; on uvloop where there is one.

    Raises:
        StartError: it cannot start; the text says what to change.
    """
    share_one_arena()
    left, ending = handover.receive(os.environ), Ending()
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        to_leave = runner.run(_serve(settings, console, left, ending))
    if to_leave is not None:
        ending.came()
        upgrade.replace_program(to_leave)


async def _serve(settings: Settings, console: Console, left: Handover | None, ending: Ending) -> Handover | None:
    """Run the hub; return what there is for the next one in this process, None at an ordinary end."""
    loop, wanted = asyncio.get_running_loop(), Wanted(ending)
    wanted.listen(takes_reload=console.reload is not None)
    loop.set_exception_handler(LoopErrors().handle)
    began, to_leave = loop.time(), None
    note = None if left is None else left.take(upgrade.PART)
    async with Hub(settings, handover=left) as hub, AsyncExitStack() as stack:
        tasks = Tasks("bootstrap")
        stack.push_async_callback(tasks.close)
        if console.reload is not None:
            tasks.spawn(_reload_on(wanted.reload, hub, console.reload), "reload")
        _log.info("irzhub %s is up after %.1f s; status page %s", VERSION, loop.time() - began, hub.web.url)
        if note is not None:
            tasks.spawn(_tell_ready(hub, note), "tell that it is ready")
        if console.announce is not None and (link := await hub.web.setup_url()) is not None:
            console.announce(link)  # to the console alone: whoever has the link becomes the administrator
        if console.practice and left is None:
            await hub.fleet.practice.begin(console.practice)
        # What exists now lives as long as the hub: no need to look through it again and again.
        gc.collect()
        gc.freeze()
        gc.enable()
        while await wanted.upgrade_or_stop() and (to_leave := await _hand_over(hub, console)) is None:
            pass
        _log.info("stopping" if to_leave is None else "making place for the next hub")
    upgrade.hold_signals()
    _log.info("stopped")
    if wanted.stop.is_set() or to_leave is None:
        ending.within(_REST_S, lambda: os._exit(0), loop)
        return None
    ending.within(_PLACE_S, partial(upgrade.replace_program, to_leave), loop)
    return to_leave


async def _hand_over(hub: Hub, console: Console) -> Handover | None:
    """Make ready for the next hub; None when this one has to go on."""
    progress = Progress(hub.settings.hub.data_dir)
    if console.reload is None or not console.rehearsal:
        return None
    try:
        return await hub.hand_over(console.reload, console.rehearsal, progress)
    except (UpgradeRefused, OSError) as error:
        await asyncio.to_thread(progress.say, "refused", f"the hub goes on as it is: {error}")
        return None


async def _tell_ready(hub: Hub, note: dict[str, Any]) -> None:
    while hub.health.is_starting("relay"):  # noqa: ASYNC110 - health has no event for one part
        await asyncio.sleep(_LOOK_S)
    online = sum(state.link == "online" and state.confirmed for state in hub.states)
    await asyncio.to_thread(upgrade.say_ready, Progress(hub.settings.hub.data_dir), note, online)


async def _reload_on(wanted: asyncio.Event, hub: Hub, load: Callable[[], Settings]) -> None:
    """Reload as often as it is wanted, one after the other."""
    while True:
        await wanted.wait()
        wanted.clear()
        await hub.reload(load)


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes the loop of the process: uvloop where there is one, None for Python's own."""
    if sys.platform == "win32":
        return None
    import uvloop

    return uvloop.new_event_loop
