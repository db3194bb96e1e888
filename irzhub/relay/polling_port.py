"""The polling ports: one listener for each modem, opened, moved, closed and tried again as settings say."""

import asyncio
import logging
import os
import socket
from types import TracebackType
from typing import Final, Self

from irzhub.core.tasks import Tasks
from irzhub.relay.channel import Channel
from irzhub.relay.context import ClientSide
from irzhub.relay.messages import PortFailed, PortOpened
from irzhub.relay.settings import RelaySettings

_log = logging.getLogger(__name__)
BACKLOG: Final = 16
RETRY_S: Final = 10.0
_FAILURES_LOGGED: Final = 10  # in one go; thousands of ports may be taken by one program
_PORTION: Final = 32  # so many ports in one turn of the loop
# The kernel doubles these. What it holds for a program that stands still is not the hub's memory, but ten thousand
# times its default of megabytes would be the machine's. Less than a few segments would stop the stream at each until
# its acknowledgement: with 32 KiB and loopback's segments of 64 KB bulk data ran at 2 MB a second, so at 950.
_SEND_BUFFER: Final = 128 * 1024
_RECEIVE_BUFFER: Final = 32 * 1024  # one read takes all of it, and has to fit the hub's own limit


class PollingPort:
    """The listener of one modem, or the wish for one.

    Attributes:
        port: where it listens, 0 while it does not.
        error: why it could not be opened, empty when nothing is in the way. failed_at: where that was.
    """

    __slots__ = ("_server", "channel", "error", "failed_at", "host", "is_wanted", "port")

    def __init__(self, channel: Channel) -> None:
        self.channel = channel
        self.host = ""
        self.port = 0
        self.error = ""
        self.failed_at = ("", 0)
        self.is_wanted = True
        self._server: asyncio.Server | None = None

    @property
    def is_open(self) -> bool:
        """Whether it listens."""
        return self._server is not None

    @property
    def is_right(self) -> bool:
        """Whether all is as the settings say."""
        settings = self.channel.settings
        should_listen = self.is_wanted and (settings.open != "on_connect" or self.channel.is_modem_there)
        if not should_listen or self._server is None:
            return should_listen == self.is_open
        return self.host == settings.host and settings.port in (self.port, 0)

    async def open(self, relay: RelaySettings) -> None:
        """Listen where the settings say.

        Raises:
            OSError: that address cannot be had.
        """
        settings = self.channel.settings
        sock = _bind(settings.host, settings.port, relay)
        try:
            loop = asyncio.get_running_loop()
            # In two steps: a cancelled `create_server` that listens already would leave its server to nobody.
            self._server = await loop.create_server(
                self.channel.new_program, sock=sock, backlog=BACKLOG, start_serving=False
            )
            await self._server.start_serving()
        except OSError:
            self.close()
            sock.close()
            raise
        self.host, self.port, self.error = settings.host, sock.getsockname()[1], ""

    def close(self) -> None:
        """Stop to listen; connected programs stay."""
        if self._server is not None:
            self._server.close()
            self._server = None
            self.port = 0


