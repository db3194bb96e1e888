"""Copies in the history database, and how long rows are kept."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from irzhub.audit.part import Audit
from irzhub.audit.trail import AuditTrail
from irzhub.config.settings import AuditSettings
from irzhub.core.bus import Bus
from irzhub.core.clock import SystemClock
from irzhub.core.events import ImeiConflict
from irzhub.core.health import Health
from irzhub.storage.audit import AuditRow, read_audit, verify_audit
from irzhub.storage.history import HistoryStore
from irzhub.storage.local import LocalStore
from irzhub.storage.tables_history import audit as copies


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[LocalStore]:
    async with LocalStore(tmp_path) as opened:
        yield opened


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[HistoryStore]:
    async with HistoryStore("sqlite:///history.db", tmp_path, "main") as opened:
        yield opened


def part(store: LocalStore, history: HistoryStore, bus: Bus, days: int = 30) -> Audit:
    health = Health(bus)
    settings = AuditSettings(days=days)
    return Audit(settings, AuditTrail(store, health), store, history, bus, SystemClock(), health)


async def copied(history: HistoryStore) -> list[int]:
    return await history.run(lambda connection: list(connection.scalars(select(copies.c.seq).order_by(copies.c.seq))))


async def test_every_row_is_copied_once_and_only_then_goes_by_age(store: LocalStore, history: HistoryStore) -> None:
    audit, now = part(store, history, Bus()), SystemClock().now()
    old = AuditRow(ts=now - timedelta(days=31), actor="анна", action="sign_in", after={"имя": "дом"})
    for row in (old, old, replace(old, ts=now)):
        await audit.trail.record(row)

    assert await audit.purge() == 0, "nothing is copied yet"
    await audit.copy()
    assert await copied(history) == [1, 2, 3]
    assert await audit.purge() == 2

    assert [row.seq for row in await store.read(lambda connection: read_audit(connection, 0, 9))] == [3]
    assert (await store.read(verify_audit)).fault is None
    assert await copied(history) == [3], "the copies go by age too"


async def test_after_a_restart_copying_goes_on_where_the_database_stands(
    store: LocalStore, history: HistoryStore
) -> None:
    first = part(store, history, Bus())
    row = AuditRow(ts=SystemClock().now(), actor="анна", action="sign_in")
    await first.trail.record(row)
    await first.copy()
    await first.trail.record(row)

    again = part(store, history, Bus())
    await again.copy()
    await again.copy()

    assert await copied(history) == [1, 2]


async def test_the_part_watches_the_bus(store: LocalStore, history: HistoryStore) -> None:
    bus = Bus()
    async with part(store, history, bus) as audit:
        bus.publish(ImeiConflict(ts=SystemClock().now(), modem="868441036775234", id="01A", peers=("a", "b")))
        await audit.trail.record(AuditRow(ts=SystemClock().now(), actor="анна", action="sign_in"))

        rows = await store.read(lambda connection: read_audit(connection, 0, 9))

    assert [row.action for row in rows] == ["imei_conflict", "sign_in"]
