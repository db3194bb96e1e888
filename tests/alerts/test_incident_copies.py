"""Copies of incidents in the history database: behind the revisions, whatever was away meanwhile."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from irzhub.alerts.incident_copies import IncidentCopies
from irzhub.storage.errors import DatabaseUnavailable
from irzhub.storage.history import HistoryStore
from irzhub.storage.incidents import IncidentRow, get_incident, save_incidents
from irzhub.storage.local import LocalStore
from irzhub.storage.shift_log import ShiftEntry, add_entry, list_entries
from irzhub.storage.tables_history import incidents
from tests.alerts.incident_rig import MODEM, NOW, HandClock, later

ROW = IncidentRow(
    number=1, kind="link_lost", subject=MODEM, modem=MODEM, severity="alarm", opened_at=NOW, last_seen_at=NOW,
    revision=1,
)  # fmt: skip


@dataclass
class Desk:
    """The copies between two files, and where numbering goes on."""

    copies: IncidentCopies
    store: LocalStore
    history: HistoryStore
    clock: HandClock
    behind: list[tuple[int, int]] = field(default_factory=list)

    async def has(self, *rows: IncidentRow) -> None:
        await self.store.write(lambda connection: save_incidents(connection, rows))

    async def copied(self) -> dict[int, str]:
        def read(connection: Connection) -> dict[int, str]:
            found = connection.execute(select(incidents.c.number, incidents.c.acknowledged_by))
            return {row.number: row.acknowledged_by for row in found}

        return await self.history.run(read)


@asynccontextmanager
async def desk_on(folder: Path) -> AsyncIterator[Desk]:
    clock, behind = HandClock(), list[tuple[int, int]]()
    history = HistoryStore("sqlite:///history.db", folder, "main")
    async with LocalStore(folder) as store, history:
        copies = IncidentCopies(30, store, history, clock, lambda *highest: behind.append(highest))
        yield Desk(copies, store, history, clock, behind)


async def test_what_changed_is_copied_and_only_that(tmp_path: Path) -> None:
    async with desk_on(tmp_path) as desk:
        await desk.has(ROW, replace(ROW, number=2, revision=2))
        assert await desk.copies.copy() is False
        await desk.has(replace(ROW, acknowledged_by="анна", revision=3))
        await desk.copies.copy()

        assert await desk.copied() == {1: "анна", 2: ""} and desk.behind == [(0, 0)]


async def test_a_great_backlog_is_copied_in_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("irzhub.alerts.incident_copies._BATCH", 10)
    async with desk_on(tmp_path) as desk:
        await desk.has(*(replace(ROW, number=number, revision=number) for number in range(1, 26)))

        assert [await desk.copies.copy() for _ in range(3)] == [True, True, False]
        assert len(await desk.copied()) == 25


async def test_a_hub_whose_data_were_lost_numbers_on_behind_its_copies(tmp_path: Path) -> None:
    async with desk_on(tmp_path) as desk:
        await desk.has(replace(ROW, number=41, revision=90))
        await desk.copies.copy()
        again = IncidentCopies(30, desk.store, desk.history, desk.clock, lambda *highest: desk.behind.append(highest))
        await again.copy()

        assert desk.behind == [(0, 0), (41, 90)]


async def test_only_what_is_old_and_copied_is_purged(tmp_path: Path) -> None:
    async with desk_on(tmp_path) as desk:
        old = [replace(ROW, number=number, revision=number, closed_at=NOW) for number in (1, 2)]
        await desk.has(*old, replace(ROW, number=3, revision=3))
        entry = ShiftEntry(id="01S", at=NOW, by="анна", kind="note", text="давно")
        await desk.store.write(lambda connection: add_entry(connection, entry))
        desk.clock.turn(31 * 86400)
        assert await desk.copies.purge() == 0, "nothing is copied yet"
        await desk.copies.copy()

        assert await desk.copies.purge() == 2
        assert await desk.store.read(lambda connection: get_incident(connection, 1)) is None
        assert await desk.store.read(lambda connection: list_entries(connection)) == []
        assert await desk.copied() == {1: "", 2: "", 3: ""} and desk.clock.now() > later(0)


async def test_a_database_that_is_away_is_asked_again_later(tmp_path: Path) -> None:
    away = HistoryStore("mysql://irzhub:x@127.0.0.1:1/irzhub", tmp_path, "main")
    async with LocalStore(tmp_path) as store, away:
        copies = IncidentCopies(30, store, away, HandClock(), lambda _number, _revision: None)
        with pytest.raises(DatabaseUnavailable):
            await copies.copy()
