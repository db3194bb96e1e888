"""A storm waits in a queue, in order, and a few tasks work it off."""

import asyncio
import socket
from collections.abc import AsyncIterator

import pytest

from irzhub.core.tasks import Tasks
from irzhub.relay.connector import AT_ONCE, Connector
from irzhub.relay.dial_in import DialledIn
from irzhub.relay.messages import SessionOpened
from irzhub.relay.modem import Modem
from irzhub.relay.orders import PutModem
from irzhub.relay.settings import ModemSettings
from tests.relay.modem_rig import Hub, hello, modem_settings, until


class Desk:
    """A connector that notes what it did."""

    def __init__(self) -> None:
        self.tasks = Tasks("test")
        self.connected: list[str] = []
        self.refused: list[str] = []
        self.socks: list[socket.socket] = []
        self.go = asyncio.Event()
        self.at_once = self.most_at_once = 0
        self.connector = Connector(self.tasks, self.connect, lambda dialled, _: self.refused.append(dialled.peer))

    async def connect(self, _modem: Modem, dialled: DialledIn) -> None:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.go.wait()
        await asyncio.sleep(0)  # a transport takes a turn of the loop too
        self.at_once -= 1
        if dialled.peer == "bad":
            raise ValueError("the session of this one cannot be made")
        self.connected.append(dialled.peer)

    def put(self, name: str) -> socket.socket:
        sock = socket.socket()
        self.socks.append(sock)
        modem: Modem = object.__new__(Modem)  # the queue only passes it on
        dialled: DialledIn = object.__new__(DialledIn)
        for key, value in {"sock": sock, "peer": name, "hello": modem_settings()}.items():
            object.__setattr__(dialled, key, value)
        self.connector.put(modem, dialled)
        return sock


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    desk = Desk()
    yield desk
    await desk.tasks.close()
    for sock in desk.socks:
        sock.close()


async def test_a_few_tasks_connect_a_storm_in_order(desk: Desk) -> None:
    names = [str(number) for number in range(10 * AT_ONCE)]
    for name in names:
        desk.put(name)
    await asyncio.sleep(0)
    assert (len(desk.tasks), len(desk.connector)) == (AT_ONCE, 9 * AT_ONCE)

    desk.go.set()
    await until(lambda: len(desk.connected) == len(names))
    assert desk.connected == names
    assert desk.most_at_once == AT_ONCE
    await until(lambda: len(desk.tasks) == 0)


async def test_one_that_fails_is_closed_and_the_next_is_connected(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    desk.go.set()
    sock = desk.put("bad")
    desk.put("good")
    await until(lambda: desk.connected == ["good"])
    assert sock.fileno() == -1
    assert "could not be connected" in caplog.text


async def test_nobody_waits_for_a_relay_that_stops(desk: Desk) -> None:
    for number in range(AT_ONCE + 2):
        desk.put(str(number))
    await asyncio.sleep(0)
    desk.connector.close()
    assert desk.refused == [str(AT_ONCE), str(AT_ONCE + 1)]


async def test_two_hundred_modems_at_once_are_all_answered() -> None:
    imeis = [str(868441036000000 + number) for number in range(200)]
    async with Hub() as hub:
        known: list[ModemSettings] = [modem_settings(imei) for imei in imeis]
        for settings in known:
            hub.send(PutModem(settings=settings))
        modems = await asyncio.gather(*(hub.dials(hello(imei)) for imei in imeis))
        assert len(modems) == len(hub.all(SessionOpened)) == 200
