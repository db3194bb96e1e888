"""Meters of the fleet: as people entered them, as the hub hears them, and how each was polled."""

import asyncio
import dataclasses
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Unpack

from irzhub.core.bus import Bus
from irzhub.core.clock import Clock
from irzhub.core.events import ModemDeleted, ModemReplaced
from irzhub.core.exceptions import UnknownMeter
from irzhub.core.ulid import new_ulid
from irzhub.fleet.meter_watch import MeterWatch
from irzhub.fleet.poll_book import PollBook
from irzhub.journal.journal import Journal
from irzhub.recorder.polls import PollsCounted
from irzhub.relay.messages import MetersPolled
from irzhub.relay.zones import Zones
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.local import LocalStore
from irzhub.storage.meters import (
    MeterEdit,
    MeterLineRow,
    MeterRow,
    MeterTexts,
    ProgramRow,
    delete_meter,
    forget_meters_of,
    load_meter_lines,
    load_meters,
    load_programs,
    save_meter,
    save_meter_lines,
    save_program,
)
from irzhub.storage.polls import PollRow, drop_polls, load_polls, save_polls

_log = logging.getLogger(__name__)
_WRITE_EVERY_S: Final = 15.0
_BATCH: Final = 500
"""Small enough that an event never waits long for the writer's thread."""


