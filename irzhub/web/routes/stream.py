"""`/api/v1/ws`: the live stream over a WebSocket, with what was missed before it."""

import asyncio
import contextlib
from dataclasses import replace
from typing import Any, Final

from aiohttp import WSMsgType, web
from pydantic import ConfigDict, Field

from irzhub.core.events import Event
from irzhub.core.state import ModemState
from irzhub.core.tasks import Tasks
from irzhub.web.context import DEADLINE, IDENTITY, WebContext, bus_of, context_of
from irzhub.web.event_log import read_events
from irzhub.web.identity import Identity
from irzhub.web.middleware import is_own_page
from irzhub.web.models import Closed, EventQuery, HubEvent
from irzhub.web.modem_json import modem_json
from irzhub.web.permissions import Right
from irzhub.web.problem import Problem
from irzhub.web.reading import read_query
from irzhub.web.route import Answer, Route
from irzhub.web.routes.events import event_json
from irzhub.web.standing import until_refused
from irzhub.web.stream import GOING_AWAY, SIGNED_OUT, Follower, StreamEnded, Wish
from irzhub.web.strict_json import BadJson, parse_json

_MESSAGE_LIMIT: Final = 64 * 1024
_HEARTBEAT_S: Final = 30.0
_PAGE: Final = 500
_CLOSE_S: Final = 2.0
FOLLOWERS: Final[web.AppKey[set[Follower]]] = web.AppKey("followers", set)


class StreamQuery(Closed):
    """What is to be heard of, and since when."""

    model_config = ConfigDict(extra="forbid", strict=False)

    after_seq: int | None = Field(
        default=None, ge=0, le=2**62, description="the last number that was seen; null: nothing of the past"
    )
    modem: str | None = Field(default=None, max_length=1000, description="ids with commas between")
    group: str | None = Field(default=None, max_length=200)
    type: str | None = Field(default=None, max_length=400, description="types of events with commas between")
    states: bool = Field(default=False, description="each change of a modem's state too, as type `state`")
    alerts: bool = Field(
        default=False, description="each change of an open alert too, as type `alert`; `data` null: over"
    )
    gather: bool = Field(
        default=False,
        description="what happens within 0.1 s as one message, an array; of a modem's states in it only the last",
    )


async def follow(request: web.Request) -> web.StreamResponse:
    """Send events, and states where they are wanted, until the socket is closed."""
    if not is_own_page(request):
        raise Problem(403, "cross_origin", "the stream is for this hub's own pages and for programs only")
    query = read_query(request, StreamQuery)
    if request.headers.get("Upgrade", "").lower() != "websocket":
        raise Problem(426, "upgrade_required", "expected a WebSocket", headers={"Upgrade": "websocket"})
    socket = web.WebSocketResponse(max_msg_size=_MESSAGE_LIMIT, heartbeat=_HEARTBEAT_S, compress=False)
    try:
        await socket.prepare(request)
    except ConnectionError:
        return web.Response(status=400)  # the peer left during the handshake, nobody reads this
    request[DEADLINE].reschedule(None)  # it lasts as long as it lasts
    follower = _follower(request, socket, _wish(query), gathers=query.gather)
    followers, tasks = request.app[FOLLOWERS], Tasks("stream")
    followers.add(follower)
    tasks.spawn(_listen(socket, follower), "listen")
    tasks.spawn(_recheck(request, follower), "recheck")
    try:
        await follower.run(query.after_seq)
    except StreamEnded as end:
        with contextlib.suppress(TimeoutError, ConnectionError):
            async with asyncio.timeout(_CLOSE_S):
                await socket.close(code=end.code, message=end.reason.encode()[:120])
    except ConnectionError:
        pass  # the peer is gone
    finally:
        followers.discard(follower)
        await tasks.close()
    return socket


async def end_streams(app: web.Application) -> None:
    """Tell every follower that the hub stops: it goes on with the next one."""
    followers = app[FOLLOWERS]
    for follower in tuple(followers):
        follower.end(GOING_AWAY, f"the hub stops: go on with after_seq={follower.position}")


def _follower(request: web.Request, socket: web.WebSocketResponse, wish: Wish, *, gathers: bool) -> Follower:
    context = context_of(request)

    async def read_after(position: int, wish: Wish) -> tuple[list[Event], int]:
        last = context.journal.last_seq
        query = EventQuery(
            after_seq=position,
            limit=_PAGE,
            group=wish.group,
            type=None if wish.types is None else ",".join(sorted(wish.types)),
        )
        page = await read_events(request, query)
        wanted = [event for event in page.events if wish.modems is None or event.modem in wish.modems]
        return wanted, last if page.next_seq is None else page.next_seq

    return Follower(
        socket=socket,
        bus=bus_of(request),
        states=context.states,
        identity=request[IDENTITY],
        wish=wish,
        read_after=read_after,
        last_seq=lambda: context.journal.last_seq,
        event_json=event_json,
        state_json=lambda state: _state_json(context, state, request.remote),
        gathers=gathers,
    )


def _state_json(context: WebContext, state: ModemState, towards: str | None) -> dict[str, Any]:
    return modem_json(state, context.registry, towards)


async def _listen(socket: web.WebSocketResponse, follower: Follower) -> None:
    """Take what the follower says: another wish, or that it leaves."""
    async for message in socket:
        if message.type is not WSMsgType.TEXT:
            break
        try:
            follower.wish = _changed(follower.wish, parse_json(message.data.encode()))
        except (BadJson, Problem, TypeError, ValueError):
            follower.say(
                {
                    "type": "error",
                    "detail": 'expected {"type": "subscribe", "modems", "group", "types", "states", "alerts"}',
                }
            )
        else:
            follower.say({"type": "subscribed"})
    follower.end(1000, "")


async def _recheck(request: web.Request, follower: Follower) -> None:
    """See that the caller may still listen, and to what."""

    def narrow(identity: Identity) -> None:
        follower.identity = identity

    await until_refused(request, Right.READ_EVENTS, on_identity=narrow)
    follower.end(SIGNED_OUT, "not signed in any more, or without the right")


def _wish(query: StreamQuery) -> Wish:
    return Wish(
        modems=None if query.modem is None else _names(query.modem),
        group=None if query.group is None else query.group.strip("/ "),
        types=None if query.type is None else _names(query.type),
        states=query.states,
        alerts=query.alerts,
    )


def _changed(wish: Wish, said: Any) -> Wish:
    if not isinstance(said, dict) or said.get("type") != "subscribe" or said.keys() - _SUBSCRIBE:
        raise ValueError("no subscription")
    changes: dict[str, Any] = {}
    for name in ("modems", "types"):
        if name in said:
            changes[name] = None if said[name] is None else frozenset(str(each) for each in list(said[name])[:1000])
    if "group" in said:
        changes["group"] = None if said["group"] is None else str(said["group"]).strip("/ ")
    changes |= {name: said[name] is True for name in ("states", "alerts") if name in said}
    return replace(wish, **changes)


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(","))


_SUBSCRIBE: Final = frozenset({"type", "modems", "group", "types", "states", "alerts"})

ROUTES: Final = (
    Route(
        method="GET",
        path="/api/v1/ws",
        name="follow",
        tag="events",
        summary="The live stream over a WebSocket: each message is an event as on MQTT",
        handler=follow,
        answers={101: Answer(description="The socket is a stream of HubEvent objects from here on", model=HubEvent)},
        errors=(400, 426),
        query=StreamQuery,
    ),
)
