"""The outbox without disk, clock and channels: what becomes of each message, decided from what is known.

Time comes in as an argument. What the disk has to learn is collected and taken by `take_changes`; nothing may
leave before it is there (`alerts/outbox.py` sees to that).
"""

import copy
import dataclasses
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from irzhub.alerts.budgets import Budgets
from irzhub.alerts.messages import Message, Recipient
from irzhub.alerts.outbox_damping import Damper
from irzhub.alerts.outbox_keys import damping_key, told_key
from irzhub.alerts.outbox_ports import Directory, Incidents
from irzhub.alerts.outbox_queue import Bursts, OutboxQueue
from irzhub.alerts.outbox_rows import ESCALATION, RowIds, prototype, row_from, row_of
from irzhub.alerts.outbox_states import move
from irzhub.alerts.outbox_texts import repeated_text
from irzhub.storage.outbox import DampingRow, OutboxRow

Outcome: TypeAlias = Literal["queued", "folded", "repeated", "nobody"]
ToldOf: TypeAlias = dict[tuple[str, str, bool], tuple[str, str]]
"""Who was told of an incident, by channel, address and whether it was over; which rule told of which subject."""
Footer: TypeAlias = Callable[[Message, Recipient, datetime], str]
"""Makes what stands below a message about an incident: how it is acknowledged."""
_INCIDENTS: Final = 10_000


