"""What stands around the incidents for those on watch: shift log, visit requests, maintenance windows."""

from collections.abc import Sequence
from typing import Any

from irzhub.alerts.incident_book import Notice
from irzhub.alerts.incident_desk import IncidentDesk, NotOpen
from irzhub.alerts.incidents import Incidents
from irzhub.alerts.maintenance_desk import MaintenanceDesk
from irzhub.alerts.shift_desk import ShiftDesk
from irzhub.alerts.visit_desk import VisitDesk
from irzhub.core.bus import Bus, Unsubscribe
from irzhub.core.clock import Clock
from irzhub.core.events import ModemReplaced
from irzhub.core.groups import GroupMoved
from irzhub.journal.journal import Journal
from irzhub.storage.local import Connection, LocalStore
from irzhub.storage.maintenance import MaintenanceRow, save_window
from irzhub.storage.visit_requests import VisitRow


class DutyRoom:
    """The three desks, and what one of them notes for another."""

    def __init__(
        self, incidents: Incidents, desk: IncidentDesk, store: LocalStore, journal: Journal, clock: Clock, bus: Bus
    ) -> None:
        self._journal = journal
        self._bus = bus
        self._unsubscribe: list[Unsubscribe] = []
        self._incidents = incidents
        self._desk = desk
        self._clock = clock
        self.shift = ShiftDesk(store, journal, clock, self.tally, self._title)
        self.visits = VisitDesk(store, clock, self._visit_noted)
        self.maintenance = MaintenanceDesk(incidents.mutes, store, clock)

    async def begin(self) -> None:
        """Read how the watch stands, and note what happens from now on."""
        await self.shift.begin()
        await self.visits.begin()
        self._incidents.listeners.append(self.shift.heard)
        self._unsubscribe = [
            self._bus.subscribe(GroupMoved, lambda moved: self._keep(self.maintenance.group_moved(moved))),
            self._bus.subscribe(ModemReplaced, lambda event: self._keep(self.maintenance.modem_replaced(event))),
        ]

    def end(self) -> None:
        """Listen no more."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()

    def look(self) -> None:
        """Do what time alone makes due; to be called about once a second."""
        self.shift.look()
        self._incidents.mutes.drop_past(self._clock.now())

    def tally(self) -> dict[str, Any]:
        """Return how many incidents are open and not in hand, and how many visits are to be made."""
        open_ = [row for row in self._incidents if row.is_told and row.parent is None]
        return {
            "open": len(open_),
            "unacknowledged": sum(not row.acknowledged_by for row in open_),
            "visits": self.visits.open,
        }

    def _keep(self, windows: Sequence[MaintenanceRow]) -> None:
        """Have windows that were changed by something else on their way to the disk."""

        def write(connection: Connection) -> None:
            for row in windows:
                save_window(connection, row)

        if windows:
            self._journal.write_state(write)

    def _title(self, notice: Notice) -> str:
        return self._incidents.words.title(notice.row)

    def _visit_noted(self, row: VisitRow) -> None:
        """A request was made or closed: it stands in the log, and beside its incident."""
        if row.closed_at is not None:
            self.shift.note("visit_closed", row.closed_by, {"visit": row.number}, row.incident, row.result)
            return
        self.shift.note("visit", row.created_by, {"visit": row.number}, row.incident, row.cause)
        if row.incident is not None:
            try:
                self._desk.visit_requested(row.incident, row.created_by, row.number)
            except NotOpen:
                return  # it is over; somebody goes there all the same
