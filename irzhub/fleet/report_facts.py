"""What the fleet tells reports: meters and their polls, and when modems are to be online."""

from collections.abc import Mapping, Sequence

from irzhub.core.exceptions import UnknownModem
from irzhub.core.spans import Timetable
from irzhub.fleet.fleet import Fleet
from irzhub.storage.meters import MeterLineRow, MeterRow, ProgramRow
from irzhub.storage.polls import PollRow


class ReportFacts:
    """The fleet as reports see it."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    def timetable(self, modem: str) -> Timetable | None:
        """Return when a modem is to be online, None: always."""
        try:
            return self._fleet.presence.timetable_of(self._fleet.registry.get(modem))
        except UnknownModem:
            return None  # it was deleted while the report was made

    def meters(self, modem: str) -> Sequence[MeterRow]:
        """Return the meters that people entered behind a modem."""
        return self._fleet.meters.meters(modem)

    def lines(self, modem: str) -> Sequence[MeterLineRow]:
        """Return what the hub has heard of the addresses of a modem's line."""
        return self._fleet.meters.lines(modem)

    def polls(self, day: str) -> Sequence[PollRow] | None:
        """Return what was counted on a day, None when only the history knows."""
        return self._fleet.meters.polls(day)

    def programs(self) -> Mapping[str, ProgramRow]:
        """Return the polling programs that people have named, by address."""
        return self._fleet.meters.programs()
