"""Reports as one part of the hub: made when they are asked for, mailed when they are due."""

from contextlib import AsyncExitStack
from types import TracebackType
from typing import Self

from irzhub.config.settings import Settings
from irzhub.core.clock import Clock
from irzhub.core.services import Services
from irzhub.core.state import StateStore
from irzhub.core.tasks import Tasks
from irzhub.reports.desk import ReportDesk
from irzhub.reports.ground import Facts, Ground
from irzhub.reports.mailing import Mailing
from irzhub.storage.history import HistoryStore
from irzhub.storage.local import LocalStore


class Reports:
    """Enter it after the integrations, which carry mail, and before the web, which asks for reports."""

    def __init__(
        self,
        settings: Settings,
        store: LocalStore,
        history: HistoryStore,
        states: StateStore,
        facts: Facts,
        services: Services,
        clock: Clock,
    ) -> None:
        self.desk = ReportDesk(Ground(history, states, facts, clock), settings.hub.data_dir)
        self.mailing = Mailing(store, self.desk, services, clock)
        self.time_zone = settings.hub.time_zone
        self.language = settings.hub.language
        self._tasks = Tasks("reports")
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await self.desk.open()
            stack.push_async_callback(self._tasks.close)
            self._tasks.spawn(self.mailing.run(), "mailing")
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()
