"""What a pool knows of one worker's modems, so that it can take leave of them when the worker dies."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from irzhub.relay.messages import (
    ClientClosed,
    ClientLives,
    ClientOpened,
    CommandAnswered,
    DialInRejected,
    DialogueEnded,
    LineRead,
    PortFailed,
    PortOpened,
    RingRead,
    SessionClosed,
    SessionLives,
    SessionOpened,
    ToHub,
    Traffic,
)
from irzhub.relay.orders import ReadLine, ReadRing, SendCommand, StartDialogue

Asked: TypeAlias = SendCommand | ReadRing | ReadLine | StartDialogue
"""What a worker owes an answer to."""

GONE = "the relay's worker that served it ended; it is started again"
UNTOLD = "its relay worker ended before it told of this connection"
"""Why a modem was rejected that may have been answered: nobody can say any more."""
HANDED_OVER_S: Final = 15.0
"""A worker that has not told of a socket by then has nothing to tell: the modem hung up at once."""


class _Session:
    """A modem that is connected at the worker: what its end will have to say."""

    __slots__ = ("generation", "last_byte_at", "opened_at", "rx_bytes", "tx_bytes")

    def __init__(self, generation: int, opened_at: float) -> None:
        self.generation = generation
        self.opened_at = self.last_byte_at = opened_at
        self.rx_bytes = self.tx_bytes = 0


class Ledger:
    """Follows both directions of a worker's door; `lose` says what the dead worker no longer can."""

    def __init__(self) -> None:
        self._sessions: dict[str, _Session] = {}
        self._ports: dict[str, PortOpened] = {}
        self._clients: dict[tuple[str, str], ClientOpened | ClientLives] = {}
        self._handed_over: dict[str, tuple[str, float]] = {}
        self._asked: dict[str, Asked] = {}

    def note_sent(self, message: Asked) -> None:
        """The worker owes an answer."""
        self._asked[message.request] = message

    def note_handed_over(self, modem: str, peer: str, now: float) -> None:
        """The worker has got the socket of a modem at `now` (monotonic); it is to tell what becomes of it."""
        self._handed_over[peer] = (modem, now)

    def sweep(self, now: float) -> None:
        """Forget sockets of which nothing was told for long, from old to new."""
        while self._handed_over:
            peer = next(iter(self._handed_over))
            if self._handed_over[peer][1] > now - HANDED_OVER_S:
                return
            del self._handed_over[peer]

    def note_told(self, message: ToHub) -> None:
        """Keep what the worker has told."""
        if isinstance(message, Traffic):
            for modem, (rx_bytes, tx_bytes, last_byte_at) in message.grown.items():
                if (session := self._sessions.get(modem)) is not None:
                    session.rx_bytes += rx_bytes
                    session.tx_bytes += tx_bytes
                    session.last_byte_at = last_byte_at or session.last_byte_at
        elif isinstance(message, SessionOpened):
            self._handed_over.pop(message.peer, None)
            self._sessions[message.modem] = _Session(message.generation, message.at)
        elif isinstance(message, SessionLives):
            self._sessions[message.modem] = session = _Session(message.generation, message.opened_at)
            session.rx_bytes, session.tx_bytes = message.rx_bytes, message.tx_bytes
            session.last_byte_at = message.last_byte_at
        elif isinstance(message, DialInRejected):
            self._handed_over.pop(message.peer, None)
        elif isinstance(message, SessionClosed):
            session = self._sessions.get(message.modem)
            if session is not None and session.generation == message.generation:
                del self._sessions[message.modem]
        elif isinstance(message, ClientOpened | ClientLives):
            self._clients[message.modem, message.client] = message
        elif isinstance(message, ClientClosed):
            self._clients.pop((message.modem, message.client), None)
        elif isinstance(message, PortOpened):
            self._ports[message.modem] = message
        elif isinstance(message, PortFailed):
            self._ports.pop(message.modem, None)
        elif isinstance(message, CommandAnswered | RingRead | LineRead | DialogueEnded):
            self._asked.pop(message.request, None)

    def forget(self, modem: str) -> None:
        """The modem was removed: its port is no longer missed."""
        self._ports.pop(modem, None)

    @property
    def sessions(self) -> int:
        """How many modems are connected at the worker."""
        return len(self._sessions)

    def lose(self, at: float) -> Iterator[ToHub]:
        """Yield what has to be told of a worker that died at `at` (Unix time), and forget it."""
        asked, self._asked = self._asked, {}
        for request in asked.values():
            yield answer_for(request, at)
        clients, self._clients = self._clients, {}
        left: dict[str, int] = {}
        for opened in clients.values():
            left[opened.modem] = left.get(opened.modem, 0) + 1
        for opened in clients.values():
            left[opened.modem] -= 1
            yield _client_lost(opened, left[opened.modem], at)
        sessions, self._sessions = self._sessions, {}
        for modem, session in sessions.items():
            yield _session_lost(modem, session, at)
        handed_over, self._handed_over = self._handed_over, {}
        for peer, (modem, _) in handed_over.items():
            yield DialInRejected(reason=UNTOLD, peer=peer, at=at, modem=modem)
        ports, self._ports = self._ports, {}
        for port in ports.values():
            yield PortFailed(modem=port.modem, host=port.host, port=port.port, error=GONE)


def answer_for(request: Asked, at: float) -> ToHub:
    """Return the answer that a worker which is not there would owe at `at` (Unix time)."""
    if isinstance(request, StartDialogue):
        return DialogueEnded(
            request=request.request,
            modem=request.modem,
            at=at,
            reason="worker_lost",
            detail=GONE,
            acknowledged=request.first,
            total=len(request.lines),
            may_have_applied=True,
        )
    if isinstance(request, ReadRing):
        return RingRead(request=request.request, modem=request.modem, entries=[])
    if isinstance(request, ReadLine):
        return LineRead(request=request.request, modem=request.modem, programs=[])
    return CommandAnswered(request=request.request, modem=request.modem, status="error", error=GONE)


def _client_lost(opened: ClientOpened | ClientLives, left: int, at: float) -> ClientClosed:
    return ClientClosed(
        modem=opened.modem,
        client=opened.client,
        peer=opened.peer,
        at=at,
        clients=left,
        reason="modem_lost",
        lasted_s=max(round(at - opened.at, 3), 0.0),
        rx_bytes=0,
        tx_bytes=0,
    )


def _session_lost(modem: str, session: _Session, at: float) -> SessionClosed:
    return SessionClosed(
        modem=modem,
        generation=session.generation,
        at=at,
        reason="worker_lost",
        detail=GONE,
        lasted_s=max(round(at - session.opened_at, 3), 0.0),
        rx_bytes=session.rx_bytes,
        tx_bytes=session.tx_bytes,
        last_byte_at=session.last_byte_at,
    )
