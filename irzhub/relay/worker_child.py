"""One worker as its pool sees it: the process, both sockets to it, and what it must know when it starts again."""

import asyncio
import logging
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from irzhub.const import NAME
from irzhub.core.child import Child
from irzhub.core.clock import Clock
from irzhub.core.exceptions import StartError, UpgradeRefused
from irzhub.core.handover import Handover
from irzhub.core.tasks import Tasks
from irzhub.relay.dial_in import DialledIn
from irzhub.relay.hatch import HatchSender, pair
from irzhub.relay.ledger import Asked, Ledger, answer_for
from irzhub.relay.messages import Drained, Resynced, ToHub, ToRelay
from irzhub.relay.orders import Drain, PutModem, RemoveModem
from irzhub.relay.restarts import Backoff, WorkerTiming
from irzhub.relay.settings import ModemSettings, RelaySettings
from irzhub.relay.stream import MessageStream
from irzhub.relay.worker_messages import (
    Begin,
    Held,
    Hold,
    Logged,
    Ping,
    Pong,
    Resume,
    ToWorker,
    decode_from_worker,
    schema_digest,
)

_log = logging.getLogger(__name__)
_PROGRAM: Final = "irzhub.relay.worker_process"
_OUTBOX_SPARE: Final = 10_000
_PORTION: Final = 200


@dataclass(frozen=True, slots=True)
class WorkerNote:
    """A worker that the hub before this one left: the process, and our ends of its sockets."""

    child: Child
    door: socket.socket
    hatch: socket.socket


