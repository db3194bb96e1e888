"""One browser's or program's socket: closed when it is slow or silent, so that sockets are never used up.

aiohttp by itself keeps an idle socket for an hour, a half-sent header as long, and a peer that does not
read its answer for ever. Here the whole set is looked over once a second, without a timer for each.
"""

import asyncio
import logging
import secrets
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias, cast

from aiohttp import web

from irzhub.core.clock import Clock
from irzhub.web.headers import add_security_headers
from irzhub.web.problem import Problem, problem_response

_log = logging.getLogger(__name__)

Phase: TypeAlias = Literal["head", "busy", "idle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpLimits:
    """How long a peer may take, in seconds, and how many there may be.

    Args:
        head_s: from the first byte of a request (or from connecting) to the end of its header.
        idle_s: between two requests; longer than what reverse proxies keep (60 s).
        body_s: the whole body, from the end of the header.
        handler_s: the whole request, the body included.
        stall_s: an answer of which the peer takes no byte.
        connections: sockets at a time; beyond it the longest idle one goes, else the newcomer.
    """

    head_s: float = 10.0
    idle_s: float = 75.0
    body_s: float = 20.0
    handler_s: float = 30.0
    stall_s: float = 30.0
    connections: int = 512


@dataclass(slots=True)
class HttpConnections:
    """All open sockets of the server, and the rule for each."""

    limits: HttpLimits
    clock: Clock
    _open: "dict[HttpConnection, None]" = field(default_factory=dict)

    def make_room(self) -> bool:
        """Say whether one more socket may come in; cuts the longest idle one where that is needed."""
        if len(self._open) < self.limits.connections:
            return True
        waiting = [each for each in self._open if each.phase != "busy"]
        if not waiting:
            return False
        oldest = min(waiting, key=lambda each: each.since)
        self._open.pop(oldest)
        oldest.cut()
        return True

    def sweep(self) -> None:
        """Cut every socket whose time is over."""
        now = self.clock.monotonic()
        for each in tuple(self._open):
            if each.is_overdue(now):
                each.cut()

    async def keep_sweeping(self) -> None:
        """Sweep for ever, once a second or more often when the limits are short."""
        pause_s = min(1.0, self.limits.head_s / 4, self.limits.idle_s / 4, self.limits.stall_s / 4)
        while True:
            await asyncio.sleep(pause_s)
            self.sweep()

    def add(self, connection: "HttpConnection") -> None:
        """Watch over one more socket."""
        self._open[connection] = None

    def remove(self, connection: "HttpConnection") -> None:
        """A socket is closed."""
        self._open.pop(connection, None)

    def __len__(self) -> int:
        return len(self._open)


class HttpConnection(web.RequestHandler):
    """aiohttp's protocol of one socket, with the deadlines of `HttpLimits` and errors in our own form.

    `phase` is what the peer owes: `head` the rest of a header, `idle` nothing; in `busy` we owe an answer
    and the request's own deadlines hold. `since` is when the phase began.
    """

    def __init__(self, manager: web.Server, connections: HttpConnections, **options: Any) -> None:
        super().__init__(manager, **options)
        self._connections = connections
        self._wire: asyncio.Transport | None = None
        self._unsent = 0
        self._progress_at = 0.0
        self.phase: Phase = "head"
        self.since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._wire = wire = cast("asyncio.Transport", transport)  # uvloop has its own classes
        self._enter("head")
        has_room = self._connections.make_room()
        super().connection_made(transport)
        if has_room:
            self._connections.add(self)
        else:
            wire.abort()

    def connection_lost(self, exc: BaseException | None) -> None:
        self._connections.remove(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.phase == "idle":
            self._enter("head")
        super().data_received(data)

    def request_began(self) -> None:
        """The header of a request is whole."""
        self._enter("busy")

    def request_ended(self) -> None:
        """The answer is made; the peer owes nothing until its next byte."""
        self._enter("idle")

    def is_overdue(self, now: float) -> bool:
        """Say whether the peer's time is over at the monotonic time `now`."""
        limits = self._connections.limits
        if (unsent := self._unsent_bytes()) > 0:
            # A slow reader of a long answer is no idle one: it has all the time in which it makes progress.
            if unsent != self._unsent:
                self._unsent, self._progress_at = unsent, now
            self.since = now
            return now - self._progress_at > limits.stall_s
        self._unsent = 0
        if self.phase == "busy":
            return False
        return now - self.since > (limits.head_s if self.phase == "head" else limits.idle_s)

    def cut(self) -> None:
        """Close the socket at once; what was not sent is lost."""
        if self._wire is not None:
            self._wire.abort()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 - aiohttp's text may quote the request; ours does not
    ) -> web.StreamResponse:
        """Answer what is no HTTP, or what failed outside of every handler."""
        request_id = new_request_id()
        if status == 500:
            _log.error("request %s failed", request_id, exc_info=exc)
        else:
            # A scanner on an open port must not fill the log.
            _log.debug("bad HTTP from %s: %s", request.remote, exc)
        if request.writer.output_size > 0:
            raise ConnectionError("the answer has begun, an error cannot be told any more")
        code, detail = ("internal", _INTERNAL) if status == 500 else ("bad_http", "this is not a valid HTTP request")
        response = problem_response(Problem(status, code, detail), request_id)
        add_security_headers(response.headers, is_secure=request.secure)
        response.force_close()
        return response

    def _enter(self, phase: Phase) -> None:
        self.phase, self.since = phase, self._connections.clock.monotonic()

    def _unsent_bytes(self) -> int:
        return 0 if self._wire is None else self._wire.get_write_buffer_size()


_INTERNAL: Final = "the hub could not serve this request; its log names the cause under this id"


def new_request_id() -> str:
    """Return a fresh id under which the log and the caller speak of one request."""
    return secrets.token_hex(8)
