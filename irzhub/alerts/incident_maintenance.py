"""Why nobody is told of what happens to a modem: it is being set up, or somebody works there."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from irzhub.core.groups import is_within
from irzhub.core.state import ModemState, StateStore
from irzhub.storage.maintenance import MaintenanceRow

COMMISSIONING: Final = "commissioning"
MAINTENANCE: Final = "maintenance"


@dataclass(slots=True)
class Mutes:
    """The maintenance windows, and which of them holds for whom."""

    states: StateStore
    _windows: dict[str, MaintenanceRow] = field(default_factory=dict)

    def load(self, rows: Iterable[MaintenanceRow]) -> None:
        """Begin with what is planned."""
        self._windows = {row.id: row for row in rows}

    def put(self, row: MaintenanceRow) -> None:
        """Plan a window, or change it."""
        self._windows[row.id] = row

    def remove(self, id_: str) -> MaintenanceRow | None:
        """Take a window back; return it."""
        return self._windows.pop(id_, None)

    def get(self, id_: str) -> MaintenanceRow | None:
        """Return a window."""
        return self._windows.get(id_)

    def windows(self) -> list[MaintenanceRow]:
        """Return all windows that are planned or running, by their beginning."""
        return sorted(self._windows.values(), key=lambda row: (row.since, row.id))

    def drop_past(self, now: datetime) -> list[MaintenanceRow]:
        """Forget the windows that are over; return them."""
        past = [row for row in self._windows.values() if row.until <= now]
        for row in past:
            del self._windows[row.id]
        return past

    def why(self, modem: str | None, now: datetime) -> str:
        """Return why nobody is told of a modem, or of the hub itself for None; empty when people are."""
        state = self.states.get(modem) if modem is not None and modem in self.states else None
        if state is not None and state.commissioning:
            return COMMISSIONING
        return MAINTENANCE if any(_covers(row, modem, state, now) for row in self._windows.values()) else ""


def _covers(row: MaintenanceRow, modem: str | None, state: ModemState | None, now: datetime) -> bool:
    if not row.since <= now < row.until:
        return False
    if row.modem is not None:
        return row.modem == modem
    if row.group is not None:
        return state is not None and is_within(state.group, row.group)
    return True
