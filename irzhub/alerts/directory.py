"""Whom names mean: from contacts, teams, rosters and ladders to addresses, and when each of them may be told."""

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from irzhub.alerts.calendars import Calendar
from irzhub.alerts.directory_entries import TARGETS, Address, Contact, Entry, Kind, Ladder, Team, read_entry
from irzhub.alerts.messages import Message, Recipient
from irzhub.alerts.outbox_ports import Reached
from irzhub.alerts.outbox_schedule import RANKS
from irzhub.alerts.rosters import Roster
from irzhub.core.services import Channel
from irzhub.storage.directory import DirectoryRow

_log = logging.getLogger(__name__)

_PHONES: Final = frozenset({"sms", "call"})


@dataclass(slots=True)
class Directory:
    """All entries by kind and name, with the answers that the outbox needs of them.

    Args:
        language_of_hub: for who has none of their own.
        zone: of the hub; calendars, rosters and digests go by its clock.
        reports: names of those who hear of the hub itself.
    """

    language_of_hub: str = "ru"
    zone: tzinfo = UTC
    reports: tuple[str, ...] = ()
    rows: dict[tuple[str, str], DirectoryRow] = field(default_factory=dict)
    _entries: dict[tuple[str, str], Entry] = field(default_factory=dict)
    _owners: dict[str, str] | None = None

    def put(self, row: DirectoryRow) -> None:
        """Take an entry, in place of the one of its kind and name."""
        key = (row.kind, row.name)
        self.rows[key] = row
        try:
            self._entries[key] = read_entry(row.kind, row.entry)
        except (ValueError, KeyError, TypeError) as error:
            self._entries.pop(key, None)
            _log.warning("%s %s of the directory cannot be read: %r", row.kind, row.name, error)
        self._owners = None

    def drop(self, kind: Kind, name: str) -> None:
        """Forget an entry."""
        self.rows.pop((kind, name), None)
        self._entries.pop((kind, name), None)
        self._owners = None

    def clear(self) -> None:
        """Forget all entries."""
        self.rows.clear()
        self._entries.clear()
        self._owners = None

    def target(self, name: str) -> Entry | None:
        """Return what a message means by a name, None when nothing has it."""
        for kind in TARGETS:
            if (entry := self._entries.get((kind, name))) is not None:
                return entry
        return None

    def reach(self, message: Message, now: datetime) -> Reached:
        """Return whom a message is for, each address once."""
        found: dict[tuple[str, str], Recipient] = {}
        ladders: list[str] = []
        unknown: list[str] = []
        for name, entry in self._resolve(message.targets, now, unknown):
            if isinstance(entry, Ladder):
                if message.incident is not None:
                    ladders.append(name)
                    continue
                for each in self._first_step(entry, message, now).recipients:
                    found.setdefault((each.channel, each.address), each)
                continue
            recipients = list(self._ways(name, entry, message.channels, message.severity))
            if not recipients:
                unknown.append(name)
            for each in recipients:
                found.setdefault((each.channel, each.address), each)
        for each in message.recipients:
            found.setdefault((each.channel, each.address), each)
        return Reached(tuple(found.values()), tuple(dict.fromkeys(ladders)), tuple(dict.fromkeys(unknown)))

    def held_until(self, recipient: Recipient, severity: str, now: datetime) -> datetime | None:
        """Return until when a message waits for quiet hours or a digest, None: it may leave."""
        contact = self._contact(recipient.contact)
        if contact is None or severity == "alarm":
            return None
        local = now.astimezone(self.zone)
        times = []
        if severity in contact.quiet_for and (calendar := self.calendar(contact.quiet)) is not None:
            times.append(calendar.covered_until(local))
        if severity == "info" and contact.digest_at is not None:
            today = local.replace(hour=contact.digest_at.hour, minute=contact.digest_at.minute, second=0, microsecond=0)
            times.append(today if today > local else today + timedelta(days=1))
        return max((each for each in times if each is not None), default=None)

    def language(self, contact: str) -> str:
        """Return the language of a contact; that of the hub for none."""
        known = self._contact(contact)
        return (known.language if known is not None else "") or self.language_of_hub

    def fallback(self, recipient: Recipient) -> Recipient | None:
        """Return the next way to the same person, on a channel that is another one; None when there is none."""
        contact = self._contact(recipient.contact)
        if contact is None:
            return None
        others = [each for each in contact.addresses if each.channel != recipient.channel]
        # What is kept for this case goes first; a call to the number that gets no SMS would fail like the SMS.
        others.sort(key=lambda each: (each.used_from != "never", {recipient.channel, each.channel} <= _PHONES))
        return _recipient(others[0], recipient.contact) if others else None

    def report_to(self, now: datetime) -> Sequence[Recipient]:
        """Return the mail addresses that hear of the hub itself."""
        found = []
        for name, entry in self._resolve(self.reports, now, []):
            if isinstance(entry, Contact):
                found += [_recipient(each, name) for each in entry.addresses if each.channel == "email"]
        return list(dict.fromkeys(found))

    def calendar(self, name: str) -> Calendar | None:
        """Return a calendar by its name."""
        entry = self._entries.get(("calendar", name))
        return entry if isinstance(entry, Calendar) else None

    def covers(self, name: str, moment: datetime) -> bool:
        """Say whether a calendar covers a moment; one that nobody knows covers none."""
        calendar = self.calendar(name)
        return calendar is not None and calendar.covers(moment.astimezone(self.zone))

    def ladder(self, name: str) -> Ladder | None:
        """Return a ladder by its name."""
        entry = self._entries.get(("ladder", name))
        return entry if isinstance(entry, Ladder) else None

    def roster(self, name: str) -> Roster | None:
        """Return a roster by its name."""
        entry = self._entries.get(("roster", name))
        return entry if isinstance(entry, Roster) else None

    def on_duty(self, roster: str, now: datetime) -> tuple[str, ...]:
        """Return the names of those on duty now."""
        known = self.roster(roster)
        return () if known is None else known.on_duty(now.astimezone(self.zone))

    def contact_of_number(self, number: str) -> str | None:
        """Return the contact that a phone number belongs to, None for a stranger's."""
        if self._owners is None:
            self._owners = {
                _digits(each.address): name
                for (_, name), entry in self._entries.items()
                if isinstance(entry, Contact)
                for each in entry.addresses
                if each.channel in _PHONES
            }
        return self._owners.get(_digits(number))

    def mentions(self, name: str) -> list[str]:
        """Return what names an entry, such as `team Север`; for who wants to delete it."""
        return [f"{kind} {own}" for (kind, own), entry in self._entries.items() if name in _names_in(entry)]

    def _first_step(self, ladder: Ladder, message: Message, now: datetime) -> Reached:
        """Return whom the first step means: what is no incident cannot be acknowledged, so nothing is climbed."""
        step = ladder.steps[0]
        names = tuple(name for name in step.targets if self.ladder(name) is None)
        channels = step.channels or message.channels
        return self.reach(replace(message, targets=names, recipients=(), channels=channels), now)

    def _resolve(
        self, names: Iterable[str], now: datetime, unknown: list[str]
    ) -> Iterator[tuple[str, Contact | Ladder]]:
        """Give contacts and ladders behind names, each once; teams within teams in a circle end where they began."""
        seen: set[str] = set()
        waiting = list(names)[::-1]
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            match self.target(name):
                case Contact() | Ladder() as entry:
                    yield name, entry
                case Team(members):
                    waiting += members[::-1]
                case Roster() as roster:
                    on_duty = roster.on_duty(now.astimezone(self.zone))
                    waiting += on_duty[::-1]
                    if not on_duty:
                        unknown.append(name)
                case _:
                    unknown.append(name)

    def _ways(self, name: str, contact: Contact, channels: tuple[Channel, ...], severity: str) -> Iterator[Recipient]:
        """Give the addresses of a contact: those of the channels that are wished, else as the contact wants it."""
        if not channels:
            for each in contact.addresses:
                if each.used_from != "never" and RANKS[severity] <= RANKS[each.used_from]:
                    yield _recipient(each, name)
            return
        for channel in channels:
            own = [each for each in contact.addresses if each.channel == channel]
            if not own and channel in _PHONES:  # one number takes both
                own = [each for each in contact.addresses if each.channel in _PHONES]
            for each in own:
                yield Recipient(channel, each.address, name)

    def _contact(self, name: str) -> Contact | None:
        entry = self._entries.get(("contact", name)) if name else None
        return entry if isinstance(entry, Contact) else None


def _recipient(address: Address, contact: str) -> Recipient:
    return Recipient(address.channel, address.address, contact)


def _digits(number: str) -> str:
    """Return a number such that +7... and the 8... that people in Russia write mean the same."""
    digits = "".join(char for char in number if char in "0123456789")
    return "7" + digits[1:] if len(digits) == 11 and digits[0] == "8" and not number.startswith("+") else digits


def _names_in(entry: Entry) -> set[str]:
    match entry:
        case Team(members):
            return set(members)
        case Roster(shifts, rotation, otherwise):
            turns = () if rotation is None else rotation.names
            return {*otherwise, *turns, *(name for shift in shifts for name in shift.names)}
        case Ladder(steps):
            return {name for step in steps for name in step.targets}
        case Contact():
            return {entry.quiet} - {""}
        case _:
            return set()
