"""Puts what happened to incidents on the disk and into the journal, in one transaction with the position of it."""

from collections.abc import Callable, Sequence
from typing import Final

from irzhub.alerts.incident_book import Batch, Notice
from irzhub.core.clock import Clock
from irzhub.core.events import AlertChanged, AlertClosed, AlertOpened, Event
from irzhub.core.ulid import ulid_behind
from irzhub.journal.journal import Journal
from irzhub.storage.events import load_cursors, save_cursors
from irzhub.storage.incidents import CURSOR, ActionRow, IncidentRow, MemberRow, add_action, save_incidents, save_members
from irzhub.storage.local import Connection, LocalStore

_AT_ONCE: Final = 500
"""Rows of one transaction: a storm of ten thousand does not keep the disk from the events behind it."""


class Keeping:
    """Where the incidents are in the journal, and how their changes get there.

    Args:
        text: makes of an incident what stands in the event of its beginning.

    Attributes:
        position: number of the last event that was taken.
    """

    def __init__(self, journal: Journal, clock: Clock, text: Callable[[IncidentRow], str]) -> None:
        self._journal = journal
        self._clock = clock
        self._text = text
        self._in_flight = 0
        self._last_id = ""
        self.position = 0

    async def begin(self, store: LocalStore) -> None:
        """Go on where the last hub stopped; a hub that never had incidents begins with what happens from now on."""
        known = await store.read(load_cursors)
        if CURSOR not in known:
            last = self._journal.last_seq
            await store.write(lambda connection: save_cursors(connection, {CURSOR: last}))
            self._journal.cursor(CURSOR).advance(last)
        self.position = max(known.get(CURSOR, 0), self._journal.cursor(CURSOR).position)

    def keep(self, batch: Batch, told: Callable[[Notice], None], landed: Callable[[IncidentRow], None]) -> None:
        """Store rows and members, journal the notices; each row goes with its own notice, the position with the last.

        So a crash in between loses nothing: the events behind the position are taken again, and what was committed
        of them is there already.

        Args:
            batch: what happened.
            told: called with each notice once it is committed.
            landed: called with each row once it is committed.
        """
        rows, members = dict(batch.rows), list(batch.members.values())
        noticed: list[tuple[Notice, tuple[IncidentRow, ...]]] = []
        for notice in batch.notices:
            row = rows.pop(notice.row.number, None)
            noticed.append((notice, () if row is None else (row,)))
        rest = tuple(rows.values())
        while len(members) > _AT_ONCE:
            self._put(None, (), members[:_AT_ONCE], None, landed)
            del members[:_AT_ONCE]
        while len(rest) > _AT_ONCE:
            self._put(None, rest[:_AT_ONCE], (), None, landed)
            rest = rest[_AT_ONCE:]
        for notice, own in noticed[:-1]:
            self._put((notice, told), own, (), None, landed)
        if noticed:
            notice, own = noticed[-1]
            self._put((notice, told), (*own, *rest), members, self.position, landed)
        elif rest or members:
            self._put(None, rest, members, self.position, landed)
        elif not self._in_flight:
            self._journal.cursor(CURSOR).advance(self.position)

    def _put(
        self,
        noticed: tuple[Notice, Callable[[Notice], None]] | None,
        rows: Sequence[IncidentRow],
        members: Sequence[MemberRow],
        position: int | None,
        landed: Callable[[IncidentRow], None],
    ) -> None:
        """Put one transaction's worth on its way."""
        self._in_flight += 1
        action = None if noticed is None else self._action(noticed[0])

        def write(connection: Connection) -> None:
            save_incidents(connection, rows)
            save_members(connection, members)
            if action is not None:
                add_action(connection, action)
            if position is not None:
                save_cursors(connection, {CURSOR: position})

        def then() -> None:
            self._in_flight -= 1
            if position is not None:
                self._journal.cursor(CURSOR).advance(position)
            for row in rows:
                landed(row)

        if noticed is None:
            self._journal.write_state(write, then)
            return
        notice, told = noticed

        def then_told(_event: Event) -> None:
            then()
            told(notice)

        self._journal.append(self._event(notice), write, then_told)

    def _action(self, notice: Notice) -> ActionRow:
        now, row = self._clock.now(), notice.row
        self._last_id = ulid_behind(self._last_id, int(now.timestamp() * 1000))
        return ActionRow(self._last_id, row.number, now, notice.by or "hub", notice.change or notice.kind, notice.note)

    def _event(self, notice: Notice) -> Event:
        row, now = notice.row, self._clock.now()
        if notice.kind == "opened":
            return AlertOpened(
                ts=now, modem=row.modem, alert=row.number, kind=row.kind, subject=row.subject, severity=row.severity,
                text=self._text(row),
            )  # fmt: skip
        if notice.kind == "changed":
            return AlertChanged(
                ts=now, modem=row.modem, alert=row.number, kind=row.kind, subject=row.subject, change=notice.change,
                by=notice.by, note=notice.note,
            )  # fmt: skip
        assert row.closed_at is not None
        return AlertClosed(
            ts=now, modem=row.modem, alert=row.number, kind=row.kind, subject=row.subject, severity=row.severity,
            lasted_s=round((row.closed_at - row.opened_at).total_seconds(), 3), count=row.count,
        )  # fmt: skip
