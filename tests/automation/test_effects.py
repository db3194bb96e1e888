"""What rules do to the world, and what the engine hears of it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from irzhub.alerts.messages import Message
from irzhub.automation import effects as module
from irzhub.automation.effects import HubEffects
from irzhub.automation.memory import Memory
from irzhub.core.services import (
    MODEM_COMMAND,
    WAKE_MODEM,
    CommandOutcome,
    ModemCommand,
    Services,
    WakeModem,
    WakeOutcome,
)
from irzhub.storage.local import LocalStore
from tests.automation.process import OtherPrograms, People
from tests.automation.rig import MODEM, START

COMMAND = ModemCommand(modem=MODEM, command="signal", expires_at=START)
MESSAGE = Message(rule="r", subject=MODEM, event_id="1", ts=START, text="x")


class World:
    """Effects with everything they reach; `ends` is what the engine heard."""

    def __init__(self, store: LocalStore) -> None:
        self.people, self.broker, self.services = People(), OtherPrograms(), Services()
        self.effects = HubEffects(self.people, self.services, self.broker, Memory(store))
        self.ends: list[dict[str, Any]] = []

    async def heard(self, count: int = 1) -> list[dict[str, Any]]:
        async with asyncio.timeout(5):
            while len(self.ends) < count:
                await asyncio.sleep(0)
        return self.ends


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    async with LocalStore(tmp_path) as store:
        world = World(store)
        yield world
        await world.effects.close()


async def test_a_message_is_told_and_done_once_it_is_kept(world: World) -> None:
    world.people.is_away = True
    world.effects.tell(MESSAGE, world.ends.append)
    await asyncio.sleep(0)
    assert world.ends == []
    world.people.open[0].set_result(None)
    assert await world.heard() == [{"status": "ok"}]


async def test_a_message_that_was_not_kept_is_an_error(world: World) -> None:
    world.people.is_away = True
    world.effects.tell(MESSAGE, world.ends.append)
    world.people.open[0].set_exception(OSError("disk full"))
    assert await world.heard() == [{"status": "error", "error": "disk full"}]


async def test_a_command_ends_as_the_modem_says(world: World) -> None:
    async def answer(command: ModemCommand) -> CommandOutcome:
        return CommandOutcome(status="ok", data={"csq": 17, "of": command.modem})

    world.services.register(MODEM_COMMAND, answer)
    world.effects.command(COMMAND, world.ends.append)
    assert await world.heard() == [{"status": "ok", "data": {"csq": 17, "of": MODEM}, "error": None}]


async def test_a_service_that_nobody_offers_is_an_error(world: World) -> None:
    world.effects.command(COMMAND, world.ends.append)
    world.effects.wake(WakeModem(modem=MODEM), world.ends.append)
    assert [end["status"] for end in await world.heard(2)] == ["error", "error"]
    assert world.ends[0]["error"] == "nobody offers the service modem.command"


@pytest.mark.parametrize(("status", "heard"), [("online", "ok"), ("failed", "error"), ("refused", "error")])
async def test_a_wake_is_good_when_the_modem_is_there(world: World, status: Any, heard: str) -> None:
    async def wake(_wake: WakeModem) -> WakeOutcome:
        return WakeOutcome(status=status, by="sms", took_s=5.0)

    world.services.register(WAKE_MODEM, wake)
    world.effects.wake(WakeModem(modem=MODEM), world.ends.append)
    assert (await world.heard())[0]["status"] == heard


async def test_a_broker_that_is_away_is_an_error(world: World) -> None:
    world.effects.publish("a", "1", retain=True, done=world.ends.append)
    world.broker.is_away = True
    world.effects.publish("a", "2", retain=False, done=world.ends.append)
    assert world.ends == []
    assert await world.heard(2) == [{"status": "ok"}, {"status": "error", "error": "the broker is away"}]
    assert world.broker.published == [("a", "1", True)]


async def test_only_so_many_commands_are_under_way(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_UNDER_WAY", 2)
    never = asyncio.Event()

    async def answer(_command: ModemCommand) -> CommandOutcome:
        await never.wait()
        return CommandOutcome(status="ok")

    world.services.register(MODEM_COMMAND, answer)
    for _ in range(3):
        world.effects.command(COMMAND, world.ends.append)
    assert "under way already" in (await world.heard())[0]["error"]
