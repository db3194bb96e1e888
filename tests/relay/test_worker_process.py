"""The worker's program by itself: what the pool sees at the ends of two sockets."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import msgspec

from irzhub.relay.framing import Deframer, pack
from irzhub.relay.hatch import pair
from irzhub.relay.messages import Drained, PortOpened, Resynced, Snapshot
from irzhub.relay.orders import AskSnapshot, Drain, PutModem
from irzhub.relay.settings import RelaySettings
from irzhub.relay.worker_messages import (
    Begin,
    FromWorker,
    Held,
    Hold,
    Logged,
    Ping,
    Pong,
    Resume,
    ToWorker,
    decode_from_worker,
    encode,
    schema_digest,
)
from tests.relay.modem_rig import modem_settings
from tests.relay.pool_rig import is_gone

PATIENCE_S = 10.0


class Worker:
    """A worker's process and our ends of its sockets."""

    def __init__(self, process: asyncio.subprocess.Process, door: socket.socket) -> None:
        self.process = process
        self.door = door
        self.heard: list[FromWorker] = []
        self._deframer = Deframer()

    def says(self, *messages: ToWorker) -> None:
        self.door.sendall(b"".join(pack(encode(message)) for message in messages))

    async def hears(self, kind: type[FromWorker]) -> FromWorker:
        """Wait for a message of a kind."""
        async with asyncio.timeout(PATIENCE_S):
            while not (found := [message for message in self.heard if isinstance(message, kind)]):
                data = await asyncio.get_running_loop().sock_recv(self.door, 65536)
                assert data, "the worker closed its door"
                self.heard += map(decode_from_worker, self._deframer.feed(data))
        return found[0]


@asynccontextmanager
async def worker() -> AsyncIterator[Worker]:
    """A running worker that has been told nothing."""
    (door, far_door), (hatch, far_hatch) = socket.socketpair(), pair()
    ends = (far_door.fileno(), far_hatch.fileno())
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "irzhub.relay.worker_process", *map(str, ends), str(os.getpid())),
        stdin=asyncio.subprocess.DEVNULL,
        pass_fds=ends,
    )
    far_door.close()
    far_hatch.close()
    door.setblocking(False)
    try:
        yield Worker(process, door)
    finally:
        door.close()
        hatch.close()
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), PATIENCE_S)
        if process.returncode is None:
            process.kill()
            await process.wait()


BEGIN = Begin(schema=schema_digest(), settings=RelaySettings(host="127.0.0.1"), log_level=logging.DEBUG)


async def test_it_serves_once_all_is_known_and_ends_with_its_door() -> None:
    async with worker() as running:
        running.says(BEGIN, PutModem(settings=modem_settings()), Ping(number=0))
        await running.hears(Pong)
        await running.hears(PortOpened)
        running.door.close()
        assert await asyncio.wait_for(running.process.wait(), PATIENCE_S) == 0


async def test_it_drains_and_stays_until_the_door_is_closed() -> None:
    async with worker() as running:
        running.says(BEGIN, Ping(number=0), Drain(seconds=1.0))
        await running.hears(Drained)
        assert running.process.returncode is None


async def test_its_log_is_the_hubs() -> None:
    async with worker() as running:
        settings = modem_settings(host="192.0.2.1")  # an address that is not ours
        running.says(BEGIN, PutModem(settings=settings), Ping(number=0))
        line = await running.hears(Logged)
        assert isinstance(line, Logged)
        assert (line.level, line.logger) == (logging.WARNING, "irzhub.relay.polling_port")
        assert "cannot be opened" in line.text


async def test_nonsense_ends_it() -> None:
    async with worker() as running:
        running.door.sendall(b"\xff\xff\xff\xff")
        assert await asyncio.wait_for(running.process.wait(), PATIENCE_S) == 0


async def test_it_dies_with_its_parent_even_when_its_door_stays_open() -> None:
    code = f"""
import os, socket, subprocess, sys, time
door, hatch = socket.socketpair(), socket.socketpair()
ends = door[1].fileno(), hatch[1].fileno()
child = subprocess.Popen(
    [sys.executable, "-m", "irzhub.relay.worker_process", *map(str, ends), str(os.getpid())], pass_fds=ends
)
door[0].sendall({pack(encode(BEGIN)) + pack(encode(Ping(number=0)))!r})
door[0].recv(100)
print(child.pid, flush=True)
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    try:
        pid = int(await asyncio.to_thread(parent.stdout.readline))
    finally:
        parent.kill()
        await asyncio.to_thread(parent.wait)
        parent.stdout.close()
    assert await is_gone(pid)


async def test_it_keeps_what_it_has_to_tell_until_a_hub_is_back() -> None:
    async with worker() as running:
        running.says(BEGIN, PutModem(settings=modem_settings()), Ping(number=0))
        await running.hears(PortOpened)
        running.says(Hold(), AskSnapshot(), Ping(number=1))
        await running.hears(Held)
        running.heard.clear()
        await asyncio.sleep(0.3)
        running.says(Resume())
        await running.hears(Resynced)
        assert [type(message) for message in running.heard if not isinstance(message, Pong)] == [
            PortOpened,
            Snapshot,
            Resynced,
        ]


async def test_a_worker_of_another_version_ends_at_once() -> None:
    async with worker() as running:
        running.says(msgspec.structs.replace(BEGIN, schema="another"), Ping(number=0))
        assert await asyncio.wait_for(running.process.wait(), PATIENCE_S) == 0
        assert running.heard == []