def _no_footer(_message: Message, _recipient: Recipient, _now: datetime) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a message.

    Args:
        outcome: `queued` with the ids of its rows; `folded` into another message, or its incident is
            silenced; `repeated`: it was told already;
            `nobody`: it reaches no address.
    """

    outcome: Outcome
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuning:
    """What operators set of the outbox, in seconds.

    Args:
        keep_s: how long an unsent message is tried. group_after, group_within_s: so many messages of one rule
            leave for one recipient at once within that time; the rest are grouped. fallback_s: after so long
            without a sign of life of a channel the next one is used.
    """

    keep_s: float = 86_400.0
    group_after: int = 3
    group_within_s: float = 5.0
    fallback_s: float = 180.0


@dataclass(slots=True)
class Changes:
    """What the disk has to learn; rows are copies."""

    rows: list[OutboxRow] = field(default_factory=list)
    told: list[tuple[str, datetime]] = field(default_factory=list)
    damping: list[DampingRow] = field(default_factory=list)
    ended_damping: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.rows or self.told or self.damping or self.ended_damping)


class OutboxBook(ABC):
    """All messages that are not finished, and the rules by which they go on."""

    def __init__(self, tuning: Tuning, directory: Directory, incidents: Incidents, budgets: Budgets) -> None:
        self.tuning = tuning
        self.directory = directory
        self.incidents = incidents
        self.budgets = budgets
        self.rows: dict[str, OutboxRow] = {}
        self.queue = OutboxQueue()
        self.damper = Damper()
        self.ids = RowIds()
        self._bursts = Bursts(tuning.group_after, tuning.group_within_s)
        self.footer: Footer = _no_footer
        self._ways: OrderedDict[tuple[str, str], set[tuple[str, str]]] = OrderedDict()
        self._incident_told: OrderedDict[int, ToldOf] = OrderedDict()
        self._changed: dict[str, OutboxRow] = {}
        self._told: list[tuple[str, datetime]] = []

    def retune(self, tuning: Tuning) -> None:
        """Go on as operators set it now; what waits already keeps its times."""
        self.tuning = tuning
        self._bursts.after, self._bursts.within_s = tuning.group_after, tuning.group_within_s

    def restore(self, rows: Iterable[OutboxRow], damping: Iterable[DampingRow], now: datetime) -> None:
        """Go on with what an earlier life left; what was being sent then may have left."""
        self.damper.restore(damping)
        for row in rows:
            self.rows[row.id] = row
            self.ids.last = max(self.ids.last, row.id)
            if row.state == "sending":
                self.doubt(row, now, "the hub ended while it was being sent")
            self._enqueue(row, now)

    @abstractmethod
    def doubt(self, row: OutboxRow, now: datetime, error: str) -> None:
        """An attempt ended in a way that nobody knows."""

    def accept(
        self,
        message: Message,
        recipients: Iterable[Recipient],
        is_known: Callable[[str], bool],
        now: datetime,
    ) -> Told:
        """Take a message for these recipients; `is_known` says of a key whether it was told in an earlier life."""
        outcome: Outcome = "nobody"
        ids = []
        recipients = tuple(recipients)
        self._note_ways(message, recipients)
        is_silenced = self._is_silenced(message)
        for recipient in recipients:
            key = told_key(message.event_id, message.rule, recipient)
            if is_known(key):
                outcome = "repeated" if outcome == "nobody" else outcome
                continue
            self._told.append((key, now))
            if is_silenced or self._is_doubled(message, recipient):
                outcome = "folded"
                continue
            said = self._with_footer(message, recipient, now)
            row = row_of(said, recipient, self.ids.new(now), now, self.tuning.keep_s)
            about = damping_key(message.rule, message.subject, recipient)
            if self.damper.folds(about, prototype(row), message.damp_s, now):
                outcome = "folded"
                continue
            self.note_told(row)
            self.add(row, now)
            ids.append(row.id)
        return Told("queued", tuple(ids)) if ids else Told(outcome)

    def add(self, row: OutboxRow, now: datetime) -> None:
        """Take a new row; a storm of its like is held back to be grouped."""
        if row.fallback_of is None and (held := self._bursts.hold_until(row, now)) is not None:
            row.not_before = held
        self.rows[row.id] = row
        self.changed(row)
        self._enqueue(row, now)

    def tick(self, now: datetime) -> None:
        """Say what damping windows have folded, and look at the rows that are due."""
        for window in self.damper.due(now):
            row = row_from(window.row, self.ids.new(now), now, self.tuning.keep_s)
            lasted_s = (now - window.began_at).total_seconds()
            row.text = repeated_text(row.text, window.count, lasted_s, self.directory.language(row.contact))
            row.count = window.count
            self.note_told(row)
            self.add(row, now)
        for id_ in list(self.queue.due(now)):
            if (row_due := self.rows.get(id_)) is not None:
                self.look_at(row_due, now)

    @abstractmethod
    def look_at(self, row: OutboxRow, now: datetime) -> None:
        """Do what is due with a row by now."""

    def cancel(self, id_: str, now: datetime, by: str) -> OutboxRow:
        """Let a row never leave.

        Raises:
            KeyError: it is not alive. WrongStep: it is being sent.
        """
        row = self.rows[id_]
        move(row, "cancel", now, by)
        self.queue.remove(row)
        self.changed(row)
        return row

    def retry(self, row: OutboxRow, now: datetime, by: str) -> OutboxRow:
        """Have people's wish to try an ended row again done.

        Raises:
            WrongStep: it left already, or has not ended.
        """
        living = self.rows.get(row.id, row)
        was_unknown = living.state == "unknown"
        move(living, "retry", now, by)
        living.may_repeat = living.may_repeat or was_unknown
        living.not_before, living.attempts = None, 0
        living.expires_at = max(living.expires_at, now + timedelta(seconds=self.tuning.keep_s))
        self.rows[living.id] = living
        self.changed(living)
        self._enqueue(living, now)
        return living

    def next_due(self) -> datetime | None:
        """Return when `tick` has something to do again."""
        return min((due for due in (self.queue.next_due(), self.damper.next_due()) if due is not None), default=None)

    def changed(self, row: OutboxRow) -> None:
        """A row is another than the disk knows."""
        self._changed[row.id] = row

    def take_changes(self) -> Changes:
        """Return what the disk has to learn, once; what has ended is forgotten here."""
        rows, told = list(self._changed.values()), self._told
        self._changed, self._told = {}, []
        for row in rows:
            if row.finished_at is not None:
                self.rows.pop(row.id, None)
        damping, ended = self.damper.take_changes()
        return Changes([copy.copy(row) for row in rows], told, [copy.copy(each) for each in damping], ended)

    def knows_incident(self, incident: int) -> bool:
        """Say whether it is known here who was told of an incident."""
        return incident in self._incident_told

    def learn_incident(self, incident: int, rows: Iterable[OutboxRow]) -> None:
        """Note from the disk who was told of an incident."""
        told = self._incident_told.setdefault(incident, {})
        for row in rows:
            told.setdefault((row.channel, row.address, row.closes), (row.rule, row.subject))

    def told_of(self, incident: int) -> ToldOf:
        """Return who was told of an incident, or of the one that names its cause."""
        return self._incident_told.get(self.incidents.root_of(incident), {})

    def note_told(self, row: OutboxRow) -> None:
        """Note that somebody is told of an incident by this row."""
        if row.incident is None:
            return
        root = self.incidents.root_of(row.incident)
        told = self._incident_told.setdefault(root, {})
        told.setdefault((row.channel, row.address, row.closes), (row.rule, row.subject))
        self._incident_told.move_to_end(root)
        while len(self._incident_told) > _INCIDENTS:
            self._incident_told.popitem(last=False)

    def incidents_told(self, to: Callable[[str, str], bool]) -> list[int]:
        """Return the incidents of which somebody was told whose channel and address `to` knows."""
        return [
            incident
            for incident, told in self._incident_told.items()
            if any(to(channel, address) for channel, address, is_over in told if not is_over)
        ]

    def was_told(self, row: OutboxRow, other: Recipient) -> bool:
        """Say whether the same was told on another way too, as far as this life knows."""
        return (other.channel, other.address) in self._ways.get((row.event_id, row.rule), ())

    def _note_ways(self, message: Message, recipients: Iterable[Recipient]) -> None:
        ways = self._ways.setdefault((message.event_id, message.rule), set())
        ways.update((each.channel, each.address) for each in recipients)
        while len(self._ways) > _INCIDENTS:
            self._ways.popitem(last=False)

    def _with_footer(self, message: Message, recipient: Recipient, now: datetime) -> Message:
        if message.incident is None or message.closes or message.severity == "info":
            return message
        footer = self.footer(message, recipient, now)
        return dataclasses.replace(message, text=message.text + footer) if footer else message

    def _is_silenced(self, message: Message) -> bool:
        """Whether nobody is to be told of its incident now; that it is over is told to those who heard of it."""
        return (
            message.incident is not None
            and not message.closes
            and self.incidents.is_silenced(self.incidents.root_of(message.incident))
        )

    def _is_doubled(self, message: Message, recipient: Recipient) -> bool:
        """Whether this recipient heard of the incident by another rule, or about another modem of the same cause."""
        if message.incident is None or message.rule.startswith(ESCALATION):
            return False
        told = self.told_of(message.incident).get((recipient.channel, recipient.address, message.closes))
        return told is not None and told != (message.rule, message.subject)

    def _enqueue(self, row: OutboxRow, now: datetime) -> None:
        """Have a living row come up in its time."""
        self.queue.look_at(row, row.expires_at)
        if row.severity != "info" and row.state != "held":
            self.queue.look_at(row, now + timedelta(seconds=self.tuning.fallback_s))
        if row.not_before is not None and row.not_before > now:
            self.queue.look_at(row, row.not_before)
        elif row.state == "waiting":
            self.queue.put(row)
        else:
            self.look_at(row, now)
