"""What reports stand on: the history, the live states, and what the fleet knows of its meters and windows."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol, TypeAlias, TypeVar

from irzhub.core.clock import Clock
from irzhub.core.spans import Timetable
from irzhub.core.state import StateStore
from irzhub.reports.period import Period
from irzhub.reports.report import MOST_ROWS, Chart, Column, Report, Row
from irzhub.reports.wanted import Subject, Wanted
from irzhub.storage.history import HistoryStore
from irzhub.storage.history_reports import SlotSums, slot_sums
from irzhub.storage.local import Connection
from irzhub.storage.meters import MeterLineRow, MeterRow, ProgramRow
from irzhub.storage.polls import PollRow

_T = TypeVar("_T")
_DEADLINE_S: Final = 60.0
FEW: Final = 50
"""Up to so many modems are asked for by name; of more, all are read and the others left out."""


class Facts(Protocol):
    """What the fleet tells reports."""

    def timetable(self, modem: str) -> Timetable | None:
        """Return when a modem is to be online, None: always."""

    def meters(self, modem: str) -> Sequence[MeterRow]:
        """Return the meters that people entered behind a modem."""

    def lines(self, modem: str) -> Sequence[MeterLineRow]:
        """Return what the hub has heard of the addresses of a modem's line."""

    def polls(self, day: str) -> Sequence[PollRow] | None:
        """Return what was counted on a day, None when only the history knows."""

    def programs(self) -> Mapping[str, ProgramRow]:
        """Return the polling programs that people have named, by address."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Those parts, by name."""

    history: HistoryStore
    states: StateStore
    facts: Facts
    clock: Clock

    async def read(self, job: Callable[[Connection, str], _T]) -> _T:
        """Ask the history; reports may take longer than what a page waits for.

        Raises:
            DatabaseUnavailable: it does not answer.
        """
        hub = self.history.hub
        return await self.history.read_much(lambda connection: job(connection, hub), deadline_s=_DEADLINE_S)


@dataclass(frozen=True, slots=True)
class Ask:
    """One report that is being made."""

    wanted: Wanted
    period: Period
    subjects: Mapping[str, Subject]

    @property
    def modems(self) -> frozenset[str] | None:
        """The modems to ask the history for by name, None where there are many: then `subjects` says which count."""
        return frozenset(self.subjects) if len(self.subjects) <= FEW else None

    def sums(self, *, by_modem: bool) -> Callable[[Connection, str], list[SlotSums]]:
        """Return what reads bytes and signal of the time, by modem or by day."""
        since, until = self.period.since, self.period.until
        modems = self.modems if by_modem else None if self.wanted.is_of_all else frozenset(self.subjects)
        return partial(slot_sums, modems=modems, since=since, until=until, by_modem=by_modem)

    def report(
        self,
        columns: tuple[Column, ...],
        rows: Sequence[Row],
        total: Mapping[str, object] | None = None,
        charts: tuple[Chart, ...] = (),
        *,
        is_cut: bool = False,
    ) -> Report:
        """Return the finished report; of too many rows the first ones stay."""
        return Report(
            kind=self.wanted.kind,
            since=self.period.since,
            until=self.period.until,
            made_at=self.period.now,
            zone=self.wanted.zone,
            columns=columns,
            rows=rows[:MOST_ROWS],
            total=total or {},
            charts=charts,
            is_cut=is_cut or len(rows) > MOST_ROWS,
        )


Build: TypeAlias = Callable[[], Report]
Gather: TypeAlias = Callable[[Ground, Ask], Awaitable[Build]]
"""Reads what a report needs and returns what makes it; that is called in a thread, for it may take long."""

MODEM_COLUMNS: Final = (Column("modem", "modem"), Column("name", "text"), Column("group", "text"))


def modem_cells(subject: Subject) -> Row:
    """Return the cells of `MODEM_COLUMNS`."""
    return (subject.modem, subject.name, subject.group)
