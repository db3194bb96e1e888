"""Automations in a process of their own, which follows a hub over its broker: `irzhub run --only automation`.

Rules, contacts and channels are those of its own configuration, its memory lies in its own `data_dir`; modems,
events and commands are the hub's. What it missed while it, the hub or the broker was away is asked for by number.
Incidents stay with the hub.

The order is that of the hub (`bootstrap.py`): the store, then what tells people, then the rules, then the hub that
they follow; channels last, as they may tell of SMS at once.
"""

import asyncio
import dataclasses
import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Final, Self

from irzhub.alerts.outbox_ports import NoIncidents
from irzhub.alerts.outreach import Outreach
from irzhub.automation.part import Automations
from irzhub.automation.surroundings import Surroundings
from irzhub.bootstrap import loop_factory
from irzhub.config.reload import reload_settings
from irzhub.config.settings import Settings
from irzhub.const import VERSION
from irzhub.core.bus import Bus
from irzhub.core.clock import Clock, SystemClock
from irzhub.core.ending import Ending
from irzhub.core.event_json import event_data
from irzhub.core.events import CallReceived, Event, SmsReceived
from irzhub.core.exceptions import IrzhubError
from irzhub.core.health import Health
from irzhub.core.loop_errors import LoopErrors
from irzhub.core.metrics import Metrics
from irzhub.core.services import MODEM_COMMAND, Services
from irzhub.core.state import StateStore
from irzhub.core.tasks import Tasks
from irzhub.fleet.ground import Ground
from irzhub.journal.journal import Journal
from irzhub.loader import Integrations
from irzhub.mqtt.address import reachable_host
from irzhub.mqtt.follower import HubFollower
from irzhub.mqtt.notices import Notices
from irzhub.mqtt.topics import Topics
from irzhub.outbound.client import Outbound
from irzhub.storage.local import LocalStore

_log = logging.getLogger(__name__)

PART: Final = "automation"
CURSOR: Final = "followed_hub"
_STOP_S: Final = 9.0


class AutomationProcess:
    """All parts of such a process, entered in order and left in reverse."""

    def __init__(self, settings: Settings, clock: Clock | None = None) -> None:
        self.settings = _reachable(settings)
        self.clock = clock or SystemClock()
        self.bus = Bus()
        self.metrics = Metrics()
        self.services = Services()
        self.health = Health(self.bus)
        self.states = StateStore(self.bus)
        self.store = LocalStore(settings.hub.data_dir)
        self.outbound = Outbound(settings.outbound)
        self._own = Bus()
        self.journal = Journal(self.store, self._own, self.clock, self.health, self.metrics)
        self._ground = Ground(
            settings=self.settings,
            store=self.store,
            journal=self.journal,
            bus=self.bus,
            states=self.states,
            services=self.services,
            health=self.health,
            metrics=self.metrics,
            clock=self.clock,
            outbound=self.outbound,
        )
        self._integrations = Integrations(self._ground)
        self.outreach = Outreach(
            *(settings, self.store, self.states, self.services, self.bus, self.clock, self.health, self.metrics),
            self.outbound,
            NoIncidents(),
            None,
        )
        self._follower: HubFollower | None = None
        self._automations: Automations | None = None
        self._stack = AsyncExitStack()

    @property
    def follower(self) -> HubFollower:
        """The hub that is followed."""
        assert self._follower is not None, "this process was not entered"
        return self._follower

    @property
    def automations(self) -> Automations:
        """The rules."""
        assert self._automations is not None, "this process was not entered"
        return self._automations

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.store)
            await stack.enter_async_context(self.journal)
            await stack.enter_async_context(self.outbound)
            await stack.enter_async_context(self.outreach)
            self._follower = follower = self._follow()
            self._automations = await stack.enter_async_context(self._rules(follower))
            stack.callback(self.services.register(MODEM_COMMAND, follower.commands.run))
            topics = Topics(self.settings.mqtt.base_topic)
            stack.callback(Notices(topics, self.services, self.clock, lambda: follower.session).offer())
            stack.callback(self._own.subscribe(Event, self._on_own))
            await stack.enter_async_context(follower)
            await stack.enter_async_context(self._integrations)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def reload(self, load: Callable[[], Settings]) -> None:
        """Read rules, contacts and channels again; a broken file changes nothing."""
        await self.automations.reload()
        try:
            new = await asyncio.to_thread(load)
        except (IrzhubError, OSError) as error:
            _log.error("the settings stay as they are: %s", " ".join(str(error).split()))
            return
        reloaded = reload_settings(self.settings, _reachable(new))
        self.settings = reloaded.running
        if reloaded.now:
            await self.outreach.reload(self.settings)
            await self._integrations.reload(self.settings)
            _log.info("settings read again: %s changed", ", ".join(reloaded.now))
        if reloaded.later:
            _log.warning("only a restart changes %s", ", ".join(reloaded.later))

    def _follow(self) -> HubFollower:
        return HubFollower(
            self.settings.mqtt,
            self.settings.hub.id,
            PART,
            self.states,
            self.journal.cursor(CURSOR),
            self.bus,
            self.clock,
            self.health,
            self.metrics,
        )

    def _rules(self, follower: HubFollower) -> Automations:
        return Automations(
            Surroundings.of(
                self._ground,
                feed=follower,
                outbox=self.outreach.outbox,
                broker=follower.outside,
                directory=self.outreach.directory,
            )
        )

    def _on_own(self, event: Event) -> None:
        """Take in what happened here and not at the hub: its numbers are others, so it is no event of the feed."""
        self.bus.publish(event)
        if isinstance(event, SmsReceived | CallReceived):
            self.automations.engine.happen(event.type, event_data(event), id_=event.id, modem=event.modem)


def _reachable(settings: Settings) -> Settings:
    """Return the settings with the broker's address as a program reaches it."""
    host = reachable_host(settings.mqtt.host)
    return dataclasses.replace(settings, mqtt=dataclasses.replace(settings.mqtt, host=host))


def run(settings: Settings, load: Callable[[], Settings]) -> None:
    """Run the automations until SIGTERM or SIGINT; SIGHUP reads rules and settings again, these by `load`.

    Raises:
        StartError: they cannot start; the text says what to change.
    """
    ending = Ending()
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_serve(settings, load, ending))


async def _serve(settings: Settings, load: Callable[[], Settings], ending: Ending) -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def end() -> None:
        if not stop.is_set():
            ending.within(_STOP_S, lambda: os._exit(1), loop)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end)
    loop.set_exception_handler(LoopErrors().handle)
    async with AutomationProcess(settings) as process:
        where = f"{settings.mqtt.host}:{settings.mqtt.port}, {settings.mqtt.base_topic}/..."
        _log.info("the automations of irzhub %s are up and follow the hub at %s", VERSION, where)
        tasks = Tasks("alone")
        if sys.platform != "win32":
            loop.add_signal_handler(signal.SIGHUP, lambda: tasks.spawn(process.reload(load), "reload"))
        await stop.wait()
        await tasks.close()
        _log.info("stopping")
    _log.info("stopped")
    ending.came()
