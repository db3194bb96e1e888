"""Commands in memory: bounded, ended by a stop, never forgotten while they run."""

import asyncio
from datetime import timedelta

import pytest

from irzhub.core.clock import SystemClock
from irzhub.core.services import MODEM_COMMAND, CommandOutcome, ModemCommand, Services
from irzhub.core.tasks import Tasks
from irzhub.web import command_store
from irzhub.web.command_store import CommandRecord, CommandStore


def command() -> ModemCommand:
    return ModemCommand(modem="1" * 15, command="signal", expires_at=SystemClock().now() + timedelta(minutes=1))


def store_of(gate: asyncio.Event) -> tuple[CommandStore, Tasks]:
    async def run(_: ModemCommand) -> CommandOutcome:
        await gate.wait()
        return CommandOutcome(status="ok", data={"csq": 21})

    services, tasks = Services(), Tasks("web")
    services.register(MODEM_COMMAND, run)
    return CommandStore(services, SystemClock(), tasks), tasks


async def all_ended(records: list[CommandRecord]) -> None:
    async with asyncio.timeout(2):
        while any(record.finished_at is None for record in records):
            await asyncio.sleep(0)


async def test_the_oldest_finished_ones_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_store, "_KEPT", 3)
    gate = asyncio.Event()
    store, _ = store_of(gate)

    records = [store.send(command()) for _ in range(4)]
    assert [store.get(record.id) for record in records] == records

    gate.set()
    await all_ended(records)
    newest = store.send(command())
    await all_ended([newest])

    assert [store.get(record.id) is None for record in (*records, newest)] == [True, True, False, False, False]


async def test_too_many_pending_ones_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command_store, "_PENDING", 2)
    gate = asyncio.Event()
    store, _ = store_of(gate)
    records = [store.send(command()) for _ in range(2)]

    assert store.is_full
    gate.set()
    await all_ended(records)
    assert not store.is_full


async def test_a_stop_ends_what_is_pending() -> None:
    store, tasks = store_of(asyncio.Event())
    record = store.send(command())
    await asyncio.sleep(0)

    await tasks.close()

    assert (record.status, record.error) == ("failed", "the hub stopped before the command ended")
