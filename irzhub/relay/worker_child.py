"""One worker as its pool sees it: the process, both sockets to it, and what it must know when it starts again."""

import asyncio
import logging
import os
import socket
import sys
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from irzhub.const import NAME
from irzhub.core.clock import Clock
from irzhub.core.exceptions import StartError
from irzhub.core.tasks import Tasks
from irzhub.relay.dial_in import DialledIn
from irzhub.relay.hatch import HatchSender, pair
from irzhub.relay.ledger import Ledger, answer_for
from irzhub.relay.messages import (
    Drain,
    Drained,
    PutModem,
    ReadRing,
    RemoveModem,
    Resynced,
    SendCommand,
    StartDialogue,
    ToHub,
    ToRelay,
)
from irzhub.relay.restarts import Backoff, WorkerTiming
from irzhub.relay.settings import ModemSettings, RelaySettings
from irzhub.relay.stream import MessageStream
from irzhub.relay.worker_messages import Begin, Logged, Ping, Pong, decode_from_worker

_log = logging.getLogger(__name__)
_PROGRAM: Final = "irzhub.relay.worker_process"
_OUTBOX_SPARE: Final = 10_000
_PORTION: Final = 200
_PERIOD_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerTiming:
    """Seconds: how long a start and an end may take, how long a worker may stay mute, waits before a restart.

    `free_restarts` in a minute come after the first wait; each further one waits twice as long.
    """

    start_s: float = 20.0
    stop_s: float = 3.0
    mute_s: float = 30.0
    restart_first_s: float = 0.2
    restart_longest_s: float = 10.0
    free_restarts: int = 5


class Backoff:
    """How long to wait before the next restart."""

    def __init__(self, timing: WorkerTiming) -> None:
        self._timing = timing
        self._ends: deque[float] = deque()

    def next_wait_s(self, now: float) -> float:
        """Note an end at `now` (monotonic) and return the wait that follows it, in seconds."""
        while self._ends and self._ends[0] <= now - _PERIOD_S:
            self._ends.popleft()
        self._ends.append(now)
        doublings = max(len(self._ends) - self._timing.free_restarts, 0)
        return min(self._timing.restart_first_s * 2.0**doublings, self._timing.restart_longest_s)