@dataclass(slots=True)
class MeterDesk:
    """Keeps meters, counts polls and tells which meters are silent.

    Args:
        time_zone: on whose clock (IANA) a day begins and ends.
    """

    store: LocalStore
    journal: Journal
    bus: Bus
    clock: Clock
    book: PollBook
    time_zone: str = "UTC"
    watch: MeterWatch = field(default_factory=MeterWatch)
    _meters: dict[str, MeterRow] = field(default_factory=dict)
    _by_modem: dict[str, dict[str, MeterRow]] = field(default_factory=dict)
    _programs: dict[str, ProgramRow] = field(default_factory=dict)

    async def load(self) -> None:
        """Read all that is known from the local store, and begin to follow what becomes of modems."""
        zones = Zones()
        await zones.load(self.time_zone)
        self.book.zone = zones.get(self.time_zone)
        since = self.book.first_kept(self.clock.now())
        meters, lines, programs, polls = await self.store.read(
            lambda conn: (load_meters(conn), load_meter_lines(conn), load_programs(conn), load_polls(conn, since))
        )
        for row in meters:
            self._keep(row)
        self._programs = {row.program: row for row in programs}
        self.watch.meter_at = self.at
        self.watch.load(lines)
        self.book.load(polls)
        self.book.mark_all()
        self.bus.subscribe(ModemDeleted, lambda event: self._forget(str(event.modem)))
        self.bus.subscribe(ModemReplaced, self._replaced)

    def polled(self, message: MetersPolled) -> None:
        """Take in what the relay counted in the last seconds."""
        for modem, polls in message.polls.items():
            for poll in polls:
                self.book.note(modem, poll)
                for event in self.watch.note(modem, poll):
                    self.journal.append(event)

    async def run(self) -> None:
        """Write what has grown, for ever."""
        while True:
            await asyncio.sleep(_WRITE_EVERY_S)
            await self.save()

    async def save(self) -> None:
        """Write what has grown; what the disk does not take waits here, and the store says aloud that it fails."""
        try:
            await self.flush()
        except LocalStoreFailed as error:
            _log.debug("polls are written later: %s", error)

    async def flush(self) -> None:
        """Write what has grown now, in portions between which others get their turn.

        Raises:
            LocalStoreFailed: the disk does not take it; what is not written yet is kept for the next time.
        """
        while rows := self.book.take_changed(_BATCH):
            copies = tuple(dataclasses.replace(row) for row in rows)  # these go on growing while a thread writes them
            try:
                await self.store.write(lambda conn, copies=copies: save_polls(conn, copies))  # type: ignore[misc]
            except LocalStoreFailed:
                self.book.put_back(rows)
                raise
            self.bus.publish(PollsCounted(copies))
        while lines := self.watch.take_changed(_BATCH):
            heard = [dataclasses.replace(line) for line in lines]
            try:
                await self.store.write(lambda conn, heard=heard: save_meter_lines(conn, heard))  # type: ignore[misc]
            except LocalStoreFailed:
                self.watch.put_back(lines)
                raise
        oldest = self.book.first_kept(self.clock.now())
        if self.book.drop_before(oldest):
            await self.store.write(lambda conn: drop_polls(conn, oldest))

    # Meters as people enter them.

    def meters(self, modem: str | None = None) -> list[MeterRow]:
        """Return the meters of one modem, or all, in the order in which they were entered."""
        if modem is None:
            return list(self._meters.values())
        return list(self._by_modem.get(modem, {}).values())

    def meter(self, id_: str) -> MeterRow:
        """Return one meter.

        Raises:
            UnknownMeter: there is none of that id.
        """
        try:
            return self._meters[id_]
        except KeyError:
            raise UnknownMeter(f"there is no meter {id_!r}") from None

    def at(self, modem: str, address: str) -> MeterRow | None:
        """Return the meter that stands at an address of a modem's line; the only one may have been left without."""
        rows = self._by_modem.get(modem)
        if not rows:
            return None
        if (found := next((row for row in rows.values() if row.address == address), None)) is not None:
            return found
        only = next(iter(rows.values()))
        return only if len(rows) == 1 and not only.address else None

    async def add(self, modem: str, **texts: Unpack[MeterTexts]) -> MeterRow:
        """Enter a meter; committed when it returns."""
        now = self.clock.now()
        row = MeterRow(id=new_ulid(int(now.timestamp() * 1000)), modem=modem, created_at=now, **texts)
        await self._save(row)
        return row

    async def edit(self, id_: str, **changes: Unpack[MeterEdit]) -> MeterRow:
        """Change a meter; its `modem` too, when it was moved to another one.

        Raises:
            UnknownMeter: there is none of that id.
        """
        old = self.meter(id_)
        row = dataclasses.replace(old, **changes)
        await self._save(row)
        if row.modem != old.modem:
            self._by_modem.get(old.modem, {}).pop(id_, None)
        return row

    async def remove(self, id_: str) -> None:
        """Remove a meter; how it was polled stays in the history.

        Raises:
            UnknownMeter: there is none of that id.
        """
        row = self.meter(id_)
        await self.store.write(lambda conn: delete_meter(conn, id_))
        del self._meters[id_]
        self._by_modem.get(row.modem, {}).pop(id_, None)

    def lines(self, modem: str) -> list[MeterLineRow]:
        """Return what the hub has heard of the addresses of a modem's line."""
        return self.watch.lines(modem)

    # Polling programs.

    def programs(self) -> Mapping[str, ProgramRow]:
        """Return the programs that people have named, by address."""
        return self._programs

    async def name_program(self, program: str, name: str, comment: str) -> ProgramRow:
        """Say what the programs of one address are called."""
        row = ProgramRow(program=program, name=name, comment=comment)
        await self.store.write(lambda conn: save_program(conn, row))
        self._programs[program] = row
        return row

    # How they were polled.

    def today(self, moment: datetime | None = None) -> str:
        """Return the day of a moment, by default of now, as `YYYY-MM-DD` on the hub's clock."""
        return self.book.day_of(moment or self.clock.now())

    def polls(self, day: str, modem: str | None = None) -> list[PollRow] | None:
        """Return what was counted on a day; None when only the history database knows."""
        return list(self.book.rows(day, modem)) if day >= self.book.first_kept(self.clock.now()) else None

    async def _save(self, row: MeterRow) -> None:
        await self.store.write(lambda conn: save_meter(conn, row))
        self._keep(row)

    def _keep(self, row: MeterRow) -> None:
        self._meters[row.id] = row
        self._by_modem.setdefault(row.modem, {})[row.id] = row

    def _forget(self, modem: str) -> None:
        for id_ in self._by_modem.pop(modem, {}):
            self._meters.pop(id_, None)
        self.watch.forget(modem)
        self.journal.write_state(lambda conn: forget_meters_of(conn, modem))

    def _replaced(self, event: ModemReplaced) -> None:
        """Meters, and what was heard of them, stay at the line when another modem is put to it."""
        new = str(event.modem)
        self.watch.replace(event.former, new)
        self.book.replace(event.former, new)
        for row in self._by_modem.pop(event.former, {}).values():
            self._keep(dataclasses.replace(row, modem=new))
        rows = list(self._by_modem.get(new, {}).values())
        self.journal.write_state(_save_all(rows))


def _save_all(rows: list[MeterRow]) -> Callable[[Any], None]:
    def write(conn: Any) -> None:
        for row in rows:
            save_meter(conn, row)

    return write
