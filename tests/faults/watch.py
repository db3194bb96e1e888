"""Looks at the hub from outside all the time: does it answer, do polls get their own meter's answer?

What is promised in seconds is held against the hub alone: the time in which its process, or this one, was ready to run
and stood in the kernel's queue for a processor that others had (`queued_s`) is not the hub's. So a busy machine makes
these tests slow, and not red.
"""

import asyncio
import contextlib
import itertools
import json
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.tally import TALLY

ASK_EVERY_S = 0.25
POLL_EVERY_S = 0.8
"""Between an answer and the next question; in this pause the hub may ask the modem itself."""
GIVE_UP_S = 30.0
HEALTHZ_S = 1.0
"""What is promised for `/healthz`; one answer in twenty may be later."""
POLL_S = 2.5
PATIENCE = float(os.environ.get("IRZHUB_FAULT_PATIENCE", "3"))
"""How many times longer than on a quiet machine something may be waited for; what comes is not delayed by it."""


def queued_s(pid: int) -> float:
    """Return how long the main thread of a process has stood in the kernel's run queue; 0 where nobody tells."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, IndexError):
        return 0.0


async def ask_http(port: int, path: str, within_s: float = GIVE_UP_S) -> tuple[int, bytes]:
    """Return status and body of one GET on a connection of its own."""
    async with asyncio.timeout(within_s):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n".encode())
            head, _, body = (await reader.read(-1)).partition(b"\r\n\r\n")
        finally:
            writer.close()
    if not head:
        raise ConnectionError("the hub closed without an answer")
    return int(head.split()[1]), body


async def parts_of(port: int) -> dict[str, dict[str, str]]:
    """Return how `/readyz` says that each part is."""
    _, body = await ask_http(port, "/readyz")
    parts: dict[str, dict[str, str]] = json.loads(body)["parts"]
    return parts


@dataclass(frozen=True)
class Sample:
    """One question to the hub: from when to when, by the loop's clock, and what was wrong with the answer."""

    began: float
    ended: float
    fault: str = ""
    queued_s: float = 0.0

    @property
    def took_s(self) -> float:
        """How long the answer took, without the time for which others had the processors."""
        return self.ended - self.began - self.queued_s


@dataclass
class Watch:
    """Asks `/healthz` and polls a few meters without a pause.

    `mixed` are answers that belong to another question or another modem: there is no excuse for those.
    `starved_s` is for how long the hub and this process have waited for a processor, over restarts of the hub.
    """

    web_port: int
    ports: dict[str, int]
    pid: Callable[[], int]
    health: list[Sample] = field(default_factory=list)
    polls: list[Sample] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    starved_s: float = 0.0
    _excused: list[tuple[float, float]] = field(default_factory=list)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Watch"]:
        """Ask as long as the context lasts."""
        loop = asyncio.get_running_loop()
        tasks = [loop.create_task(self._ask_health())]
        tasks += [loop.create_task(self._poll(imei, port)) for imei, port in self.ports.items()]
        try:
            yield self
        finally:
            for task in tasks:
                task.cancel()
            for outcome in await asyncio.gather(*tasks, return_exceptions=True):
                assert isinstance(outcome, asyncio.CancelledError), f"the watch itself failed: {outcome!r}"

    @contextmanager
    def excused(self, after_s: float = 0.0) -> Iterator[None]:
        """Hold nothing against the hub that happens meanwhile, nor for a while after it: it is killed or stopped."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        place = len(self._excused)
        self._excused.append((began, float("inf")))
        try:
            yield
        finally:
            self._excused[place] = (began, loop.time() + after_s)

    def queued_s(self) -> float:
        """Return how long the hub and this process have waited for a processor up to now."""
        try:
            hub = self.pid()
        except AssertionError:  # it does not run
            return queued_s(os.getpid())
        return queued_s(hub) + queued_s(os.getpid())

    def complaints(self) -> list[str]:
        """Return what was not as promised since the last call, and forget the samples."""
        found, self.mixed = self.mixed, []
        health, polls = self._held(self.health), self._held(self.polls)
        TALLY.saw("answers_of_healthz", len(health))
        TALLY.saw("polls", len(polls))
        late = [each for each in health if each.took_s > HEALTHZ_S]
        found += [f"/healthz: {each.fault}" for each in health if each.fault]
        if len(late) > max(1, len(health) // 20):
            found.append(f"/healthz took {max(each.took_s for each in late):.1f} s, {len(late)} of {len(health)} late")
        found += [f"poll: {each.fault} after {each.took_s:.1f} s" for each in polls if each.fault]
        late = [each for each in polls if not each.fault and each.took_s > POLL_S]
        if late:
            found.append(f"{len(late)} of {len(polls)} polls took {max(each.took_s for each in late):.1f} s")
        self.health, self.polls = [], []
        return found

    def _held(self, samples: list[Sample]) -> list[Sample]:
        return [
            sample
            for sample in samples
            if not any(sample.began < end and sample.ended > begin for begin, end in self._excused)
        ]

    async def _ask_health(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            began, queued, fault = loop.time(), self.queued_s(), ""
            try:
                status, _ = await ask_http(self.web_port, "/healthz")
                fault = "" if status == 200 else f"status {status}"
            except (OSError, asyncio.IncompleteReadError) as error:  # TimeoutError is one
                fault = repr(error)
            self.health.append(Sample(began, loop.time(), fault, max(0.0, self.queued_s() - queued)))
            await asyncio.sleep(ASK_EVERY_S)
            self.starved_s += max(0.0, self.queued_s() - queued)

    async def _poll(self, imei: str, port: int) -> None:
        numbers = itertools.count()
        while True:
            fault, began = "", asyncio.get_running_loop().time()
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError as error:
                fault = repr(error)
            else:
                try:
                    fault, began = await self._ask_meter(imei, numbers, reader, writer)
                finally:
                    writer.transport.abort()
                    with contextlib.suppress(OSError):
                        await writer.wait_closed()
            self.polls.append(Sample(began, asyncio.get_running_loop().time(), fault))
            await asyncio.sleep(POLL_EVERY_S)

    async def _ask_meter(
        self, imei: str, numbers: Iterator[int], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> tuple[str, float]:
        loop = asyncio.get_running_loop()
        while True:
            began, queued = loop.time(), self.queued_s()
            token = f"{next(numbers)} {imei} {time.time_ns():x}"
            try:
                writer.write(f"?WHO {token}\n".encode())
                async with asyncio.timeout(GIVE_UP_S):
                    answer = await reader.readline()
            except OSError as error:
                return repr(error), began
            if not answer.endswith(b"\n"):
                return "closed in the midst of an answer" if answer else "closed without an answer", began
            if answer != f"!WHO {imei} {token}\n".encode():
                self.mixed.append(f"asked {imei} for {token!r}, got {answer!r}")
                return "the answer of another question", began
            self.polls.append(Sample(began, loop.time(), "", max(0.0, self.queued_s() - queued)))
            await asyncio.sleep(POLL_EVERY_S)


async def until(condition: Any, within_s: float, what: str) -> float:
    """Wait until the coroutine function `condition` returns something true; return the seconds that it took.

    `within_s` is for a quiet machine; it is given up after `PATIENCE` times as long.
    """
    loop = asyncio.get_running_loop()
    began, last = loop.time(), ""
    while True:
        try:
            if await condition():
                return loop.time() - began
            last = ""
        except (OSError, AssertionError, KeyError, ValueError) as error:
            last = f": {error!r}"[:2000]
        assert loop.time() - began < within_s * PATIENCE, f"not within {within_s:g} s: {what}{last}"
        await asyncio.sleep(0.1)
