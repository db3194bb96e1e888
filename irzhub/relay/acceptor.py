"""The port that modems dial: accepts sockets in small portions and keeps those that have not said hello yet.

Short of descriptors, the socket that has been silent for longest goes first, then newcomers are turned
away; a modem that is connected is never touched for it (RELIABILITY S04). When the kernel itself has none
left, accepting pauses: its queue fills and nothing spins.
"""

import asyncio
import errno
import logging
import socket
import time
from collections.abc import Callable
from typing import Final

from irzhub.codec.driver import Driver
from irzhub.core.clock import Clock
from irzhub.core.exceptions import StartError
from irzhub.relay.addresses import format_address
from irzhub.relay.descriptors import Descriptors
from irzhub.relay.dial_in import DialIn, DialledIn
from irzhub.relay.rejections import Rejections
from irzhub.relay.settings import RelaySettings
from irzhub.relay.waiting_room import LEAST, TURN_S, WaitingRoom
from irzhub.relay.wheel import Wheel

_log = logging.getLogger(__name__)
_PORTION: Final = 32
"""So many sockets in one turn of the loop at the most, and after `TURN_S` no more than `LEAST`: a storm must not delay
the bytes of who is connected."""
_BUSY_RETRY_S: Final = 0.25
_PAUSE_LEAST_S: Final = 0.1
_PAUSE_MOST_S: Final = 1.0
_KERNEL_BUFFER: Final = 128 * 1024
"""For each direction of a modem's socket; without it the kernel takes megabytes for a stalled one."""
_NO_RESOURCES: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


class Acceptor:
    """Owns the listening socket and all sockets that have not said hello yet; `adopt` gets those that have."""

    def __init__(
        self,
        settings: RelaySettings,
        drivers: tuple[Driver, ...],
        descriptors: Descriptors,
        rejections: Rejections,
        wheel: Wheel,
        clock: Clock,
        adopt: Callable[[DialledIn], None],
    ) -> None:
        self._settings = settings
        self._drivers = drivers
        self._descriptors = descriptors
        self._rejections = rejections
        self._wheel = wheel
        self._clock = clock
        self._adopt = adopt
        self._listener: socket.socket | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._pause: asyncio.TimerHandle | None = None
        self._pause_s = _PAUSE_LEAST_S
        self._silent: dict[DialIn, None] = {}
        self._room = WaitingRoom()

    async def open(self, busy_s: float = 5.0, listener: socket.socket | None = None) -> int:
        """Listen, and return the real port; a busy port is tried again for `busy_s` seconds.

        Args:
            busy_s: how long a port that somebody else holds is tried.
            listener: listens already: left by the hub before this one.

        Raises:
            StartError: the port cannot be bound; the text says which setting to change.
        """
        self._loop = asyncio.get_running_loop()
        give_up_at = self._loop.time() + busy_s
        self._listener = listener
        while self._listener is None:
            try:
                self._listener = self._bind()
                break
            except OSError as error:
                if error.errno != errno.EADDRINUSE or self._loop.time() >= give_up_at:
                    raise StartError(self._explain(error)) from error
            await asyncio.sleep(_BUSY_RETRY_S)
        self._loop.add_reader(self._listener.fileno(), self._accept)
        port: int = self._listener.getsockname()[1]
        return port

    def rest(self) -> None:
        """Accept nobody until `go_on`: who dials waits in the kernel's queue."""
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
        if self._listener is not None and self._loop is not None:
            self._loop.remove_reader(self._listener.fileno())

    def go_on(self) -> None:
        """Accept again."""
        if self._listener is not None and self._loop is not None:
            self._loop.add_reader(self._listener.fileno(), self._accept)

    @property
    def listener(self) -> int:
        """The descriptor that listens, -1 while none does."""
        return -1 if self._listener is None else self._listener.fileno()

    @property
    def dial_ins(self) -> tuple[DialIn, ...]:
        """Who has not said hello yet."""
        return tuple(self._silent)

    def close(self) -> None:
        """Listen no more and close all that have not said hello."""
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
        if self._listener is not None and self._loop is not None:
            self._loop.remove_reader(self._listener.fileno())
            self._listener.close()
            self._listener = None
        for dial_in in list(self._silent):
            dial_in.end("")
        self._room.close()

    @property
    def silent(self) -> int:
        """How many sockets have not said hello yet."""
        return len(self._silent)

    def _bind(self) -> socket.socket:
        host = self._settings.host
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            listener.setblocking(False)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)  # an urgent byte is a byte like all others
            for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):  # inherited by what is accepted
                listener.setsockopt(socket.SOL_SOCKET, option, _KERNEL_BUFFER)
            listener.bind((host, self._settings.port))
            listener.listen(self._settings.backlog)
        except BaseException:
            listener.close()
            raise
        return listener

    def _explain(self, error: OSError) -> str:
        where = f"{self._settings.host}:{self._settings.port}"
        return (
            f"the port for modems, {where}, cannot be opened: {error.strerror}; stop the program that holds it, "
            f"or set relay.modems.host and relay.modems.port in irzhub.yaml"
        )

    def _accept(self) -> None:
        until = time.monotonic() + TURN_S
        for number in range(_PORTION):
            if self._listener is None or (number >= LEAST and time.monotonic() >= until):
                return
            try:
                sock, address = self._listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in _NO_RESOURCES:
                    _log.warning("a modem could not be accepted: %s", error)
                    return
                self._rest(error)
                return
            self._pause_s = _PAUSE_LEAST_S
            self._receive(sock, format_address(address))

    def take(self, sock: socket.socket, peer: str, accepted: float, heard: bytes) -> None:
        """Go on with a socket that another hub accepted, and heard so much of."""
        dial_in = DialIn(sock, self._drivers, self._wheel, self._room, self._ended)
        self._silent[dial_in] = None
        dial_in.begin(peer, accepted, self._settings.hello_deadline_s, heard)

    def _receive(self, sock: socket.socket, peer: str) -> None:
        if self._descriptors.is_short and not self._drop_oldest():
            sock.close()
            self._rejections.tell("no file descriptors left", peer)
            return
        sock.setblocking(False)
        self.take(sock, peer, self._clock.monotonic(), b"")

    def _drop_oldest(self) -> bool:
        """Make room by the socket that has been silent for longest; return whether there was one."""
        if (oldest := next(iter(self._silent), None)) is None:
            return False
        oldest.end("file descriptors are short and it was silent")
        return True

    def _ended(self, dial_in: DialIn, dialled: DialledIn | None, reason: str, detail: str) -> None:
        self._silent.pop(dial_in, None)
        if dialled is not None:
            self._adopt(dialled)
            return
        dial_in.sock.close()
        if reason:
            self._rejections.tell(reason, dial_in.peer, detail=detail)

    def _rest(self, error: OSError) -> None:
        """The kernel has nothing left: make room, and look again in a while."""
        assert self._loop is not None
        assert self._listener is not None
        self._descriptors.exhausted()
        self._rejections.tell("the system is out of file descriptors", "", detail=str(error))
        self._drop_oldest()
        self._loop.remove_reader(self._listener.fileno())
        self._pause = self._loop.call_later(self._pause_s, self._look_again)
        self._pause_s = min(self._pause_s * 2, _PAUSE_MOST_S)

    def _look_again(self) -> None:
        self._pause = None
        self.go_on()
