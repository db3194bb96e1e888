"""Polling programs: they connect to the modems' ports, read the meters and count what goes wrong."""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from irzhub.simulator.readings import Question, Reading, ReadingKind, WrongAnswer
from irzhub.simulator.runtime import Runtime

_SAMPLES: Final = 50_000


class PollFailed(Exception):
    """A reading that did not succeed: `kind` is the counter it belongs to."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.kind = kind


class ProgramConnection(asyncio.Protocol):
    """A program's end of one connection to a polling port."""

    __slots__ = ("_received", "_size_of", "_transport", "_waiter", "is_lost")

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._received = b""
        self._waiter: asyncio.Future[bytes] | None = None
        self._size_of: Question | None = None
        self.is_lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop has its own classes

    def data_received(self, data: bytes) -> None:
        self._received = self._received + data if self._received else data
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_lost = True
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_exception(PollFailed("closed", f"the hub closed the connection: {exc or 'in order'}"))

    async def ask(self, question: Question, timeout_s: float) -> bytes:
        """Send a question and return its whole answer.

        Raises:
            PollFailed: no whole answer within `timeout_s`, or the connection is gone.
        """
        if self._transport is None or self.is_lost:
            raise PollFailed("closed", "the connection is gone")
        self._waiter = asyncio.get_running_loop().create_future()
        self._size_of = question
        self._transport.write(question.data)
        try:
            async with asyncio.timeout(timeout_s):
                return await self._waiter
        except TimeoutError:
            got = self._received[:40].hex(" ") or "nothing"
            raise PollFailed("unanswered", f"no whole answer within {timeout_s} s, got {got}") from None
        finally:
            self._waiter = None

    def take_stray_bytes(self) -> bytes:
        """Return and forget what came without being asked for, or behind an answer."""
        stray, self._received = self._received, b""
        return stray

    def close(self) -> None:
        """Close in order."""
        if self._transport is not None:
            self._transport.close()

    def _look(self) -> None:
        if self._waiter is None or self._waiter.done() or self._size_of is None:
            return
        size = self._size_of.answer_size(self._received)
        if size is not None and len(self._received) >= size:
            answer, self._received = self._received[:size], self._received[size:]
            self._waiter.set_result(answer)


async def conduct(connection: ProgramConnection, reading: Reading, timeout_s: float) -> str:
    """Ask the questions of one reading; return the identity that the meter showed.

    Raises:
        PollFailed: a question was not answered, or wrongly.
    """
    try:
        question = next(reading)
        while True:
            question = reading.send(await connection.ask(question, timeout_s))
    except StopIteration as finished:
        identity: str = finished.value
        return identity
    except WrongAnswer as error:
        raise PollFailed("wrong", str(error)) from error
    finally:
        reading.close()


@dataclass(slots=True)
class PollCounts:
    """What all programs of a run have met; round trips in seconds, the newest 50,000."""

    polls: int = 0
    answers: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    stray_bytes: int = 0
    last_failure: str = ""
    round_trips: deque[float] = field(default_factory=lambda: deque(maxlen=_SAMPLES))

    @property
    def errors(self) -> int:
        """How many polls failed, by whatever cause, and stray bytes as one more."""
        return sum(self.failures.values()) + (self.stray_bytes > 0)

    def fail(self, kind: str, text: str) -> None:
        """Count one failed poll."""
        self.failures[kind] = self.failures.get(kind, 0) + 1
        self.last_failure = text

    def percentile(self, share: float) -> float | None:
        """Return the round trip below which `share` (0..1) of them lie, None without any."""
        if not self.round_trips:
            return None
        ordered = sorted(self.round_trips)
        return ordered[min(int(share * len(ordered)), len(ordered) - 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramOptions:
    """How a program polls.

    Args:
        every_s: pause between two readings, spread by half of it. stays_connected: one connection for each port for
            the whole run, else one for each reading.
        answer_timeout_s: for each question. linger_s: how long it listens for stray bytes before it leaves.
    """

    every_s: float = 1.0
    stays_connected: bool = False
    answer_timeout_s: float = 20.0
    connect_timeout_s: float = 10.0
    linger_s: float = 0.0


class PollingProgram:
    """One program that reads the meters at its ports in turn, for ever.

    `expected` maps each port to the identity of the meter that must answer there.
    """

    def __init__(
        self,
        name: str,
        host: str,
        expected: dict[int, str],
        kind: ReadingKind,
        *,
        counts: PollCounts,
        options: ProgramOptions,
        runtime: Runtime,
    ) -> None:
        self._name = name
        self._host = host
        self._expected = expected
        self._kind = kind
        self._counts = counts
        self._options = options
        self._runtime = runtime
        self._connections: dict[int, ProgramConnection] = {}
        self._number = 0

    async def run(self) -> None:
        """Poll until cancelled."""
        every_s = self._options.every_s
        # The first pause spreads the programs over one period.
        await asyncio.sleep(self._runtime.between((0.0, every_s)))
        try:
            while True:
                for port in self._expected:
                    await self.poll(port)
                    await asyncio.sleep(self._runtime.between((every_s * 0.5, every_s * 1.5)))
        finally:
            for connection in self._connections.values():
                connection.close()

    async def poll(self, port: int) -> None:
        """Read the meter at `port` once and count how it went."""
        counts, options = self._counts, self._options
        counts.polls += 1
        self._number += 1
        started = self._runtime.clock.monotonic()
        try:
            connection = await self._connect(port)
            # Nobody has asked yet: whatever is here already was meant for somebody else.
            counts.stray_bytes += len(connection.take_stray_bytes())
            identity = await conduct(
                connection, self._kind.make(f"{self._name}.{self._number}"), options.answer_timeout_s
            )
            if identity != self._expected[port]:
                raise PollFailed("foreign", f"expected {self._expected[port]} at port {port}, got {identity}")
        except PollFailed as failure:
            counts.fail(failure.kind, f"port {port}: {failure}")
            self._forget(port)
            return
        except asyncio.CancelledError:
            counts.polls -= 1
            raise
        counts.answers += 1
        counts.round_trips.append(self._runtime.clock.monotonic() - started)
        if options.linger_s > 0:
            await asyncio.sleep(options.linger_s)
        counts.stray_bytes += len(connection.take_stray_bytes())
        if not options.stays_connected:
            self._forget(port)

    async def _connect(self, port: int) -> ProgramConnection:
        connection = self._connections.get(port)
        if connection is None or connection.is_lost:
            connection = await connect_program(self._host, port, self._options.connect_timeout_s)
            self._connections[port] = connection
        return connection

    def _forget(self, port: int) -> None:
        if (connection := self._connections.pop(port, None)) is not None:
            connection.close()


async def connect_program(host: str, port: int, timeout_s: float) -> ProgramConnection:
    """Connect to a polling port.

    Raises:
        PollFailed: it refuses or does not answer.
    """
    try:
        async with asyncio.timeout(timeout_s):
            _, connection = await asyncio.get_running_loop().create_connection(ProgramConnection, host, port)
    except OSError as error:
        raise PollFailed("refused", f"no connection to {host}:{port}: {error!r}") from error
    return connection


def share_ports(expected: dict[int, str], programs: int) -> Sequence[dict[int, str]]:
    """Deal the ports to so many programs; where there are more programs than ports, several get the same one."""
    ports = sorted(expected)
    if programs >= len(ports):
        return [{(port := ports[number % len(ports)]): expected[port]} for number in range(programs)]
    return [{port: expected[port] for port in ports[number::programs]} for number in range(programs)]
