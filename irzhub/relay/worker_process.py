"""A relay in a process of its own: `python -m irzhub.relay.worker_process DOOR HATCH PARENT_PID`.

Inherits two sockets of the pool: the door carries messages, the hatch modems that have said hello. Lives as
long as the hub does: the kernel kills it with its parent, and a closed door ends it too. Signals that are
meant for the hub (Ctrl-C, a service manager's SIGTERM to all) are ignored: the hub says when to drain.
"""

import asyncio
import gc
import logging
import signal
import socket
import sys
from collections.abc import Sequence
from typing import Final

from irzhub.codec.drivers import build_drivers
from irzhub.const import NAME
from irzhub.core.allocator import share_one_arena
from irzhub.core.clock import SystemClock
from irzhub.core.metrics import Metrics
from irzhub.core.parent import die_with_parent
from irzhub.relay.alike import Alike
from irzhub.relay.dial_in import DialledIn
from irzhub.relay.hatch import HatchReceiver
from irzhub.relay.holding import Holding
from irzhub.relay.messages import ToHub
from irzhub.relay.orders import PutModem
from irzhub.relay.stream import MessageStream
from irzhub.relay.worker import Relay
from irzhub.relay.worker_messages import (
    Begin,
    HandOver,
    Held,
    Hold,
    Logged,
    Ping,
    Pong,
    Resume,
    decode_to_worker,
    schema_digest,
)

_log = logging.getLogger(__name__)
PRESSURE: Final = 10_000
"""From so many messages that the hub has not taken on, no new modem is taken in and nothing is logged."""
LIMIT: Final = 100_000
"""With so many the hub is beyond help, and memory must not follow it."""
_IGNORED: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2)


class WorkerProcess:
    """Serves one relay to the pool at the other end of two sockets."""

    def __init__(self, door: socket.socket, hatch: socket.socket) -> None:
        self._door = door
        self._stream = MessageStream(self._take, self._lost, self._relieved)
        self._hatch = HatchReceiver(hatch, self._adopt)
        self._begin: asyncio.Future[Begin] | None = None
        self._relay: Relay | None = None
        self._alike = Alike()
        self._drivers = {driver.name: driver for driver in build_drivers(None, None, b"\r")}
        self._early: list[Ping] = []
        self._is_running = False
        self._is_greeted = False
        self._is_pressed = False
        self._holding: Holding | None = None
        self._ended = asyncio.Event()

    async def run(self) -> None:
        """Serve until the door is closed."""
        loop = asyncio.get_running_loop()
        self._begin = loop.create_future()
        await loop.create_connection(lambda: self._stream, sock=self._door)
        try:
            await asyncio.wait((self._begin, loop.create_task(self._ended.wait())), return_when="FIRST_COMPLETED")
            if self._relay is not None:
                async with self._relay:
                    self._is_running = True
                    for ping in self._early:
                        self._answer(ping)
                    await self._ended.wait()
                    self._hatch.close()
        finally:
            self._hatch.close()
            self._stream.close()

    def log(self, level: int, logger: str, text: str) -> None:
        """Send a line to the hub's log, unless the hub has enough to do."""
        line = Logged(level=level, logger=logger, text=text)
        if self._holding is not None:
            self._holding.log(line)
        elif len(self._stream) < PRESSURE:
            self._stream.send(line)

    def _take(self, data: bytes) -> None:
        message = decode_to_worker(data)
        if isinstance(message, Ping):
            if self._is_running:
                self._answer(message)
            else:
                self._early.append(message)
        elif isinstance(message, Begin):
            self._start(message)
        elif isinstance(message, Hold):
            self._hold()
        elif isinstance(message, Resume):
            self._resume()
        elif self._relay is not None:
            try:
                self._relay.send(self._alike.put(message) if isinstance(message, PutModem) else message)
            except Exception:  # noqa: BLE001 - one message that fails must not cost all modems of this worker
                _log.exception("a message of the hub failed: %s", type(message).__name__)

    def _start(self, message: Begin) -> None:
        settings = message.settings
        if message.schema != schema_digest():
            sys.stderr.write("a relay worker ends: irzhub was updated under the running hub, run `irzhub upgrade`\n")
            self._stream.close()
            self._ended.set()
            return
        drivers = build_drivers(settings.raw_pattern, settings.raw_heartbeat, settings.answer_end)
        self._drivers = {driver.name: driver for driver in drivers}
        logging.getLogger(NAME).setLevel(message.log_level)
        self._relay = Relay(settings, self._tell, SystemClock(), Metrics(), accepts=False)
        if self._begin is not None and not self._begin.done():
            self._begin.set_result(message)

    def _answer(self, ping: Ping) -> None:
        if not self._is_greeted:
            # All known modems are there: they live as long as the process, and the hatch may bring their sockets.
            self._is_greeted = True
            gc.collect()
            gc.freeze()
            self._hatch.open()
        self._stream.send(Pong(number=ping.number))

    def _hold(self) -> None:
        """Tell nothing more until there is a hub again; what the stream still has goes before `Held`."""
        if self._holding is None and self._relay is not None:
            self._holding = Holding(self._relay.tell_living())
            self._stream.send(Held())

    def _resume(self) -> None:
        holding, self._holding = self._holding, None
        if holding is not None and self._relay is not None:
            for message in holding.release(self._relay.tell_living):
                self._stream.send(message)
            if holding.missed:
                self._relay.look_again()

    def _tell(self, message: ToHub) -> None:
        if self._holding is not None:
            self._holding.add(message)
            return
        self._stream.send(message)
        waiting = len(self._stream)
        if waiting > LIMIT:
            sys.stderr.write(f"a relay worker ends: the hub has not listened to {waiting} messages\n")
            self._stream.close()
            self._ended.set()
        elif waiting > PRESSURE and not self._is_pressed:
            self._is_pressed = True
            self._hatch.pause()

    def _relieved(self) -> None:
        if self._is_pressed:
            self._is_pressed = False
            self._hatch.open()

    def _lost(self, _reason: str) -> None:
        self._ended.set()

    def _adopt(self, message: HandOver, sock: socket.socket) -> None:
        driver = self._drivers.get(message.hello.driver)
        if driver is None or self._relay is None:
            sock.close()
            return
        self._relay.adopt(
            DialledIn(
                sock=sock,
                driver=driver,
                hello=message.hello,
                leftover=message.leftover,
                peer=message.peer,
                local=message.local,
                accepted=message.accepted,
            )
        )


class _ToHubLog(logging.Handler):
    """Every line goes to the hub, which writes it as its own."""

    def __init__(self, process: WorkerProcess) -> None:
        super().__init__()
        self._process = process

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._process.log(record.levelno, record.name, self.format(record))
        except Exception:  # noqa: BLE001 - as in every handler of logging: a bad line must not end what it is about
            self.handleError(record)


async def _serve(door: int, hatch: int) -> None:
    process = WorkerProcess(socket.socket(fileno=door), socket.socket(fileno=hatch))
    handler = _ToHubLog(process)
    handler.setFormatter(logging.Formatter())  # the bare text: the hub's own formatter does the rest
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.captureWarnings(True)
    await process.run()


def main(arguments: Sequence[str]) -> None:
    """Run a worker with inherited descriptors: door, hatch, and the pid of the hub."""
    door, hatch, parent = map(int, arguments)
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    die_with_parent(parent, signal.SIGKILL)
    share_one_arena()
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(door, hatch))


if __name__ == "__main__":
    main(sys.argv[1:])
