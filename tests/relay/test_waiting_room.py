"""Silent sockets behind one descriptor; a turn of the loop ends in time, however many speak at once."""

import asyncio
import select
import socket
import time
from collections.abc import Iterator

import pytest

from irzhub.relay.waiting_room import LEAST, TURN_S, WaitingRoom
from tests.relay.modem_rig import until


@pytest.fixture(params=["epoll", "loop"])
def room(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[WaitingRoom]:
    if request.param == "loop":
        monkeypatch.delattr(select, "epoll")  # as on a system that has none
    room = WaitingRoom()
    yield room
    room.close()


async def test_who_speaks_is_read_until_forgotten(room: WaitingRoom) -> None:
    ours, theirs = socket.socketpair()
    heard: list[bytes] = []
    with ours, theirs:
        ours.setblocking(False)
        theirs.setblocking(False)
        room.watch(ours.fileno(), lambda: heard.append(ours.recv(10)))
        theirs.send(b"one")
        await until(lambda: heard == [b"one"])
        theirs.send(b"two")
        await until(lambda: heard == [b"one", b"two"])
        room.forget(ours.fileno())
        theirs.send(b"three")
        await asyncio.sleep(0.05)
        assert heard == [b"one", b"two"]
        assert len(room) == 0


async def test_one_that_ends_another_in_the_same_turn_is_no_fault(room: WaitingRoom) -> None:
    pairs = [socket.socketpair() for _ in range(2)]
    heard: list[int] = []

    def hear(number: int) -> None:
        heard.append(number)
        for ours, _ in pairs:
            room.forget(ours.fileno())

    for number, (ours, theirs) in enumerate(pairs):
        theirs.setblocking(False)
        room.watch(ours.fileno(), lambda number=number: hear(number))  # type: ignore[misc]
        theirs.send(b"x")
    await until(lambda: heard)
    await asyncio.sleep(0.05)
    assert len(heard) == 1
    for each in pairs:
        for sock in each:
            sock.close()


async def test_many_who_speak_at_once_leave_the_loop_to_others() -> None:
    room, pairs, heard = WaitingRoom(), [socket.socketpair() for _ in range(100)], 0

    def hear(sock: socket.socket) -> None:
        nonlocal heard
        heard += 1
        room.forget(sock.fileno())
        busy_until = time.monotonic() + TURN_S / 4
        while time.monotonic() < busy_until:
            pass

    for ours, theirs in pairs:
        theirs.setblocking(False)
        room.watch(ours.fileno(), lambda sock=ours: hear(sock))  # type: ignore[misc]
        theirs.send(b"x")
    turns = 0
    while heard < len(pairs):
        await asyncio.sleep(0)
        turns += 1
        assert turns < 10_000
    assert turns >= len(pairs) / LEAST
    room.close()
    for each in pairs:
        for sock in each:
            sock.close()
