"""How people are reached, as one part: the directory, the outbox, ladders, acknowledging, and the sign of life."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from types import TracebackType
from typing import Final, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from irzhub.alerts.ack_links import AckLinks, load_ack_links
from irzhub.alerts.acknowledging import Invitation, Replies
from irzhub.alerts.budgets import Budget, Budgets
from irzhub.alerts.directory import Directory
from irzhub.alerts.directory_desk import DirectoryDesk
from irzhub.alerts.escalations import Escalations
from irzhub.alerts.heartbeat import Heartbeat
from irzhub.alerts.incident_desk import ACKNOWLEDGED, ESCALATED, REOPENED, IncidentDesk, NotOpen
from irzhub.alerts.messages import Message, Recipient
from irzhub.alerts.outbox import Outbox
from irzhub.alerts.outbox_book import Tuning
from irzhub.alerts.outbox_flow import OutboxFlow
from irzhub.alerts.outbox_ports import Incidents
from irzhub.alerts.own_health import OwnHealth
from irzhub.config.settings import AlertSettings, Settings
from irzhub.core.bus import Bus
from irzhub.core.clock import Clock
from irzhub.core.events import AlertChanged, AlertClosed, SmsReceived
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.core.services import DeliveryTold, Services
from irzhub.core.state import StateStore
from irzhub.core.tasks import Tasks
from irzhub.outbound.client import Outbound
from irzhub.storage.directory import EscalationRow, load_climbing, prune_runs, runs_of, save_run
from irzhub.storage.errors import StorageError
from irzhub.storage.local import Connection, LocalStore

_log = logging.getLogger(__name__)

_LOOK_S: Final = 1.0
_HUB: Final = "hub"
"""Who climbs ladders, in the history of an incident."""


class Outreach:
    """Enter it after the store and before the fleet; others hand messages to `outbox.tell`.

    Args:
        hands: what people do about incidents, None where another process keeps them.
        cause_of: names an incident that is the common cause of others, empty for all others.

    Attributes:
        outbox: takes messages. desk: the directory, for people who change it.
    """

    def __init__(
        self,
        settings: Settings,
        store: LocalStore,
        states: StateStore,
        services: Services,
        bus: Bus,
        clock: Clock,
        health: Health,
        metrics: Metrics,
        outbound: Outbound | None,
        incidents: Incidents,
        hands: IncidentDesk | None,
        cause_of: Callable[[int], str] = lambda _incident: "",
    ) -> None:
        alerts = settings.alerts
        self._zone_name = settings.hub.time_zone
        self._alerts = alerts
        self._store = store
        self._bus = bus
        self._clock = clock
        self._incidents = incidents
        self._hands = hands
        self._cause_of = cause_of
        self._tasks = Tasks("outreach")
        self.directory = Directory(settings.hub.language, reports=alerts.report_to)
        budgets = Budgets(_limits(alerts))
        self.book = OutboxFlow(
            _tuning(alerts), self.directory, incidents, budgets, lambda modem: _name_of(states, modem)
        )
        self.outbox = Outbox(self.book, store, services, clock, health, metrics, alerts.keep_days)
        acknowledge = _nothing_is_open if hands is None else hands.acknowledge
        self._replies = Replies(acknowledge, self.directory, self.told_by_sms, self.outbox.tell)
        self.desk = DirectoryDesk(self.directory, store, clock, settings.contacts, self.outbox.wake)
        self.escalations = Escalations(self.directory.ladder, incidents)
        self._heartbeat = Heartbeat(alerts.heartbeat, settings.hub.id, health, services, outbound, clock, self.outbox)
        self._own_health = OwnHealth(settings.hub.data_dir, alerts.disk_free_percent, health)
        self._links: AckLinks | None = None
        self._invitation: Invitation | None = None
        self._stack = AsyncExitStack()

    @property
    def links(self) -> AckLinks:
        """Makes and reads the links that acknowledge."""
        assert self._links is not None, "this part was not entered"
        return self._links

    async def __aenter__(self) -> Self:
        zone = await asyncio.to_thread(_read_zone, self._zone_name)
        self.directory.zone = self.book.budgets.zone = zone
        await self.desk.load()
        self._links = await load_ack_links(self._store)
        self._invitation = self._invite()
        self.book.footer = self._footer
        self.escalations.restore(await self._store.read(load_climbing))
        old = self._clock.now() - timedelta(days=self._alerts.keep_days)
        self._store.write(lambda connection: prune_runs(connection, old))
        self.outbox.on_ladder(self._start_ladder)
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._tasks.close)
            await stack.enter_async_context(self.outbox)
            stack.callback(self._bus.subscribe(AlertChanged, self._on_changed))
            stack.callback(self._bus.subscribe(AlertClosed, lambda event: self._stop_ladders(event.alert, "over")))
            stack.callback(self._bus.subscribe(SmsReceived, self._on_sms))
            stack.callback(self._bus.subscribe(DeliveryTold, self.outbox.delivery_told))
            self._tasks.spawn(self._keep_climbing(), "ladders")
            self._tasks.spawn(self._own_health.run(), "own health")
            if self._heartbeat.is_wanted:
                self._tasks.spawn(self._heartbeat.run(), "heartbeat")
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def reload(self, settings: Settings) -> None:
        """Take on names, budgets, times and contacts that were read again."""
        self._alerts = alerts = settings.alerts
        self.directory.reports = alerts.report_to
        self.book.retune(_tuning(alerts))
        self.book.budgets.limits = _limits(alerts)
        self._invitation = self._invite()
        await self.desk.reload(settings.contacts)

    def _invite(self) -> Invitation:
        return Invitation(
            links=self.links,
            language_of=self.directory.language,
            link_url=self._alerts.link_url,
            link_lasts_s=self._alerts.link_lasts_s,
        )

    def _footer(self, message: Message, recipient: Recipient, now: datetime) -> str:
        """Return what stands below a message about an incident: its common cause, and how it is acknowledged."""
        if message.incident is None or self._invitation is None:
            return ""
        incident = self._incidents.root_of(message.incident)
        cause = self._cause_of(incident)
        named = f"\n{cause}" if cause and cause not in message.text else ""
        return named + self._invitation.footer(incident, recipient, now)

    def told_by_sms(self, number: str) -> list[int]:
        """Return the open incidents that a number was told of and nobody has in hand."""
        contact = self.directory.contact_of_number(number)
        return [
            incident
            for incident in self.book.incidents_told(
                lambda channel, address: channel == "sms" and self.directory.contact_of_number(address) == contact
            )
            if self._incidents.is_open(incident) and not self._incidents.is_acknowledged(incident)
        ]

    def _on_changed(self, event: AlertChanged) -> None:
        if event.change == ACKNOWLEDGED:
            self._stop_ladders(event.alert, event.by or event.change)
        elif event.change == ESCALATED and event.by != _HUB:
            self.escalations.hasten(event.alert, self._clock.now())
        elif event.change == REOPENED:
            self._tasks.spawn(self._resume(event.alert), f"ladders of {event.alert}")

    async def _resume(self, incident: int) -> None:
        """Nobody has an incident in hand any more: its ladders climb again."""
        try:
            rows = await self._store.read(lambda connection: runs_of(connection, incident))
        except StorageError as error:
            _log.warning("the ladders of incident %d cannot be read, they stay where they ended: %s", incident, error)
            return
        self.escalations.resume(rows, self._clock.now())

    def _stop_ladders(self, incident: int, by: str) -> None:
        now = self._clock.now()
        self.escalations.stop(incident, by, now)
        self.book.stop_ladder(incident, now)
        self.outbox.wake()

    def _start_ladder(self, message: Message, ladder: str) -> None:
        self.escalations.start(message, ladder, self._clock.now())

    def _on_sms(self, event: SmsReceived) -> None:
        if self._replies.wants(event):
            self._replies.take(event)

    async def _keep_climbing(self) -> None:
        while True:
            now = self._clock.now()
            for message in self.escalations.tick(now):
                self.outbox.tell(message)
                self._note_climb(message)
            if changed := self.escalations.take_changed():
                await self._save(changed)
            await asyncio.sleep(_LOOK_S)

    def _note_climb(self, message: Message) -> None:
        """Have the incident's history show whom a ladder told."""
        if self._hands is not None and message.incident is not None:
            with contextlib.suppress(NotOpen):
                self._hands.escalate(message.incident, _HUB, ", ".join(message.targets))

    async def _save(self, rows: list[EscalationRow]) -> None:
        def job(connection: Connection) -> None:
            for row in rows:
                save_run(connection, row)

        try:
            await self._store.write(job)
        except StorageError as error:
            _log.warning("how ladders climb was not stored, a step may be repeated after a restart: %s", error)


def _tuning(alerts: AlertSettings) -> Tuning:
    return Tuning(
        keep_s=alerts.keep_trying_s,
        group_after=alerts.group_after,
        group_within_s=alerts.group_within_s,
        fallback_s=alerts.fallback_after_s,
    )


def _limits(alerts: AlertSettings) -> dict[str, Budget]:
    return {
        name: Budget(per_recipient=each.per_recipient, per_channel=each.per_channel)
        for name, each in alerts.budgets.items()
    }


def _nothing_is_open(_number: int, _by: str, _note: str) -> None:
    raise NotOpen


def _read_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        _log.warning("there is no time zone %r; quiet hours and budgets go by UTC", name)
        return ZoneInfo("UTC")


def _name_of(states: StateStore, modem: str) -> str:
    return (states.get(modem).name or modem) if modem in states else modem
