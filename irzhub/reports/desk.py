"""Makes reports one after the other: reads, counts and writes them beside the loop, so that nothing else waits."""

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final, Literal, TypeAlias, assert_never, get_args
from zoneinfo import ZoneInfo

from irzhub.core.exceptions import IrzhubError
from irzhub.reports import usual
from irzhub.reports.ground import Ask, Ground
from irzhub.reports.head import Sheet
from irzhub.reports.kinds import KINDS
from irzhub.reports.period import Period
from irzhub.reports.report import Report
from irzhub.reports.usual import Usual
from irzhub.reports.wanted import Subject, Wanted, subjects_of
from irzhub.reports.words import in_words

Form: TypeAlias = Literal["xlsx", "csv", "pdf"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
MEDIA: Final[Mapping[Form, str]] = MappingProxyType(
    {
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "csv": "text/csv; charset=utf-8",
        "pdf": "application/pdf",
    }
)
_FOLDER: Final = "reports"
_MOST_WAITING: Final = 8
_MOST_FRESH: Final = 3
_FRESH_S: Final = 60.0
_USUAL_S: Final = 3600.0


class TooManyReports(IrzhubError):
    """So many reports wait to be made that another one has to be asked for later."""


class ReportDesk:
    """Makes one report at a time; files lie in a folder of their own until they were taken.

    Args:
        folder: the hub's data folder.
    """

    def __init__(self, ground: Ground, folder: Path) -> None:
        self._ground = ground
        self._folder = folder / _FOLDER
        self._turn = asyncio.Semaphore(1)
        self._waiting = 0
        self._fresh: dict[Wanted, tuple[float, Sheet]] = {}
        self._usual: dict[Wanted, tuple[float, Usual]] = {}

    async def open(self) -> None:
        """Make the folder, and remove what an earlier hub left in it."""
        await asyncio.to_thread(_emptied, self._folder)

    async def make(self, wanted: Wanted) -> Sheet:
        """Return a finished report; who turns a page or takes a file soon after gets the same one.

        Raises:
            DatabaseUnavailable: the history does not answer.
            TooManyReports: ask again later.
        """
        if self._waiting >= _MOST_WAITING:
            raise TooManyReports(f"{_MOST_WAITING} reports are being made, ask again in a minute")
        self._waiting += 1
        try:
            async with self._turn:
                now = self._ground.clock.monotonic()
                self._fresh = {of: kept for of, kept in self._fresh.items() if now - kept[0] < _FRESH_S}
                if wanted in self._fresh:
                    return self._fresh[wanted][1]
                sheet = await self._made(wanted)
                if len(self._fresh) >= _MOST_FRESH:
                    del self._fresh[next(iter(self._fresh))]
                self._fresh[wanted] = (self._ground.clock.monotonic(), sheet)
                return sheet
        finally:
            self._waiting -= 1

    async def usual(self, wanted: Wanted) -> Usual:
        """Return what the nights of a time usually looked like; counted once an hour.

        Raises:
            DatabaseUnavailable: the history does not answer.
        """
        async with self._turn:
            now = self._ground.clock.monotonic()
            self._usual = {of: kept for of, kept in self._usual.items() if now - kept[0] < _USUAL_S}
            if wanted not in self._usual:
                ask = await self._ask(wanted)
                found = await asyncio.to_thread(await usual.gather(self._ground, ask))
                self._usual[wanted] = (now, found)
            return self._usual[wanted][1]

    @asynccontextmanager
    async def file(self, sheet: Sheet, form: Form) -> AsyncIterator[Path]:
        """Write a report into a file, and remove it when it was taken."""
        path = self._folder / f"{secrets.token_hex(8)}.{form}"
        try:
            await asyncio.to_thread(_write, path, sheet, form)
            yield path
        finally:
            with contextlib.suppress(OSError):
                await asyncio.to_thread(path.unlink, missing_ok=True)

    async def _made(self, wanted: Wanted) -> Sheet:
        ask = await self._ask(wanted)
        build = await KINDS[wanted.kind].gather(self._ground, ask)
        report: Report = await asyncio.to_thread(build)
        return Sheet(report, wanted, _whose(wanted, ask.subjects), ask.period.zone)

    async def _ask(self, wanted: Wanted) -> Ask:
        zone = await asyncio.to_thread(ZoneInfo, wanted.zone)
        period = Period(wanted.first, wanted.last, zone, self._ground.clock.now())
        # The store may change between two turns of the loop; what is counted here is one picture of it.
        states = tuple(self._ground.states)
        subjects = await asyncio.to_thread(subjects_of, states, wanted)
        return Ask(wanted, period, subjects)


def _whose(wanted: Wanted, subjects: Mapping[str, Subject]) -> str:
    """Return whose report it is, as people call it."""
    if wanted.modem:
        found = subjects.get(wanted.modem)
        return f"{found.name} ({wanted.modem})" if found is not None and found.name else wanted.modem
    parts = [each for each in (wanted.group, wanted.organisation) if each]
    return ", ".join(parts) or in_words("all_modems", wanted.language)


def _emptied(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.iterdir():
        if left.is_file():
            left.unlink(missing_ok=True)


def _write(path: Path, sheet: Sheet, form: Form) -> None:
    # These libraries take a fifth of a second and six megabytes: a hub that makes no files does not need them.
    match form:
        case "xlsx":
            from irzhub.reports.xlsx_file import write_xlsx as write
        case "csv":
            from irzhub.reports.csv_file import write_csv as write
        case "pdf":
            from irzhub.reports.pdf_file import write_pdf as write
        case never:
            assert_never(never)
    write(path, sheet)
