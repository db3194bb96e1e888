"""A pool of real worker processes, with the hub's part played by the test, as `modem_rig.Hub` does for one relay."""

import os
import random
import signal
import socket
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from irzhub.core.clock import SystemClock
from irzhub.core.handover import Handover
from irzhub.relay.messages import ToRelay
from irzhub.relay.orders import PutModem
from irzhub.relay.pool import WorkerPool, owner_of
from irzhub.relay.pool_note import PoolNote
from irzhub.relay.restarts import WorkerTiming
from irzhub.relay.settings import RelaySettings
from tests.relay.modem_rig import Hub, modem_settings, relay_settings, until

QUICK = WorkerTiming(restart_first_s=0.05)


class PoolHub(Hub):
    """A hub whose relay is a pool; entering waits until all workers serve.

    Attributes:
        troubles: what the pool said was wrong, an empty text for all well.
    """

    def __init__(
        self,
        workers: int = 2,
        settings: RelaySettings | None = None,
        *,
        registers: bool = True,
        timing: WorkerTiming = QUICK,
        left: PoolNote | None = None,
    ) -> None:
        super().__init__(settings, registers=registers)
        self.troubles: list[str] = []
        self.pool = WorkerPool(
            workers,
            settings or relay_settings(),
            self._receive,
            SystemClock(),
            self.metrics,
            self.troubles.append,
            timing,
            left=left,
        )
        self.pids: set[int] = set()

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.pool)
        self.note_pids()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await super().__aexit__(kind, error, trace)
        finally:
            for pid in self.pids:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    async def leaves(self) -> PoolNote:
        """Go as a hub that is replaced; return what the next one finds."""
        handover = Handover()
        self.pool.rest()
        await self.pool.hold()
        self.pool.leave(handover)
        await self.pool.__aexit__(None, None, None)
        return PoolNote.read(handover.take("relay"), handover)

    def send(self, message: ToRelay) -> None:
        self.pool.send(message)

    def note_pids(self) -> None:
        """Remember which processes there are, so that none is left behind by a failing test."""
        self.pids |= {worker.pid for worker in self.pool.workers if worker.pid is not None}

    def kill(self, number: int) -> int:
        """Kill one worker as the kernel's memory killer would; return its pid."""
        pid = self.pool.workers[number].pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        return pid

    async def serves_again(self, number: int, pid: int) -> None:
        """Wait until a worker that was `pid` has a successor that serves."""
        worker = self.pool.workers[number]
        await until(lambda: worker.pid != pid and worker.is_serving, 15)
        self.note_pids()

    def put(self, *modems: str, ports: dict[str, int] | None = None) -> None:
        """Make modems known, with ports of their own where they are given."""
        for modem in modems:
            self.send(PutModem(settings=modem_settings(modem, port=(ports or {}).get(modem, 0))))


def modems_of(worker: int, count: int, workers: int = 2) -> list[str]:
    """Return so many IMEIs that belong to one worker."""
    found: list[str] = []
    number = 868441030000000
    while len(found) < count:
        number += 1
        if owner_of(str(number), workers) == worker:
            found.append(str(number))
    return found


def free_ports(count: int) -> list[int]:
    """Return free ports below the ephemeral ones, so that they are free again after a kill."""
    found: set[int] = set()
    while len(found) < count:
        port = random.randint(15_000, 32_700)
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind(("127.0.0.1", port))
                found.add(port)
    return sorted(found)


async def is_gone(pid: int) -> bool:
    """Wait until a process has ended; one that nobody has waited for yet is a zombie."""

    def has_ended() -> bool:
        with suppress(psutil.NoSuchProcess):
            return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
        return True

    await until(has_ended)
    return True


def open_descriptors() -> int:
    """Return how many descriptors this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))
