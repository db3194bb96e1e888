"""The load: so many connections, each with one message under way at a time."""

import asyncio
import time
from dataclasses import dataclass
from typing import cast


@dataclass(frozen=True)
class Load:
    """What one burst measured: messages, seconds, round trips in seconds from short to long."""

    messages: int
    seconds: float
    round_trips: list[float]
    errors: int

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds

    def percentile(self, share: float) -> float:
        """Return the round trip below which `share` of them lie."""
        return self.round_trips[min(int(share * len(self.round_trips)), len(self.round_trips) - 1)]


class Pinger(asyncio.Protocol):
    """Sends a message, waits for all of its echo, sends the next, until it is told to stop."""

    def __init__(self) -> None:
        self._message = b""
        self._left = 0
        self._sent_at = 0.0
        self._is_running = False
        self._echo = b""
        self.round_trips: list[float] = []
        self.errors = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)

    def start(self, message: bytes) -> None:
        """Begin with the first message."""
        self._message = message
        self._is_running = True
        self.round_trips = []
        self._ping()

    def once(self, message: bytes) -> None:
        """Send one message."""
        self._message = message
        self._ping()

    def stop(self) -> None:
        """Send no more."""
        self._is_running = False

    @property
    def is_waiting(self) -> bool:
        """Whether an echo is still owed."""
        return self._left > 0

    def data_received(self, data: bytes) -> None:
        self._left -= len(data)
        if self._left > 0:
            return
        now = time.perf_counter()
        if self._left < 0:
            self.errors += 1
        self.round_trips.append(now - self._sent_at)
        if self._is_running:
            self._ping()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - asyncio gives it
        if self._is_running or self._left > 0:
            self.errors += 1

    def _ping(self) -> None:
        self._left = len(self._message)
        self._sent_at = time.perf_counter()
        self.transport.write(self._message)


async def connect(ports: list[int], host: str = "127.0.0.1") -> list[Pinger]:
    """Return one connection to each of `ports`."""
    loop = asyncio.get_running_loop()
    pingers = []
    for port in ports:
        _, pinger = await loop.create_connection(Pinger, host, port)
        pingers.append(pinger)
    return pingers


async def burst(pingers: list[Pinger], message: bytes, seconds: float) -> Load:
    """Let all of them exchange messages for so long.

    Raises:
        TimeoutError: an echo did not come within 10 s after the end.
    """
    started = time.perf_counter()
    for pinger in pingers:
        pinger.start(message)
    await asyncio.sleep(seconds)
    for pinger in pingers:
        pinger.stop()
    ended = time.perf_counter()
    async with asyncio.timeout(10):
        while any(pinger.is_waiting for pinger in pingers):
            await asyncio.sleep(0.001)
    trips = sorted(trip for pinger in pingers for trip in pinger.round_trips)
    errors = sum(pinger.errors for pinger in pingers)
    return Load(len(trips), ended - started, trips, errors)


async def paced(pingers: list[Pinger], message: bytes, a_second: float, seconds: float) -> Load:
    """Send so many messages a second, over one connection after the other.

    A connection that still owes an echo sends no second message: that counts as an error.
    """
    loop = asyncio.get_running_loop()
    errors_before = sum(pinger.errors for pinger in pingers)
    for pinger in pingers:
        pinger.round_trips = []
    late = 0
    began = loop.time()
    for number in range(int(a_second * seconds)):
        if (wait := began + number / a_second - loop.time()) > 0:
            await asyncio.sleep(wait)
        pinger = pingers[number % len(pingers)]
        if pinger.is_waiting:
            late += 1
        else:
            pinger.once(message)
    ended = loop.time()
    deadline = ended + 10
    while any(pinger.is_waiting for pinger in pingers) and loop.time() < deadline:
        await asyncio.sleep(0.005)
    trips = sorted(trip for pinger in pingers for trip in pinger.round_trips)
    errors = late + sum(pinger.errors for pinger in pingers) - errors_before
    return Load(len(trips), ended - began, trips, errors)
