"""What people do about incidents: acknowledge, silence, assign, comment, pass on, close by hand.

Each call is done at once and on its way to the disk; `settle` waits until it is there. An incident that belongs to a
common cause is handled by that: who has one of 500 in hand has them all.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from irzhub.alerts.incidents import Incidents
from irzhub.core.clock import Clock
from irzhub.journal.journal import Journal
from irzhub.storage.incidents import IncidentRow

ACKNOWLEDGED: Final = "acknowledged"
REOPENED: Final = "unacknowledged"
SILENCED: Final = "silenced"
UNSILENCED: Final = "unsilenced"
ASSIGNED: Final = "assigned"
NOTED: Final = "noted"
COMMENTED: Final = "comment"
ESCALATED: Final = "escalated"
VISIT: Final = "visit"
_LONGEST_NOTE: Final = 2000


class NotOpen(Exception):
    """There is no open incident of that number: it is over, or never was."""


class IncidentDesk:
    """The one door for people's hands, whichever way they come: REST, a link, an SMS.

    Attributes:
        listeners: called with an incident once somebody has it in hand, so that nobody is called any more.
    """

    def __init__(self, incidents: Incidents, journal: Journal, clock: Clock) -> None:
        self._incidents = incidents
        self._journal = journal
        self._clock = clock
        self.listeners: list[Callable[[IncidentRow], None]] = []

    def acknowledge(self, number: int, by: str, note: str = "") -> IncidentRow:
        """Somebody has it in hand: repeats and escalation stop. The first who does so stays the one who did.

        Raises:
            NotOpen: no incident of that number is open.
        """
        row = self._open(number)
        if not row.acknowledged_by:
            row = self._edit(row, ACKNOWLEDGED, by, note, acknowledged_by=by, acknowledged_at=self._clock.now())
            for listener in self.listeners:
                listener(row)
        elif note:
            self.comment(row.number, by, note)
        return row

    def acknowledge_many(self, numbers: Iterable[int], by: str, note: str = "") -> tuple[list[int], list[int]]:
        """Acknowledge several; return the numbers that were open, and those that were not."""
        done, missing = [], []
        for number in numbers:
            try:
                self.acknowledge(number, by, note)
                done.append(number)
            except NotOpen:
                missing.append(number)
        return done, missing

    def unacknowledge(self, number: int, by: str, note: str = "") -> IncidentRow:
        """Nobody has it in hand any more, or it was a slip: people are told again.

        Raises:
            NotOpen: no incident of that number is open.
        """
        row = self._open(number)
        if not row.acknowledged_by:
            return row
        return self._edit(row, REOPENED, by, note, acknowledged_by="", acknowledged_at=None)

    def silence(self, number: int, by: str, until: datetime | None, note: str = "") -> IncidentRow:
        """Say nothing more of it until a moment (UTC); None or a moment that is past: speak again.

        Raises:
            NotOpen: no incident of that number is open.
        """
        row = self._open(number)
        if until is None or until <= self._clock.now():
            if row.silenced_until is None:
                return row
            return self._edit(row, UNSILENCED, by, note, silenced_until=None)
        return self._edit(row, SILENCED, by, note, silenced_until=until)

    def assign(self, number: int, by: str, owner: str) -> IncidentRow:
        """Say whose business it is; an empty text: nobody's.

        Raises:
            NotOpen: no incident of that number is open.
        """
        row = self._open(number)
        return row if row.owner == owner else self._edit(row, ASSIGNED, by, owner, owner=owner)

    def write_note(self, number: int, by: str, note: str) -> IncidentRow:
        """Set the one note that stands beside an incident.

        Raises:
            NotOpen: no incident of that number is open.
        """
        row = self._open(number)
        return row if row.note == note else self._edit(row, NOTED, by, note, note=note[:_LONGEST_NOTE])

    def comment(self, number: int, by: str, text: str) -> IncidentRow:
        """Add a line to what was done about an incident.

        Raises:
            NotOpen: no incident of that number is open.
        """
        return self._edit(self._open(number), COMMENTED, by, text)

    def visit_requested(self, number: int, by: str, visit: int) -> IncidentRow:
        """Somebody will go there.

        Raises:
            NotOpen: no incident of that number is open.
        """
        row = self._open(number)
        return self._edit(row, VISIT, by, str(visit), facts={**row.facts, "visit": visit})

    def escalate(self, number: int, by: str, note: str = "") -> IncidentRow:
        """Pass it on by hand: whoever climbs ladders for this incident goes on with the next step at once.

        Raises:
            NotOpen: no incident of that number is open.
        """
        return self._edit(self._open(number), ESCALATED, by, note)

    def close(self, number: int, by: str, note: str = "") -> IncidentRow:
        """End it by hand; what is still bad begins another one when it is told of again.

        Raises:
            NotOpen: no incident of that number is open.
        """
        row = self._open(number)
        closed = self._incidents.end_by_hand(row.number, self._clock.now(), by, note[:_LONGEST_NOTE])
        assert closed is not None
        return closed

    async def settle(self) -> None:
        """Wait until what was done is on the disk and told."""
        await self._journal.flush()

    def _open(self, number: int) -> IncidentRow:
        row = self._incidents.book.get(self._incidents.root_of(number))
        if row is None:
            raise NotOpen(f"no incident {number} is open")
        return row

    def _edit(self, row: IncidentRow, change: str, by: str, said: str = "", **changes: object) -> IncidentRow:
        edited = self._incidents.book.edit(row.number, change, by, said[:_LONGEST_NOTE], **changes)
        assert edited is not None
        self._incidents.commit()
        return edited
