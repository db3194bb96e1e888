"""Incidents: what is wrong now, since when, how often, and who has it in hand.

Follows events, states and the health of the parts; every change is committed together with the position in the
journal up to which events were taken, so that after a crash nothing is lost and nothing is counted twice.
"""

import logging
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from irzhub.alerts import incident_kinds as kinds
from irzhub.alerts.incident_book import MOST_AT_ONCE, Batch, IncidentBook, Notice
from irzhub.alerts.incident_keeping import Keeping
from irzhub.alerts.incident_levels import LevelSignals
from irzhub.alerts.incident_maintenance import Mutes
from irzhub.alerts.incident_outages import Outages
from irzhub.alerts.incident_signals import EventSignals
from irzhub.alerts.incident_subjects import subject_of
from irzhub.alerts.incident_words import Words, alert_object
from irzhub.config.settings import AlertSettings
from irzhub.core.alerts import AlertShown, AlertsKnown
from irzhub.core.bus import Bus, Unsubscribe
from irzhub.core.clock import Clock
from irzhub.core.events import AlertChanged, AlertClosed, AlertOpened, Event, ModemDisconnected, ModemReplaced
from irzhub.core.health import Health, HealthChanged
from irzhub.core.hub import HubPhaseChanged
from irzhub.core.state import ModemForgotten, ModemState, StateChanged, StateStore
from irzhub.journal.journal import Journal
from irzhub.storage.incidents import (
    IncidentRow,
    MemberRow,
    last_numbers,
    load_members,
    load_open_incidents,
    rename_modem,
)
from irzhub.storage.inputs import InputRow
from irzhub.storage.local import Connection, LocalStore
from irzhub.storage.maintenance import MaintenanceRow, list_windows

_log = logging.getLogger(__name__)

_FROZEN: Final = timedelta(seconds=10)
"""So long without a look means that the hub itself did not run: nothing is known of the links meanwhile."""
_JUDGE_EVERY: Final = timedelta(seconds=5)
_PARTS_KNOWN: Final = timedelta(minutes=3)
"""By then every part of the hub has said how it is: what says nothing is not there any more."""
_IGNORED: Final = (AlertOpened, AlertChanged, AlertClosed)


def _no_inputs(_modem: str) -> Mapping[int, InputRow]:
    return {}


