"""What people are told, as one part of the hub: the incidents, and the messages about them."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from contextlib import AsyncExitStack
from datetime import timedelta
from types import TracebackType
from typing import Final, Self

from irzhub.alerts.duty_room import DutyRoom
from irzhub.alerts.incident_book import Notice
from irzhub.alerts.incident_copies import IncidentCopies
from irzhub.alerts.incident_desk import IncidentDesk
from irzhub.alerts.incident_kinds import COMMON_CAUSE
from irzhub.alerts.incident_words import Words
from irzhub.alerts.incidents import Incidents
from irzhub.alerts.outbox import Outbox
from irzhub.alerts.outreach import Outreach
from irzhub.alerts.telling import Telling
from irzhub.alerts.uplink import UplinkWatch
from irzhub.config.settings import AlertSettings, Settings
from irzhub.core.bus import Bus
from irzhub.core.clock import Clock
from irzhub.core.health import Health
from irzhub.core.hub import HubPhaseChanged
from irzhub.core.metrics import Metrics
from irzhub.core.services import Services
from irzhub.core.state import StateStore
from irzhub.core.tasks import Tasks
from irzhub.journal.journal import Journal
from irzhub.outbound.client import Outbound
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.history import HistoryStore
from irzhub.storage.incidents import list_closed
from irzhub.storage.inputs import InputRow
from irzhub.storage.local import LocalStore

_log = logging.getLogger(__name__)
_LOOK_S: Final = 1.0
_TELL_AGAIN: Final = timedelta(hours=1)


class Alerts:
    """Enter it after MQTT and before the fleet, so that none of what both tell is missed.

    Args:
        newcomers: returns the modems that wait for approval.
        inputs: returns what people set for the inputs of a modem.
    """

    def __init__(
        self,
        settings: Settings,
        store: LocalStore,
        history: HistoryStore,
        journal: Journal,
        states: StateStore,
        bus: Bus,
        clock: Clock,
        health: Health,
        newcomers: Callable[[], Collection[str]],
        inputs: Callable[[str], Mapping[int, InputRow]],
        services: Services,
        metrics: Metrics,
        outbound: Outbound | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._bus = bus
        self._tasks = Tasks("alerts")
        language = settings.hub.language
        words = Words("ru" if language == "ru" else "en", lambda modem: _name_of(states, modem))
        self.incidents = Incidents(
            settings.alerts, store, journal, states, bus, clock, health, words, newcomers, inputs
        )
        self.desk = IncidentDesk(self.incidents, journal, clock)
        self.room = DutyRoom(self.incidents, self.desk, store, journal, clock, bus)
        self.outreach = Outreach(
            *(settings, store, states, services, bus, clock, health, metrics, outbound, self.incidents, self.desk),
            cause_of=self._cause_of,
        )
        self._language = language
        self._telling = self._teller(settings.alerts)
        self._copies = IncidentCopies(
            settings.alerts.keep_days, store, history, clock, self.incidents.book.go_on_behind
        )
        outages = self.incidents.outages
        self._uplink = UplinkWatch(
            settings.alerts.common_cause.uplink, health, lambda: outages.is_looking, outages.learn_uplink
        )
        self._fleet_known = asyncio.Event()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._tasks.close)
            await self.incidents.begin()
            stack.callback(self.incidents.end)
            await self.room.begin()
            stack.callback(self.room.end)
            self.incidents.listeners.append(self._tell)
            await stack.enter_async_context(self.outreach)
            await self._tell_again()
            stack.callback(self._bus.subscribe(HubPhaseChanged, lambda _phase: self._fleet_known.set()))
            self._tasks.spawn(self._watch(), "incidents")
            self._tasks.spawn(self._uplink.watch(), "uplink")
            self._tasks.spawn(self._copies.keep_copying(), "copies")
            self._tasks.spawn(self._copies.keep_purging(), "purge")
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def reload(self, settings: Settings) -> None:
        """Take on thresholds, names, budgets and contacts that were read again; no incident ends or begins by that."""
        self.incidents.retune(settings.alerts)
        self._telling = self._teller(settings.alerts)
        await self.outreach.reload(settings)

    def _teller(self, alerts: AlertSettings) -> Telling:
        return Telling(alerts.tell, alerts.report_to, self.incidents.words.title, self._language)

    @property
    def outbox(self) -> Outbox:
        """Takes messages for people."""
        return self.outreach.outbox

    def _cause_of(self, incident: int) -> str:
        """Name the common cause of many incidents, for messages about one of them."""
        row = self.incidents.book.get(incident)
        return self.incidents.words.title(row) if row is not None and row.kind == COMMON_CAUSE else ""

    def _tell(self, notice: Notice) -> None:
        """Have those told who hear of every incident."""
        message = None
        if notice.kind == "opened":
            message = self._telling.began(notice.row)
        elif notice.kind == "closed":
            message = self._telling.ended(notice.row)
        if message is not None:
            self.outbox.tell(message)

    async def _tell_again(self) -> None:
        """Tell what a crash may have kept from the outbox; it knows what it was told before."""
        since = self._clock.now() - _TELL_AGAIN
        closed = await self._store.read(lambda connection: list_closed(connection, since=since))
        for row in self.incidents:
            self._tell(Notice("opened", row))
        for row in closed:
            self._tell(Notice("closed", row))

    async def _watch(self) -> None:
        """Take what was missed once the fleet is known, then look every second."""
        await self._fleet_known.wait()
        while True:
            try:
                await self.incidents.catch_up()
                break
            except LocalStoreFailed as error:
                _log.warning("the journal cannot be read for incidents, trying again: %s", error)
                await asyncio.sleep(_LOOK_S)
        while True:
            try:
                self.incidents.look()
                self.room.look()
            except Exception:  # noqa: BLE001 - the boundary: one bad row must not end the watch over all others
                _log.exception("incidents could not be looked at")
            await asyncio.sleep(_LOOK_S)


def _name_of(states: StateStore, modem: str) -> str:
    return (states.get(modem).name or modem) if modem in states else modem