def read_note(note: dict[str, int], handover: Handover) -> WorkerNote:
    """Return the note of `WorkerChild.leave` with its descriptors claimed; the child is still to be watched."""
    return WorkerNote(Child(note["pid"]), handover.claim(note["door"]), handover.claim(note["hatch"]))


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
        self.hatch = HatchSender(clock.monotonic, self._handed_over)
        self._settings = settings
        self._tell = tell
        self._on_change = on_change
        self._clock = clock
        self._timing = timing
        self._backoff = Backoff(timing)
        self._tasks = Tasks(f"worker_{number}")
        self._modems: dict[str, ModemSettings] = {}
        self._ledger = Ledger()
        self._process: Child | None = None
        self._stream: MessageStream | None = None
        self._lost: asyncio.Future[str] | None = None
        self._greeted: asyncio.Future[None] | None = None
        self._held: asyncio.Future[None] | None = None
        self._pings = 0
        self._mute_beats = 0
        self._unsaid: list[ToWorker] = []
        self._is_closing = False
        self._is_left = False

    @property
    def pid(self) -> int | None:
        """The process id, None while there is no process."""
        return None if self._process is None else self._process.pid

    @property
    def modems(self) -> int:
        """How many modems it owns."""
        return len(self._modems)

    async def start(self, left: WorkerNote | None = None) -> None:
        """Start the process, tell it all it must know, and wait until it serves.

        Args:
            left: a process that the hub before this one left; it has kept what it had to tell.

        Raises:
            StartError: it ended, or does not answer in time.
        """
        loop = asyncio.get_running_loop()
        self._lost, self._greeted, self._held = loop.create_future(), loop.create_future(), None
        if left is None:
            door, hatch = self._launch()
        else:
            self._process, door, hatch = left.child, left.door, left.hatch
        try:
            self._stream = stream = MessageStream(self._take, self._door_lost)
            await loop.create_connection(lambda: stream, sock=door)
            self._introduce(is_new=left is None)
            async with asyncio.timeout(self._timing.start_s):
                await asyncio.wait((self._greeted, self._lost), return_when=asyncio.FIRST_COMPLETED)
            if not self._greeted.done():
                raise StartError(f"relay worker {self.number} ended at its start")
        except TimeoutError:
            hatch.close()
            raise StartError(f"relay worker {self.number} does not answer after {self._timing.start_s:g} s") from None
        except BaseException:
            hatch.close()
            raise
        self.is_serving = True
        self.hatch.open(hatch)
        self._on_change(self)

    def _launch(self) -> tuple[socket.socket, socket.socket]:
        """Start the process; return our ends of its door and its hatch."""
        door, far_door = socket.socketpair()
        hatch, far_hatch = pair()
        try:
            descriptors = (far_door.fileno(), far_hatch.fileno())
            command = (sys.executable, "-m", _PROGRAM, *map(str, descriptors), str(os.getpid()))
            self._process = Child.spawn(command, descriptors)
        except BaseException:
            door.close()
            hatch.close()
            raise
        finally:
            far_door.close()
            far_hatch.close()
        door.setblocking(False)
        return door, hatch

    def _introduce(self, *, is_new: bool) -> None:
        """Say what it must know: its first answer follows when it has worked all of it off."""
        if is_new:
            level = logging.getLogger(NAME).getEffectiveLevel()
            self._say(Begin(schema=schema_digest(), settings=self._settings, log_level=level))
        for settings in self._modems.values():
            self._say(PutModem(settings=settings))
        self._mute_beats = self._pings = 0
        self._say(Ping(number=0) if is_new else Resume())

    async def hold(self, within_s: float) -> None:
        """Have the worker keep what it has to tell; nothing is said to it from then on, until `go_on`.

        Raises:
            UpgradeRefused: it is not there, or does not answer in time.
        """
        if not self.is_serving:
            raise UpgradeRefused(f"relay worker {self.number} is being started again; try again in some seconds")
        self._held = asyncio.get_running_loop().create_future()
        self._say(Hold())
        try:
            await asyncio.wait_for(asyncio.shield(self._held), within_s)
        except TimeoutError:
            raise UpgradeRefused(f"relay worker {self.number} has not answered for {within_s:g} s") from None

    def go_on(self) -> None:
        """The hub stays as it is: the worker tells what it has kept."""
        if self._held is not None:
            self._held = None
            self._is_closing = self._is_left = False
            unsaid, self._unsaid = self._unsaid, []
            for message in (*unsaid, Resume()):
                self._say(message)

    def leave(self, handover: Handover) -> dict[str, int]:
        """Return the note for the next hub; this one lets go of the process, which lives on."""
        assert self._process is not None
        assert self._stream is not None
        self._is_closing = self._is_left = True
        return {
            "pid": self._process.pid,
            "door": handover.keep(self._stream.fileno()),
            "hatch": handover.keep(self.hatch.fileno()),
        }

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
        elif isinstance(message, Asked):
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
        self._ledger.sweep(self._clock.monotonic())
        if not self.is_serving or self._held is not None:
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

    async def discard(self) -> None:
        """End a process that did not begin to serve, so that another one can take its place."""
        if self._stream is not None:
            self._stream.close()
        self.kill()
        await self._end_process()

    async def close(self) -> None:
        """End the process for good: it has drained, so its door is closed and that ends it."""
        self._is_closing = True
        self.hatch.close()
        await self._tasks.close()
        if self._stream is not None:
            self._stream.flush()
            self._stream.close()
        if not self._is_left:
            await self._end_process()
        elif self._process is not None:
            self._process.unwatch()
        self.is_serving = False

    def _say(self, message: ToWorker) -> None:
        if self._stream is None or not self._stream.is_open:
            return
        if self._is_held:
            # The next hub says it all anew; a message that is cut off here would spoil its stream.
            self._unsaid.append(message)
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
            self._greet()
        elif isinstance(message, Held):
            if self._held is not None and not self._held.done():
                self._held.set_result(None)
        else:
            if isinstance(message, Drained):
                self.is_drained = True
            elif isinstance(message, Resynced):
                self._greet()
            self._ledger.note_told(message)
            try:
                self._tell(self, message)
            except Exception:  # noqa: BLE001 - a fault of the hub must cost this message, not the worker's modems
                _log.exception("the hub failed on what relay worker %d told", self.number)

    @property
    def _is_held(self) -> bool:
        return self._held is not None and self._held.done()

    def _greet(self) -> None:
        if self._greeted is not None and not self._greeted.done():
            self._greeted.set_result(None)

    def _handed_over(self, dialled: DialledIn) -> None:
        self._ledger.note_handed_over(dialled.hello.modem, dialled.peer, self._clock.monotonic())

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
