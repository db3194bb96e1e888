"""The incidents that are open, and all that changes how they stand: no clock, no disk, no bus.

Signals come in with their time; what follows is gathered until it is taken: rows to be stored and notices to be
told. There is at most one open incident of a kind and subject.
"""

import dataclasses
import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

from irzhub.alerts.incident_kinds import KINDS
from irzhub.alerts.incident_states import Signal, Standing, after
from irzhub.storage.incidents import IncidentRow, MemberRow

NoticeKind: TypeAlias = Literal["opened", "changed", "closed"]
_REMEMBERED: Final = timedelta(hours=1)
"""What was bad so often within this time holds its good state the longer."""
_LONGEST_FACTOR: Final = 10
_FORGET_ABOVE: Final = 20_000
MOST_AT_ONCE: Final = 500
"""Incidents of one turn of the loop, some 30 ms: the end of a storm must not make modems wait."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that people and programs may hear: `change` names what changed, `by` who did it."""

    kind: NoticeKind
    row: IncidentRow
    change: str = ""
    by: str = ""
    note: str = ""


@dataclass(slots=True)
class Batch:
    """What has to be stored and told, in this order."""

    rows: dict[int, IncidentRow] = field(default_factory=dict)
    members: dict[tuple[int, str], MemberRow] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.rows or self.members or self.notices)


def standing_of(row: IncidentRow) -> Standing:
    """Return how an incident stands, as its row says."""
    if row.closed_at is not None:
        return Standing.CLOSED
    return Standing.OPEN if row.good_since is None else Standing.RECOVERING


