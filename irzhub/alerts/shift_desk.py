"""The watch: who is on it, what happened, and what the next one has to know."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from irzhub.alerts import incident_kinds as kinds
from irzhub.alerts.incident_book import Notice
from irzhub.core.clock import Clock
from irzhub.core.ulid import ulid_behind
from irzhub.journal.journal import Journal
from irzhub.storage.local import Connection, LocalStore
from irzhub.storage.meta import get_meta, set_meta
from irzhub.storage.shift_log import ShiftEntry, add_entry, last_of_kind, list_entries

TAKEN: Final = "taken"
HANDED_OVER: Final = "handed_over"
_DRAFT: Final = "shift.handover_note"
_MOST_LINES: Final = 10
_WITHIN: Final = timedelta(minutes=1)
_LONGEST: Final = 2000
_GRAVE: Final = frozenset({kinds.COMMON_CAUSE, kinds.HUB_PART})
"""Of these the log tells the end too."""


@dataclass(frozen=True, slots=True)
class Shift:
    """How the watch stands.

    Args:
        holder: who is on it, empty when nobody took it. since: since when.
        draft: what the holder has written down for the next one so far.
        last: how it was handed over last, None before the first time.
    """

    holder: str = ""
    since: datetime | None = None
    draft: str = ""
    last: ShiftEntry | None = None


class ShiftDesk:
    """Keeps the log, and notes by itself what nobody on watch may overlook.

    A storm is ten lines and one that counts the rest: the log is for people, the incidents are all elsewhere.

    Args:
        tally: returns what is open now, as facts of a line.
        title: makes a line of an incident.
    """

    def __init__(
        self,
        store: LocalStore,
        journal: Journal,
        clock: Clock,
        tally: Callable[[], dict[str, Any]],
        title: Callable[[Notice], str],
    ) -> None:
        self._store = store
        self._journal = journal
        self._clock = clock
        self._tally = tally
        self._title = title
        self._last_id = ""
        self._lines: deque[datetime] = deque()
        self._unsaid = 0
        self.shift = Shift()

    async def begin(self) -> None:
        """Read who is on watch."""

        def load(connection: Connection) -> tuple[ShiftEntry | None, ShiftEntry | None, str, list[ShiftEntry]]:
            latest = last_of_kind(connection, TAKEN, HANDED_OVER)
            draft = get_meta(connection, _DRAFT) or ""
            return latest, last_of_kind(connection, HANDED_OVER), draft, list_entries(connection, limit=1)

        latest, last, draft, newest = await self._store.read(load)
        self._last_id = newest[0].id if newest else ""
        if latest is not None and latest.kind == TAKEN:
            self.shift = Shift(latest.by, latest.at, draft, last)
        else:
            self.shift = Shift("", None, draft, last)

    async def take(self, by: str) -> ShiftEntry:
        """Somebody goes on watch, in whose place ever."""
        before = self.shift
        facts = {**self._tally(), "from": before.holder or ("" if before.last is None else before.last.by)}
        entry = self._entry(by, TAKEN, facts)
        await self._store.write(lambda connection: add_entry(connection, entry))
        self.shift = Shift(by, entry.at, before.draft, before.last)
        return entry

    async def hand_over(self, by: str, note: str) -> ShiftEntry:
        """The watch ends: what is open and what was written down is for the next one."""
        entry = self._entry(by, HANDED_OVER, self._tally(), text=note[:_LONGEST])

        def write(connection: Connection) -> None:
            add_entry(connection, entry)
            set_meta(connection, _DRAFT, "")

        await self._store.write(write)
        self.shift = Shift("", None, "", entry)
        return entry

    async def write_draft(self, text: str) -> None:
        """Keep what is to be said at the next handover."""
        draft = text[:_LONGEST]
        await self._store.write(lambda connection: set_meta(connection, _DRAFT, draft))
        self.shift = Shift(self.shift.holder, self.shift.since, draft, self.shift.last)

    async def write(self, by: str, text: str, incident: int | None = None) -> ShiftEntry:
        """Add a line of somebody's own."""
        entry = self._entry(by, "note", {}, incident=incident, text=text[:_LONGEST])
        await self._store.write(lambda connection: add_entry(connection, entry))
        return entry

    def note(self, kind: str, by: str, facts: dict[str, Any], incident: int | None = None, text: str = "") -> None:
        """Add a line about something that was done; it is on its way to the disk."""
        entry = self._entry(by, kind, facts, incident=incident, text=text[:_LONGEST])
        self._journal.write_state(lambda connection: add_entry(connection, entry))

    async def entries(self, *, since: datetime | None, before: str | None, limit: int) -> list[ShiftEntry]:
        """Return lines from new to old."""
        return await self._store.read(
            lambda connection: list_entries(connection, since=since, before=before, limit=limit)
        )

    def heard(self, notice: Notice) -> None:
        """An incident began or ended: note what nobody may overlook."""
        row = notice.row
        if notice.kind == "opened":
            is_told = row.severity == "alarm" and row.parent is None
        else:
            is_told = notice.kind == "closed" and row.kind in _GRAVE
        if not is_told:
            return
        now = self._clock.now()
        if not self._has_room(now):
            self._unsaid += 1
            return
        self.note(notice.kind, notice.by or "hub", {}, row.number, self._title(notice))

    def look(self) -> None:
        """Say how many lines a storm had more, once it is over; to be called now and then."""
        now = self._clock.now()
        if self._unsaid and self._is_calm(now):
            more, self._unsaid = self._unsaid, 0
            self.note("more", "hub", {"more": more})

    def _is_calm(self, now: datetime) -> bool:
        """Say whether half of the room is free: one free line alone would be told of again and again in a storm."""
        self._forget_old(now)
        return len(self._lines) <= _MOST_LINES // 2

    def _has_room(self, now: datetime) -> bool:
        self._forget_old(now)
        if len(self._lines) >= _MOST_LINES:
            return False
        self._lines.append(now)
        return True

    def _forget_old(self, now: datetime) -> None:
        while self._lines and self._lines[0] <= now - _WITHIN:
            self._lines.popleft()

    def _entry(
        self, by: str, kind: str, facts: dict[str, Any], *, incident: int | None = None, text: str = ""
    ) -> ShiftEntry:
        now = self._clock.now()
        self._last_id = ulid_behind(self._last_id, int(now.timestamp() * 1000))
        return ShiftEntry(id=self._last_id, at=now, by=by, kind=kind, incident=incident, facts=facts, text=text)
