"""What people want modems to do: commands, their templates, outputs and jobs, as one part of the fleet."""

import asyncio
import logging
from collections.abc import Callable, Container
from datetime import timedelta
from functools import partial
from typing import Final

from irzhub.config.settings import Settings
from irzhub.core.bus import Bus
from irzhub.core.clock import Clock
from irzhub.core.metrics import Metrics
from irzhub.core.services import Services
from irzhub.core.state import StateStore
from irzhub.core.tasks import Tasks
from irzhub.fleet.command_jobs import command_kind
from irzhub.fleet.commands import CommandDesk, CommandLimits
from irzhub.fleet.jobs import Jobs, Staging
from irzhub.fleet.outputs import OutputDesk
from irzhub.fleet.templates import CommandTemplates
from irzhub.journal.journal import Journal
from irzhub.relay.orders import SendCommand
from irzhub.storage.commands import purge_commands
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.jobs import purge_jobs
from irzhub.storage.local import Connection, LocalStore

_log = logging.getLogger(__name__)

_PURGE_EVERY_S: Final = 3600.0
_ROWS: Final = 500
_PAUSE_S: Final = 0.05


class Orders:
    """Owns the desks; the fleet starts them around its relay and tells them of modems that come and answer.

    Kinds of jobs are registered at `jobs` before `start_jobs`.
    """

    def __init__(
        self,
        settings: Settings,
        store: LocalStore,
        journal: Journal,
        bus: Bus,
        states: StateStore,
        services: Services,
        metrics: Metrics,
        clock: Clock,
        registry: Container[object],
        send: Callable[[SendCommand], None],
        is_present: Callable[[str], bool],
    ) -> None:
        self._settings = settings
        self._store = store
        self._clock = clock
        self._bus = bus
        self._tasks = Tasks("orders")
        self.templates = CommandTemplates(store, clock)
        self.outputs = OutputDesk(store, states, journal, clock)
        self.commands = CommandDesk(
            registry=registry,
            store=store,
            journal=journal,
            services=services,
            clock=clock,
            metrics=metrics,
            templates=self.templates,
            send=send,
            is_present=is_present,
            limits=CommandLimits(
                answer_timeout_s=settings.commands.answer_timeout_s,
                attempts=settings.commands.attempts,
                retry_pause_s=settings.commands.retry_pause_s,
                sms_password=settings.commands.sms_password,
            ),
            on_done=self.outputs.command_done,
        )
        staging = Staging(
            above=settings.jobs.staged_above,
            return_within_s=settings.jobs.return_within_s,
            lost_percent=settings.jobs.lost_percent,
        )
        self.jobs = Jobs(store, journal, clock, metrics, is_present, staging)
        self.jobs.register(command_kind(self.commands, clock, settings.jobs.concurrency))

    async def start(self) -> None:
        """Take up what waited when the hub ended; before the relay, so that no modem comes unnoticed."""
        await self.templates.load()
        await self.outputs.load(self._bus)
        await self.commands.start()

    async def start_jobs(self) -> None:
        """Go on with the jobs, now that modems come."""
        await self.jobs.start()
        _ = self._tasks.spawn(self._keep_purging(), "purge")

    async def close(self) -> None:
        """Begin nothing more; before the relay says goodbye, so that what is under way still gets its answer."""
        await self._tasks.close()
        self.jobs.stop_beginning()
        await self.commands.close()
        await self.jobs.close()
        self.outputs.close()

    def forget(self, modem: str) -> None:
        """A modem was deleted."""
        self.commands.forget(modem)
        self.outputs.forget(modem)

    async def purge(self) -> int:
        """Remove commands and jobs that ended long ago, in small transactions; return how many went."""
        now, removed = self._clock.now(), 0
        commands_before = now - timedelta(days=self._settings.commands.keep_days)
        jobs_before = now - timedelta(days=self._settings.jobs.keep_days)
        old: list[Callable[[Connection], int]] = [
            partial(purge_commands, before=commands_before, limit=_ROWS),
            partial(purge_jobs, before=jobs_before, limit=10),
        ]
        for job in old:
            while count := await self._store.write(job):
                removed += count
                await asyncio.sleep(_PAUSE_S)
        return removed

    async def _keep_purging(self) -> None:
        while True:
            await asyncio.sleep(_PURGE_EVERY_S)
            try:
                if removed := await self.purge():
                    _log.info("%d old commands and jobs removed", removed)
            except LocalStoreFailed as error:
                _log.warning("old commands and jobs were not removed: %s", error)
