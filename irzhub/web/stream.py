"""One follower of the live stream: what happened since a number, then all as it happens, without gap or double.

The past is read page by page until nothing is left; in that same turn of the loop the follower is put on
the bus, so nothing can happen in between. From there on a bounded queue holds what the socket does not take
yet; when it is full the follower is let go with a code that says where to go on.
"""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from irzhub.core.alerts import AlertShown
from irzhub.core.bus import Bus
from irzhub.core.event_json import event_type
from irzhub.core.events import Event
from irzhub.core.exceptions import UnknownModem
from irzhub.core.groups import is_within
from irzhub.core.state import ModemForgotten, ModemState, StateChanged, StateStore
from irzhub.web.identity import Identity, may_see

QUEUE_LIMIT: Final = 2000
"""Messages that wait for one socket: a storm of two seconds, some 600 KB."""
_GATHER_S: Final = 0.1
"""How long gathered messages wait: no eye sees it, and a browser takes ten of them a second with ease."""
SLOW: Final = 4008
"""Close code: the follower did not keep up; it goes on with `after_seq`, which the reason names."""
SIGNED_OUT: Final = 4401
"""Close code: the session or token is not good any more."""
GOING_AWAY: Final = 1001


@dataclass(frozen=True, slots=True)
class Wish:
    """What a follower wants to hear of; None means all."""

    modems: frozenset[str] | None = None
    group: str | None = None
    types: frozenset[str] | None = None
    states: bool = False
    alerts: bool = False

    def covers(self, modem: str | None, states: StateStore) -> bool:
        """Say whether something of this modem (None: of the hub) is wanted."""
        if self.modems is not None and modem not in self.modems:
            return False
        if self.group is None:
            return True
        return modem is not None and modem in states and is_within(states.get(modem).group, self.group)


class Socket(Protocol):
    """The end that a follower holds."""

    async def send_str(self, data: str) -> None:
        """Send one message; waits while the socket is full."""


class StreamEnded(Exception):
    """The stream is to be closed with a code and a reason."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(slots=True, eq=False)
class Follower:
    """Sends one caller what the caller wants and may see.

    Args:
        read_after: returns one page of wanted events behind a number and up to which number it looked.
        last_seq: the newest number that was published.
        event_json, state_json: an event, and the state of a modem, as the interface shows them.
        gathers: what happens within a tenth of a second is sent as one array, and of the states of one modem
            in it only the last.
    """

    socket: Socket
    bus: Bus
    states: StateStore
    identity: Identity
    wish: Wish
    read_after: Callable[[int, Wish], Awaitable[tuple[list[Event], int]]]
    last_seq: Callable[[], int]
    event_json: Callable[[Event], dict[str, Any]]
    state_json: Callable[[ModemState], dict[str, Any]]
    gathers: bool = False
    position: int = 0
    _queue: deque[tuple[int, dict[str, Any] | ModemState]] = field(default_factory=deque)
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _ended: StreamEnded | None = None

    async def run(self, after_seq: int | None) -> None:
        """Send for ever: first what came behind `after_seq` (None: nothing of the past), then live.

        Raises:
            StreamEnded: the stream is over, with what to say about it.
        """
        async with AsyncExitStack() as stack:
            self.position = self.last_seq() if after_seq is None else after_seq
            await self._catch_up()
            stack.callback(self.bus.subscribe(AlertShown, self._alert))
            for kind, take in ((Event, self._event), (StateChanged, self._state), (ModemForgotten, self._forgotten)):
                stack.callback(self.bus.subscribe(kind, take))  # type: ignore[arg-type]  # each takes its own kind
            await self._send_live()

    def end(self, code: int, reason: str) -> None:
        """Have the stream end as soon as it looks."""
        self._ended = self._ended or StreamEnded(code, reason)
        self._wake.set()

    def say(self, message: dict[str, Any]) -> None:
        """Queue a message of the stream itself."""
        self._put(0, message)

    async def _catch_up(self) -> None:
        while self.position < self.last_seq():
            events, until = await self.read_after(self.position, self.wish)
            for event in events:
                if self._ended is not None:
                    raise self._ended
                await self.socket.send_str(_text(self.event_json(event)))
                self.position = event.seq
            self.position = max(self.position, until)

    async def _send_live(self) -> None:
        while True:
            while self._queue and self._ended is None:
                await (self._send_gathered() if self.gathers else self._send_next())
            if self._ended is not None:
                raise self._ended
            self._wake.clear()
            await self._wake.wait()
            if self.gathers:
                await asyncio.sleep(_GATHER_S)

    async def _send_next(self) -> None:
        seq, what = self._queue.popleft()
        if (message := self._shown(what)) is not None:
            await self.socket.send_str(_text(message))
        self.position = max(self.position, seq)

    async def _send_gathered(self) -> None:
        waiting, self._queue = self._queue, deque()
        last = {what.modem: what for _, what in waiting if isinstance(what, ModemState)}
        wanted = (what for _, what in waiting if not isinstance(what, ModemState) or last[what.modem] is what)
        if messages := [message for what in wanted if (message := self._shown(what)) is not None]:
            await self.socket.send_str(_text(messages))
        self.position = max(self.position, *(seq for seq, _ in waiting))

    def _shown(self, what: dict[str, Any] | ModemState) -> dict[str, Any] | None:
        """Return a message as it is sent; None for a modem that was deleted since: that is told behind it."""
        if not isinstance(what, ModemState):
            return what
        try:
            return {"type": "state", "modem": what.modem, "data": self.state_json(what)}
        except UnknownModem:
            return None

    def _event(self, event: Event) -> None:
        is_wanted = self.wish.types is None or event_type(event) in self.wish.types
        if is_wanted and self.wish.covers(event.modem, self.states) and self._sees(event.modem):
            self._put(event.seq, self.event_json(event))

    def _state(self, change: StateChanged) -> None:
        state = change.state
        if self.wish.states and self.wish.covers(state.modem, self.states) and may_see(self.identity, state):
            self._put(0, state)

    def _alert(self, alert: AlertShown) -> None:
        """Of a common cause those hear who see the whole hub: its counts are of everybody's modems."""
        if self.wish.alerts and self.wish.covers(alert.modem, self.states) and self._sees(alert.modem):
            self._put(0, {"type": "alert", "id": alert.number, "modem": alert.modem, "data": alert.shown})

    def _forgotten(self, gone: ModemForgotten) -> None:
        modem, wish = gone.state.modem, self.wish
        is_asked = wish.modems is None or modem in wish.modems
        is_asked &= wish.group is None or is_within(gone.state.group, wish.group)
        if wish.states and is_asked and may_see(self.identity, gone.state):
            self._put(0, {"type": "state", "modem": modem, "data": None})

    def _sees(self, modem: str | None) -> bool:
        if self.identity.scope.is_whole:
            return True
        return modem is not None and modem in self.states and may_see(self.identity, self.states.get(modem))

    def _put(self, seq: int, message: dict[str, Any] | ModemState) -> None:
        if len(self._queue) >= QUEUE_LIMIT:
            self._queue.clear()
            self.end(SLOW, f"too slow: go on with after_seq={self.position}")
        elif self._ended is None:
            self._queue.append((seq, message))
            self._wake.set()


def _text(message: dict[str, Any] | list[dict[str, Any]]) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode()