@dataclass(slots=True)
class IncidentBook:
    """The open incidents by number, and by kind and subject.

    Args:
        hold_s: for how long something must stay good before its incident closes; longer, up to ten times, for
            what was bad several times in the last hour.
    """

    hold_s: float
    last_number: int = 0
    revision: int = 0
    _open: dict[int, IncidentRow] = field(default_factory=dict)
    _by_key: dict[tuple[str, str], int] = field(default_factory=dict)
    _bad_times: dict[tuple[str, str], list[datetime]] = field(default_factory=dict)
    _due: list[tuple[datetime, int]] = field(default_factory=list)
    _batch: Batch = field(default_factory=Batch)

    def load(self, rows: Iterable[IncidentRow], last_number: int, revision: int) -> None:
        """Begin with what was open at the last stop."""
        self.last_number, self.revision = last_number, revision
        for row in rows:
            self._open[row.number] = row
            self._by_key[row.kind, row.subject] = row.number
            self._plan(row)

    def find(self, kind: str, subject: str) -> IncidentRow | None:
        """Return the open incident of a kind and subject, None when there is none."""
        number = self._by_key.get((kind, subject))
        return None if number is None else self._open[number]

    def get(self, number: int) -> IncidentRow | None:
        """Return an open incident by its number."""
        return self._open.get(number)

    def __iter__(self) -> Iterator[IncidentRow]:
        return iter(tuple(self._open.values()))

    def __len__(self) -> int:
        return len(self._open)

    def bad(
        self,
        kind: str,
        subject: str,
        at: datetime,
        *,
        modem: str | None = None,
        facts: dict[str, Any] | None = None,
        muted: str = "",
        severity: str = "",
        times: int = 1,
    ) -> IncidentRow:
        """Something is bad, once more where it was before: open an incident or count on.

        Args:
            kind: what kind of incident.
            subject: what it is about.
            at: since when (UTC).
            modem: whose it is.
            facts: what was seen, merged over what is known.
            muted: why nobody is told, empty when people are.
            severity: another than that of the kind.
            times: how often it turned bad up to now.
        """
        row = self.find(kind, subject)
        if row is None:
            return self._begin(kind, subject, at, modem, facts or {}, muted, severity or KINDS[kind].severity, times)
        self._note_bad(kind, subject, at, times)
        merged = row.facts if not facts else {**row.facts, **facts}
        assert after(standing_of(row), Signal.BAD) is Standing.OPEN
        last_seen_at = max(at, row.last_seen_at)
        return self._put(
            row, good_since=None, last_seen_at=last_seen_at, count=row.count + times, facts=merged,
            severity=severity or row.severity,
        )  # fmt: skip

    def good(self, kind: str, subject: str, at: datetime) -> IncidentRow | None:
        """Something is good again: its incident closes when that lasts; return it, None when none was open."""
        row = self.find(kind, subject)
        if row is None or standing_of(row) is not Standing.OPEN:
            return row
        assert after(Standing.OPEN, Signal.GOOD) is Standing.RECOVERING
        row = self._put(row, good_since=max(at, row.opened_at))
        self._plan(row)
        return row

    def look(self, now: datetime) -> list[IncidentRow]:
        """Close what has been good for long enough, and return it: so many in one look, the rest in the next."""
        closed: list[IncidentRow] = []
        while self._due and self._due[0][0] <= now and len(closed) < MOST_AT_ONCE:
            due, number = heapq.heappop(self._due)
            row = self._open.get(number)
            if row is None or self._due_at(row) != due:
                continue  # it was bad again meanwhile, or more was seen
            if KINDS[row.kind].quiet_s is not None and row.good_since is None:
                row = self._put(row, good_since=row.last_seen_at)
            assert after(standing_of(row), Signal.HELD) is Standing.CLOSED
            closed.append(self._end(row, row.good_since or now))
        return closed

    def close(self, number: int, at: datetime, by: str, note: str = "") -> IncidentRow | None:
        """Close an incident by somebody's hand; return it, None when none of that number is open."""
        row = self._open.get(number)
        return None if row is None else self._end(row, at, by, note)

    def edit(self, number: int, change: str = "", by: str = "", said: str = "", **changes: Any) -> IncidentRow | None:
        """Change what people set of an open incident, and tell of it where `change` says as what."""
        row = self._open.get(number)
        if row is None:
            return None
        row = self._put(row, **changes)
        if change:
            self._tell(Notice("changed", row, change, by, said))
        return row

    def mute(self, number: int, why: str) -> None:
        """Say why nobody is told of an incident; with an empty text people are, now at the latest."""
        row = self._open.get(number)
        if row is None or row.muted == why:
            return
        row = self._put(row, muted=why)
        if not why and not row.is_told:
            self._open_told(row)

    def go_on_behind(self, number: int, revision: int) -> None:
        """Give no number again that the history has of a hub whose data were lost here."""
        self.last_number, self.revision = max(self.last_number, number), max(self.revision, revision)

    def note_members(self, members: Iterable[MemberRow]) -> None:
        """Have members of a common cause stored with the rest."""
        self._batch.members.update({(member.incident, member.modem): member for member in members})

    def take(self) -> Batch:
        """Return what has to be stored and told since it was taken last."""
        batch, self._batch = self._batch, Batch()
        for number, row in batch.rows.items():
            self.revision += 1
            batch.rows[number] = row = dataclasses.replace(row, revision=self.revision)
            if number in self._open:
                self._open[number] = row
        return batch

    def _begin(
        self,
        kind: str,
        subject: str,
        at: datetime,
        modem: str | None,
        facts: dict[str, Any],
        muted: str,
        severity: str,
        times: int,
    ) -> IncidentRow:
        assert after(Standing.NONE, Signal.BAD) is Standing.OPEN
        self._note_bad(kind, subject, at, times)
        self.last_number += 1
        row = IncidentRow(
            number=self.last_number,
            kind=kind,
            subject=subject,
            modem=modem,
            severity=severity,
            opened_at=at,
            last_seen_at=at,
            count=times,
            facts=facts,
            muted=muted,
        )
        self._by_key[kind, subject] = row.number
        self._keep(row)
        self._plan(row)
        if not muted:
            row = self._open_told(row)
        return row

    def _open_told(self, row: IncidentRow) -> IncidentRow:
        row = self._put(row, is_told=True)
        self._tell(Notice("opened", row))
        return row

    def _end(self, row: IncidentRow, at: datetime, by: str = "", note: str = "") -> IncidentRow:
        at = max(at, row.opened_at)
        row = dataclasses.replace(row, closed_at=at, closed_by=by, good_since=row.good_since or at)
        self._open.pop(row.number, None)
        self._by_key.pop((row.kind, row.subject), None)
        self._batch.rows[row.number] = row
        if row.is_told:
            self._tell(Notice("closed", row, by=by, note=note))
        return row

    def _put(self, row: IncidentRow, **changes: Any) -> IncidentRow:
        changed = dataclasses.replace(row, **changes)
        if changed != row:
            self._keep(changed)
            if "last_seen_at" in changes:
                self._plan(changed)
        return changed

    def _keep(self, row: IncidentRow) -> None:
        self._open[row.number] = self._batch.rows[row.number] = row

    def _tell(self, notice: Notice) -> None:
        self._batch.notices.append(notice)

    def _plan(self, row: IncidentRow) -> None:
        if (due := self._due_at(row)) is not None:
            heapq.heappush(self._due, (due, row.number))

    def _due_at(self, row: IncidentRow) -> datetime | None:
        """Return when an incident closes if nothing more happens, None while something else has to come first."""
        quiet_s = KINDS[row.kind].quiet_s
        if row.good_since is not None:
            return row.good_since + timedelta(seconds=self._hold_s(row))
        return None if quiet_s is None else row.last_seen_at + timedelta(seconds=quiet_s)

    def _hold_s(self, row: IncidentRow) -> float:
        """Return for how long it must stay good: what flaps must show that it has stopped."""
        assert row.good_since is not None
        times = self._bad_times.get((row.kind, row.subject), ())
        recent = sum(at > row.good_since - _REMEMBERED for at in times)
        return self.hold_s * min(max(recent, 1), _LONGEST_FACTOR)

    def _note_bad(self, kind: str, subject: str, at: datetime, times: int) -> None:
        if len(self._bad_times) > _FORGET_ABOVE:
            self._forget(at)
        found = self._bad_times.setdefault((kind, subject), [])
        found.extend([at] * min(times, _LONGEST_FACTOR))
        del found[:-_LONGEST_FACTOR]

    def _forget(self, now: datetime) -> None:
        old = [key for key, times in self._bad_times.items() if times[-1] <= now - _REMEMBERED]
        for key in old:
            del self._bad_times[key]