class PollingPorts:
    """All polling ports of a relay. One task opens them, however many there are."""

    def __init__(self, side: ClientSide) -> None:
        self._side = side
        self._ports: dict[str, PollingPort] = {}
        self._changed: dict[PollingPort, None] = {}
        self._wake = asyncio.Event()
        self._retry: asyncio.TimerHandle | None = None
        self._tasks = Tasks("polling_ports")
        self._failures = 0
        self.listeners = 0

    async def __aenter__(self) -> Self:
        self._side.on_presence = self.put
        self._tasks.spawn(self._work(), "open")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._tasks.close()
        if self._retry is not None:
            self._retry.cancel()
        for port in self._ports.values():
            port.close()
        self._ports.clear()
        self.listeners = 0

    def put(self, channel: Channel) -> None:
        """Bring the port of a channel to what its settings say now; `PortOpened` or `PortFailed` follows."""
        modem = channel.settings.modem
        port = self._ports.get(modem)
        if port is None:
            port = self._ports[modem] = PollingPort(channel)
        if not port.is_right:
            self._plan(port)

    def remove(self, modem: str) -> None:
        """Close the port of a modem that is deleted; its programs are the channel's to close."""
        if (port := self._ports.pop(modem, None)) is not None:
            port.is_wanted = False
            self._plan(port)

    def get(self, modem: str) -> PollingPort | None:
        """Return the port of a modem, None when none was ever wanted."""
        return self._ports.get(modem)

    def close(self) -> None:
        """Stop to listen anywhere, for good: the relay drains."""
        for port in self._ports.values():
            port.is_wanted = False
            self._plan(port)

    def _plan(self, port: PollingPort) -> None:
        self._changed[port] = None
        self._wake.set()

    async def _work(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            # All are closed first: a number that one modem gives up may be what another one gets.
            changed, self._changed = list(self._changed), {}
            for port in changed:
                if port.is_open and not port.is_right:
                    port.close()
                    self.listeners -= 1
            await asyncio.sleep(0)
            await asyncio.sleep(0)  # uvloop closes a handle one turn later
            self._failures = 0
            for number, port in enumerate(changed):
                if not (port.is_open or port.is_right):  # an open one that became wrong just now is planned again
                    await self._open(port)
                if number % _PORTION == 0:
                    await asyncio.sleep(0)
            if self._failures > _FAILURES_LOGGED:
                _log.warning("and %d more ports cannot be opened", self._failures - _FAILURES_LOGGED)

    async def _open(self, port: PollingPort) -> None:
        settings = port.channel.settings
        if not self._side.may_accept():
            self._tell_failed(port, "no file descriptors left")
            return
        try:
            await port.open(self._side.settings)
        except OSError as error:
            self._tell_failed(port, os.strerror(error.errno) if error.errno else str(error))
        else:
            self.listeners += 1
            self._side.report(PortOpened(modem=settings.modem, host=port.host, port=port.port))

    def _tell_failed(self, port: PollingPort, error: str) -> None:
        settings = port.channel.settings
        if (error, settings.host, settings.port) != (port.error, *port.failed_at):
            port.error, port.failed_at = error, (settings.host, settings.port)
            self._failures += 1
            if self._failures <= _FAILURES_LOGGED:
                where = f"{settings.host}:{settings.port}"
                _log.warning(
                    "modem %s: port %s cannot be opened: %s; tried every %.0f s", settings.modem, where, error, RETRY_S
                )
            self._side.report(PortFailed(modem=settings.modem, host=settings.host, port=settings.port, error=error))
        if self._retry is None:
            self._retry = asyncio.get_running_loop().call_later(RETRY_S, self._try_again)

    def _try_again(self) -> None:
        self._retry = None
        for port in self._ports.values():
            if port.error and not port.is_right:
                self._plan(port)


def _bind(host: str, port: int, relay: RelaySettings) -> socket.socket:
    """Return a bound socket with all options; accepted sockets inherit them, which saves a dozen calls for each."""
    sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        if os.name == "posix":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_OOBINLINE, 1)  # an urgent byte is a byte like all others
        for name, value in (
            ("TCP_KEEPIDLE", relay.tcp_keepidle_s),
            ("TCP_KEEPINTVL", relay.tcp_keepintvl_s),
            ("TCP_KEEPCNT", relay.tcp_keepcnt),
            ("TCP_USER_TIMEOUT", int(relay.tcp_user_timeout_s * 1000)),
        ):
            if (tcp_option := getattr(socket, name, None)) is not None:
                sock.setsockopt(socket.IPPROTO_TCP, tcp_option, value)
        sock.bind((host, port))
    except OSError:
        sock.close()
        raise
    return sock
