"""A small fleet for reports: modems, a history of them, and what the fleet knows of its meters."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from irzhub.core.bus import Bus
from irzhub.core.spans import Timetable
from irzhub.core.state import ModemState, StateStore
from irzhub.reports.ground import Ask, Ground
from irzhub.reports.period import Period
from irzhub.reports.report import Report
from irzhub.reports.wanted import Wanted, subjects_of
from irzhub.storage.history import HistoryStore
from irzhub.storage.meters import MeterLineRow, MeterRow, ProgramRow
from irzhub.storage.polls import PollRow

MOSCOW: Final = ZoneInfo("Europe/Moscow")
ONE, TWO, THREE = "868441036775234", "868441036775235", "868441036775236"
SIM: Final = "8970101234567890123"
NOW: Final = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
"""Noon in Moscow, on the third day of the reports here."""


def utc(text: str) -> datetime:
    """Return a moment of November 2026, such as `21 18:30`."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=UTC)


def state(modem: str, name: str = "", group: str = "Север", **about: Any) -> ModemState:
    return ModemState(modem=modem, imei=modem, name=name, group=group, **about)


STATES: Final = (
    state(ONE, "Котельная 1", iccid=SIM, organisation="north", gpi={1: "ON"}),
    state(TWO, "Котельная 2", organisation="south"),
    state(THREE, "Насосная", group="Юг", link="online"),
)


@dataclass
class Facts:
    """What a fleet would tell."""

    timetables: dict[str, Timetable] = field(default_factory=dict)
    entered: dict[str, list[MeterRow]] = field(default_factory=dict)
    heard: dict[str, list[MeterLineRow]] = field(default_factory=dict)
    counted: dict[str, list[PollRow]] = field(default_factory=dict)
    names: dict[str, ProgramRow] = field(default_factory=dict)

    def timetable(self, modem: str) -> Timetable | None:
        return self.timetables.get(modem)

    def meters(self, modem: str) -> Sequence[MeterRow]:
        return self.entered.get(modem, [])

    def lines(self, modem: str) -> Sequence[MeterLineRow]:
        return self.heard.get(modem, [])

    def polls(self, day: str) -> Sequence[PollRow] | None:
        return self.counted.get(day)

    def programs(self) -> Mapping[str, ProgramRow]:
        return self.names


class Clock:
    """A clock that stands still until it is put on."""

    def __init__(self, now: datetime = NOW) -> None:
        self.at = now
        self.passed_s = 0.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.passed_s


def wanted(kind: str, **about: Any) -> Wanted:
    """Return three days of November, on Moscow's clock."""
    base: dict[str, Any] = {"first": date(2026, 11, 20), "last": date(2026, 11, 22), "zone": "Europe/Moscow"}
    return Wanted(kind=kind, **(base | about))


def ask(of: Wanted, states: Sequence[ModemState] = STATES, now: datetime = NOW) -> Ask:
    """Return a report that is about to be made."""
    return Ask(of, Period(of.first, of.last, MOSCOW, now), subjects_of(states, of))


@dataclass
class Past:
    """A history in a file, with what reports stand on."""

    history: HistoryStore
    ground: Ground
    facts: Facts
    clock: Clock

    async def write(self, job: Any) -> None:
        """Store something; `job` takes the connection and the hub's id."""
        await self.history.run(lambda conn: job(conn, "main"), deadline_s=30)

    async def report(self, gather: Any, of: Wanted) -> Report:
        """Make a report as the desk would, but for its thread."""
        build = await gather(self.ground, ask(of, tuple(self.ground.states), self.clock.now()))
        made: Report = build()
        return made


@asynccontextmanager
async def past(folder: Path) -> AsyncIterator[Past]:
    """Open an empty history beside three modems."""
    states = StateStore(Bus())
    for each in STATES:
        states.add(each)
    facts, clock = Facts(), Clock()
    async with HistoryStore("sqlite:///history.db", folder, "main") as history:
        yield Past(history, Ground(history, states, facts, clock), facts, clock)


def cells(report: Report, *names: str) -> list[tuple[Any, ...]]:
    """Return some columns of a table."""
    places = [[column.name for column in report.columns].index(name) for name in names]
    return [tuple(row[place] for place in places) for row in report.rows]


def series(report: Report, chart: str) -> dict[str, list[Any]]:
    """Return the values of a chart by the name of the series."""
    found = next(each for each in report.charts if each.name == chart)
    return {name: list(values) for name, values in found.series.items()}