class Incidents:
    """All incidents that are open; the only place that begins, changes and ends one.

    `begin` before the fleet restores its modems; then `look` every second.

    Args:
        newcomers: returns the modems that wait for approval.
        words: makes texts of incidents in the language of the hub.
        inputs: returns what people set for the inputs of a modem.
    """

    def __init__(
        self,
        settings: AlertSettings,
        store: LocalStore,
        journal: Journal,
        states: StateStore,
        bus: Bus,
        clock: Clock,
        health: Health,
        words: Words,
        newcomers: Callable[[], Collection[str]] = tuple,
        inputs: Callable[[str], Mapping[int, InputRow]] = _no_inputs,
    ) -> None:
        self._store = store
        self._journal = journal
        self._states = states
        self._bus = bus
        self._clock = clock
        self._health = health
        self._newcomers = newcomers
        self._settings = settings
        self._inputs = inputs
        self.book = IncidentBook(settings.hold_s)
        self.mutes = Mutes(states)
        self.outages = Outages(settings, states, self.book, self.mutes.why)
        self._levels = LevelSignals(settings, self.book, self.mutes.why)
        self._signals = EventSignals(self.book, self.mutes.why)
        self.words = words
        self._keeping = Keeping(journal, clock, words.title)
        self._unsubscribe: list[Unsubscribe] = []
        self._is_following = False
        self._is_fleet_known = False
        self._is_catching_up = False
        self._is_trusted = False
        self._began_at = clock.now()
        self._looked_at: datetime | None = None
        self._judged_at: datetime | None = None
        self.listeners: list[Callable[[Notice], None]] = []

    def retune(self, settings: AlertSettings) -> None:
        """Judge by other settings from now on."""
        self._settings = self._levels.settings = settings
        self.book.hold_s = settings.hold_s
        self.outages.retune(settings)

    async def begin(self) -> None:
        """Take back what was open at the last stop, and listen from now on."""

        def load(connection: Connection) -> tuple[list[IncidentRow], list[MemberRow], int, int, list[MaintenanceRow]]:
            rows = load_open_incidents(connection)
            causes = [row.number for row in rows if row.kind == kinds.COMMON_CAUSE]
            members = load_members(connection, causes)
            return rows, members, *last_numbers(connection), list_windows(connection, self._clock.now())

        rows, members, number, revision, windows = await self._store.read(load)
        self.book.load(rows, number, revision)
        self.outages.load(rows, members)
        self.mutes.load(windows)
        await self._keeping.begin(self._store)
        for row in rows:
            self._show(row)
        self._bus.publish(AlertsKnown())
        self._began_at = self._clock.now()
        for health in self._health:
            self._levels.part_changed(health, self._began_at)
        self._unsubscribe = [
            self._bus.subscribe(Event, self._on_event),
            self._bus.subscribe(StateChanged, self._on_state),
            self._bus.subscribe(ModemForgotten, self._on_forgotten),
            self._bus.subscribe(HealthChanged, self._on_health),
            self._bus.subscribe(HubPhaseChanged, self._on_phase),
        ]

    def end(self) -> None:
        """Listen no more; what was noted is on its way to the disk."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self.commit()

    # What others ask: the rules and the outbox.

    def incident_for(self, event: Event) -> int | None:
        """Return the number of the incident that an event belongs to, that of its common cause where it has one."""
        if isinstance(event, _IGNORED):
            return self.root_of(event.alert)
        for kind, subject in subject_of(event):
            if (row := self.book.find(kind, subject)) is not None:
                return self.root_of(row.number)
        return None if event.modem is None else self.outages.groups.number_of(event.modem)

    def root_of(self, incident: int) -> int:
        """Return the incident that names the common cause; itself when there is none."""
        row = self.book.get(incident)
        return incident if row is None or row.parent is None else row.parent

    def is_open(self, incident: int) -> bool:
        """Say whether an incident is open."""
        return self.book.get(incident) is not None

    def is_acknowledged(self, incident: int) -> bool:
        """Say whether somebody has an open incident in hand."""
        row = self.book.get(incident)
        return row is not None and bool(row.acknowledged_by)

    def is_silenced(self, incident: int) -> bool:
        """Say whether nothing more is said of an open incident for now: it was silenced, or nobody is told of it."""
        row = self.book.get(incident)
        if row is None:
            return False
        return bool(row.muted) or (row.silenced_until is not None and row.silenced_until > self._clock.now())

    def why_muted(self, modem: str | None, now: datetime) -> str:
        """Return why nobody is told of a modem, or of the hub itself for None; empty when people are."""
        return self.mutes.why(modem, now)

    def end_by_hand(self, incident: int, at: datetime, by: str, note: str) -> IncidentRow | None:
        """Close an open incident because somebody says so; return it, None when none of that number is open."""
        row = self.book.close(incident, at, by, note)
        if row is not None and row.kind == kinds.COMMON_CAUSE:
            self.outages.ended(row)
        self.commit()
        return row

    def members_of(self, incident: int) -> list[MemberRow]:
        """Return the modems of an open common cause, in the order of their loss."""
        group = self.outages.groups.group(incident)
        return (
            [] if group is None else sorted(group.members.values(), key=lambda member: (member.lost_at, member.modem))
        )

    def __iter__(self) -> Iterator[IncidentRow]:
        return iter(self.book)

    # What happens: each handler notes it, and what follows is committed at its end.

    def _on_event(self, event: Event) -> None:
        if not self._is_following or event.seq <= self._keeping.position:
            return
        self._take(event)
        self.commit()

    def _take(self, event: Event) -> None:
        if not isinstance(event, _IGNORED):
            self._signals.take(event)
            if isinstance(event, ModemDisconnected) and event.detail and event.modem is not None:
                self.outages.explain(event.modem, event.detail)
            if isinstance(event, ModemReplaced):
                self._replaced(event)
        self._keeping.position = event.seq

    def _replaced(self, event: ModemReplaced) -> None:
        """What was open of the former modem ends with it: the new one is judged by itself."""
        for row in self.book:
            if row.modem == event.former:
                self.book.close(row.number, event.ts, event.by, "replaced")
        self._journal.write_state(partial(rename_modem, old=event.former, new=str(event.modem)))

    def _on_state(self, change: StateChanged) -> None:
        state, now = change.state, self._clock.now()
        if not self._is_fleet_known:
            return
        if change.fields & {"csq", "temperature_c"} and state.link == "online":
            self._levels.measured(state, now)
        if change.fields & {"link", "is_expected", "confirmed"}:
            self._judge_link(state, now)
        if "commissioning" in change.fields:
            self._judged_at = None
        self.commit()

    def _judge_link(self, state: ModemState, now: datetime) -> None:
        """Tell the outages how a link is; losses count only while the hub's word can be trusted.

        A modem that has been entered and never came is none that was lost.
        """
        if state.link == "offline" and state.is_expected and state.confirmed:
            if self._is_trusted and state.last_seen is not None:
                self.outages.lost(state, now)
        elif (state.link != "offline" or not state.is_expected) and state.confirmed:
            self.outages.returned(state.modem, now)

    def _on_forgotten(self, gone: ModemForgotten) -> None:
        self.outages.forget(gone.state.modem, self._clock.now())
        self.commit()

    def _on_health(self, changed: HealthChanged) -> None:
        self._levels.part_changed(changed.health, self._clock.now())
        self.commit()

    def _on_phase(self, changed: HubPhaseChanged) -> None:
        self._is_fleet_known = True
        self._is_trusted = changed.phase == "online"
        if changed.phase == "stopping":
            self._is_following = False
        if self._is_trusted:
            now = self._clock.now()
            for state in self._states:
                self._judge_link(state, now)
            self.commit()

    async def catch_up(self) -> None:
        """Take the events that were committed while nobody listened, then those that come.

        Raises:
            LocalStoreFailed: the journal cannot be read.
        """
        while not self._is_following:
            last = self._journal.last_seq  # before it is read: what happens meanwhile is read in the next turn
            batch = await self._journal.read(self._keeping.position, 500)
            for event in batch:
                self._take(event)
            if not batch:  # numbers that nobody can read any more
                self._keeping.position = max(self._keeping.position, last)
            self.commit()
            self._is_following = self._keeping.position >= self._journal.last_seq

    def look(self) -> None:
        """Do what time alone makes due; to be called about once a second."""
        now = self._clock.now()
        if self._looked_at is not None and not timedelta() <= now - self._looked_at < _FROZEN:
            self.outages.wait_anew(now)
        self._looked_at = now
        self._levels.look(now)
        self._levels.waiting(self._newcomers(), now)
        self.outages.look(now)
        if self._judged_at is None or now >= self._judged_at + _JUDGE_EVERY:
            self._judged_at = now
            self._unmute(now)
            self._judge_settings(now)
        for row in self.book.look(now):
            if row.kind == kinds.COMMON_CAUSE:
                self.outages.ended(row)
        self.commit()

    def _unmute(self, now: datetime) -> None:
        """People are told of what is still wrong when work is over."""
        told = 0
        for row in self.book:
            if row.muted and told < MOST_AT_ONCE and not self._why_muted(row, now):
                self.book.mute(row.number, "")
                told += 1

    def _judge_settings(self, now: datetime) -> None:
        """End what is not looked at any more: settings were changed, a part was taken out, a modem is gone."""
        settings = self._settings
        unwatched = {kinds.WEAK_SIGNAL} if settings.weak_signal_dbm is None else set()
        if settings.temperature_high_c is None and settings.temperature_low_c is None:
            unwatched.add(kinds.TEMPERATURE)
        for row in self.book:
            if row.kind in unwatched or (row.kind == kinds.GPI_ALARM and self._is_normal(row)):
                self.book.good(row.kind, row.subject, now)
            elif row.kind == kinds.HUB_PART and now > self._began_at + _PARTS_KNOWN:
                if self._health.get(row.subject.removeprefix("hub/")) is None:
                    self.book.good(row.kind, row.subject, now)
            elif row.modem is not None and row.modem not in self._states and self._is_trusted:
                self.book.close(row.number, now, "hub", "deleted")

    def _is_normal(self, row: IncidentRow) -> bool:
        """Say whether an input has the level that people call normal by now."""
        modem, pin = str(row.modem), int(row.facts.get("pin", 0))
        if modem not in self._states:
            return False
        rule = self._inputs(modem).get(pin)
        level = self._states.get(modem).gpi.get(pin)
        return rule is None or rule.normal is None or (level is not None and level == rule.normal)

    def _why_muted(self, row: IncidentRow, now: datetime) -> str:
        if row.kind != kinds.COMMON_CAUSE:
            return self.mutes.why(row.modem, now)
        reasons = {self.mutes.why(member.modem, now) for member in self.members_of(row.number)}
        return next(iter(reasons)) if len(reasons) == 1 else ""

    def commit(self) -> None:
        """Have what was noted stored and told; never waits."""
        batch: Batch = self.book.take()
        self._keeping.keep(batch, self._told, self._show)

    def _show(self, row: IncidentRow) -> None:
        """Tell everybody how an incident stands, or that it is over or nobody's to see."""
        is_shown = row.closed_at is None and row.is_told and row.parent is None
        self._bus.publish(AlertShown(row.number, alert_object(row, self.words) if is_shown else None, row.modem))

    def _told(self, notice: Notice) -> None:
        for listener in self.listeners:
            listener(notice)