class WorkerChild:
    """Keeps one worker process alive, and what it knows alive beyond it.

    Args:
        number: from 0; for the log.
        tell: takes the worker's messages, and those in place of a dead worker's.
        on_change: called when the worker begins or ceases to serve.
    """

    def __init__(
        self,
        number: int,
        settings: RelaySettings,
        tell: "Callable[[WorkerChild, ToHub], None]",
        on_change: "Callable[[WorkerChild], None]",
        clock: Clock,
        timing: WorkerTiming,
    ) -> None:
        self.number = number
        self.is_serving = False
        self.is_drained = False
        self.restarts = 0
        self.hatch = HatchSender(clock.monotonic)
        self._settings = settings
        self._tell = tell
        self._on_change = on_change
        self._clock = clock
        self._timing = timing
        self._backoff = Backoff(timing)
        self._tasks = Tasks(f"worker_{number}")
        self._modems: dict[str, ModemSettings] = {}
        self._ledger = Ledger()
        self._process: asyncio.subprocess.Process | None = None
        self._stream: MessageStream | None = None
        self._lost: asyncio.Future[str] | None = None
        self._greeted: asyncio.Future[None] | None = None
        self._pings = 0
        self._mute_beats = 0
        self._is_closing = False

    @property
    def pid(self) -> int | None:
        """The process id, None while there is no process."""
        return None if self._process is None else self._process.pid

    @property
    def modems(self) -> int:
        """How many modems it owns."""
        return len(self._modems)

    async def start(self) -> None:
        """Start the process, tell it all it must know, and wait until it serves.

        Raises:
            StartError: it ended, or does not answer in time.
        """
        loop = asyncio.get_running_loop()
        self._lost, self._greeted = loop.create_future(), loop.create_future()
        door, far_door = socket.socketpair()
        hatch, far_hatch = pair()
        try:
            descriptors = (far_door.fileno(), far_hatch.fileno())
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", _PROGRAM, *map(str, descriptors), str(os.getpid())),
                stdin=asyncio.subprocess.DEVNULL,
                pass_fds=descriptors,
            )
            self._stream = stream = MessageStream(self._take, self._door_lost)
            door.setblocking(False)
            await loop.create_connection(lambda: stream, sock=door)
        except BaseException:
            door.close()
            hatch.close()
            raise
        finally:
            far_door.close()
            far_hatch.close()
        self._say(Begin(settings=self._settings, log_level=logging.getLogger(NAME).getEffectiveLevel()))
        for settings in self._modems.values():
            self._say(PutModem(settings=settings))
        self._mute_beats = self._pings = 0
        self._say(Ping(number=0))
        try:
            async with asyncio.timeout(self._timing.start_s):
                await asyncio.wait((self._greeted, self._lost), return_when=asyncio.FIRST_COMPLETED)
        except TimeoutError:
            hatch.close()
            raise StartError(f"relay worker {self.number} does not answer after {self._timing.start_s:g} s") from None
        except BaseException:
            hatch.close()
            raise
        if not self._greeted.done():
            hatch.close()
            raise StartError(f"relay worker {self.number} ended at its start")
        self.is_serving = True
        self.hatch.open(hatch)
        self._on_change(self)

    def keep(self) -> None:
        """From now on start the process again whenever it ends."""
        self._tasks.spawn(self._keep(), "keep")

    def send(self, message: ToRelay) -> None:
        """Give the worker a message, or answer in its place while it is away; never blocks."""
        if isinstance(message, PutModem):
            self._modems[message.settings.modem] = message.settings
        elif isinstance(message, RemoveModem):
            self._modems.pop(message.modem, None)
            self._ledger.forget(message.modem)
        elif isinstance(message, SendCommand | ReadRing | StartDialogue):
            if not self.is_serving or self._is_held:
                self._tell(self, answer_for(message, self._clock.now().timestamp()))
                return
            self._ledger.note_sent(message)
        elif isinstance(message, Drain):
            self._is_closing = True  # its end is no loss any more
        self._say(message)

    def adopt(self, dialled: DialledIn) -> bool:
        """Hand a modem over, as soon as the worker takes it; False when too many wait already."""
        return self.hatch.send(dialled)

    def beat(self) -> None:
        """Once a second, by the hub's own loop: ask the worker for a word; end one that has long said none."""
        if not self.is_serving:
            return
        self._mute_beats += 1
        if self._mute_beats > self._timing.mute_s:
            _log.error("relay worker %d has been mute for %d s: it is ended", self.number, self._mute_beats)
            self.kill()
        else:
            self._pings += 1
            self._say(Ping(number=self._pings))

    def kill(self) -> None:
        """End the process at once."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def close(self) -> None:
        """End the process for good: it has drained, so its door is closed and that ends it."""
        self._is_closing = True
        self.hatch.close()
        await self._tasks.close()
        if self._stream is not None:
            self._stream.flush()
            self._stream.close()
        await self._end_process()
        self.is_serving = False

    def _say(self, message: Begin | Ping | ToRelay) -> None:
        if self._stream is None or not self._stream.is_open:
            return
        self._stream.send(message)
        if len(self._stream) > _OUTBOX_SPARE + 2 * len(self._modems):
            _log.error("relay worker %d does not take its messages: it is ended", self.number)
            self.kill()

    def _take(self, data: bytes) -> None:
        message = decode_from_worker(data)
        self._mute_beats = 0
        if isinstance(message, Logged):
            logging.getLogger(message.logger).log(message.level, "%s", message.text)
        elif isinstance(message, Pong):
            if self._greeted is not None and not self._greeted.done():
                self._greeted.set_result(None)
        else:
            if isinstance(message, Drained):
                self.is_drained = True
            self._ledger.note_told(message)
            try:
                self._tell(self, message)
            except Exception:  # noqa: BLE001 - a fault of the hub must cost this message, not the worker's modems
                _log.exception("the hub failed on what relay worker %d told", self.number)

    def _door_lost(self, reason: str) -> None:
        self.is_serving = False
        self.hatch.shut()
        if self._lost is not None and not self._lost.done():
            self._lost.set_result(reason)

    async def _keep(self) -> None:
        while self._lost is not None:
            reason = await asyncio.shield(self._lost)
            status = await self._end_process()
            if self._is_over():
                return
            await self._mourn(f"{_how(status)}; {reason}")
            wait_s = self._backoff.next_wait_s(self._clock.monotonic())
            self.restarts += 1
            await asyncio.sleep(wait_s)
            if self._is_over():
                return
            try:
                await self.start()
                if self._is_over():  # the hub began to stop meanwhile, and this worker was not told to drain
                    self.kill()
            except (StartError, OSError) as error:
                _log.error("relay worker %d cannot be started again: %s", self.number, error)
                self.kill()
                if self._stream is None or not self._stream.is_open:
                    self._door_lost(str(error))

    def _is_over(self) -> bool:
        return self._is_closing  # asked anew after each wait

    async def _mourn(self, how: str) -> None:
        """Tell the end of everything that the dead worker had."""
        sessions = self._ledger.sessions
        _log.error("relay worker %d ended (%s): %d modems were connected there", self.number, how, sessions)
        self._on_change(self)
        for number, message in enumerate(list(self._ledger.lose(self._clock.now().timestamp()))):
            self._tell(self, message)
            if number % _PORTION == _PORTION - 1:
                await asyncio.sleep(0)

    async def _end_process(self) -> int | None:
        process = self._process
        if process is None:
            return None
        try:
            await asyncio.wait_for(process.wait(), self._timing.stop_s if self._is_closing else 0.5)
        except TimeoutError:
            self.kill()
            await process.wait()
        return process.returncode


def _how(status: int | None) -> str:
    if status is None:
        return "it did not run"
    return f"killed by signal {-status}" if status < 0 else f"exit status {status}"
