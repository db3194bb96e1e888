"""Follows a hub through its broker, for a part that runs as a process of its own (docs/contract.md 2, ARCHITECTURE D1).

States fill the store, events come in the order of their numbers, each once, also those of the time while this
process or the broker was away: they are asked for by `bridge/request/events`.
"""

import asyncio
import contextlib
import logging
from collections import deque
from types import TracebackType
from typing import Final, Protocol, Self

from irzhub.config.settings import MqttSettings
from irzhub.core.bus import Bus
from irzhub.core.clock import Clock
from irzhub.core.events import Event
from irzhub.core.health import Health
from irzhub.core.hub import HubPhaseChanged
from irzhub.core.metrics import Metrics
from irzhub.core.state import StateStore
from irzhub.core.tasks import Tasks
from irzhub.core.ulid import new_ulid
from irzhub.mqtt.client import Backoff, MqttClient
from irzhub.mqtt.hush import Hush
from irzhub.mqtt.mirror import StateMirror
from irzhub.mqtt.open_numbers import OpenNumbers
from irzhub.mqtt.outside import Outside
from irzhub.mqtt.payloads import OFFLINE, ONLINE, PayloadError, decode_event, decode_object, encode_json, read_event
from irzhub.mqtt.remote import RemoteCommands
from irzhub.mqtt.sequence import EventSequence
from irzhub.mqtt.session import MqttSession
from irzhub.mqtt.topics import Topic, Topics
from irzhub.mqtt.wire import Message, MqttLost, Received, Timing, Wanted

_log = logging.getLogger(__name__)

_QUEUE: Final = 100_000
"""What a broker has retained of ten thousand modems comes at once."""
_PAGE: Final = 500
_READY_MOST: Final = 5_000
_ANSWER_S: Final = 5.0
_LOOK_S: Final = 0.25
_GIVE_UP_S: Final = 30.0
"""Alarms that are there wait no longer for events that nobody answers with."""


class Position(Protocol):
    """How far events have been dealt with, kept over a restart."""

    position: int

    def advance(self, seq: int) -> None:
        """Note that everything up to `seq` is done."""


class HubFollower:
    """One hub, seen from another process. `take`, `wait` and `acknowledge` hand its events out in order.

    `commands` reach its modems, and `outside` are the topics of other programs on the same broker.

    Args:
        part: the name under which this process shows itself on `bridge/part/<part>/state`.
        position: where to go on; 0: begin with what happens from now on.
    """

    def __init__(
        self,
        settings: MqttSettings,
        hub_id: str,
        part: str,
        states: StateStore,
        position: Position,
        bus: Bus,
        clock: Clock,
        health: Health,
        metrics: Metrics,
        *,
        timing: Timing = Timing(),  # noqa: B008 - frozen
        backoff: Backoff | None = None,
    ) -> None:
        self._topics = topics = Topics(settings.base_topic)
        self._part_state = topics.part_state(part)
        self._mirror = StateMirror(states)
        self._position = position
        self._sequence = EventSequence(position.position or None)
        self._bus = bus
        self._clock = clock
        self._client = MqttClient(
            settings,
            f"irzhub-{hub_id}-{part}",
            Message(self._part_state, OFFLINE, retain=True),
            health,
            metrics,
            timing=timing,
            backoff=backoff,
            queue_length=_QUEUE,
        )
        self._hush = Hush(_log, clock)
        self.commands = RemoteCommands(topics, clock, self.publish)
        self.outside = Outside(topics, self._hush)
        self._tasks = Tasks("follower")
        self._session: MqttSession | None = None
        self._running: asyncio.Task[None] | None = None
        self._ready: deque[Event] = deque()
        self._open = OpenNumbers()
        self._arrived = asyncio.Event()
        self._stopping = asyncio.Event()
        self._asked: tuple[str, float] | None = None
        self._stuck_since: float | None = None
        self._is_tail_known = False
        self._is_level = False
        self._is_announced = False

    async def __aenter__(self) -> Self:
        self._topics.check()
        self._running = self._tasks.spawn(self._client.run(self._greet, self._serve), "client")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        if self._running is not None and self._session is not None:
            await asyncio.wait((self._running,), timeout=_ANSWER_S)
        await self.commands.close()
        await self._tasks.close()

    # For who works on the events.

    async def take(self, limit: int) -> list[Event]:
        """Return the next events in order, none when all were handed out.

        While what was missed is still on its way it is waited for: who finds none here has all of it.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_GIVE_UP_S):
                while not self._ready and not self._is_level:
                    self._arrived.clear()
                    await self._arrived.wait()
        taken = [self._ready.popleft() for _ in range(min(limit, len(self._ready)))]
        self._open.begin(event.seq for event in taken)
        return taken

    async def wait(self) -> None:
        """Wait until there is something to hand out."""
        while not self._ready:
            self._arrived.clear()
            await self._arrived.wait()

    def acknowledge(self, seq: int) -> None:
        """Note that all that follows from an event is kept: it will not be asked for again."""
        if newest := self._open.end(seq):
            self._position.advance(newest)

    @property
    def session(self) -> MqttSession | None:
        """The present connection, None while there is none."""
        return self._session

    @property
    def is_level(self) -> bool:
        """Whether all that the hub had when it was asked last was handed out or is ready."""
        return self._is_level

    @property
    def lost(self) -> int:
        """How many events the hub did not have any more."""
        return self._sequence.lost

    async def publish(self, message: Message) -> None:
        """Publish something.

        Raises:
            MqttLost: the broker is away.
        """
        if (session := self._session) is None:
            raise MqttLost("the broker is away")
        await session.publish(message)

    # One connection.

    async def _greet(self, session: MqttSession) -> None:
        await session.subscribe([Wanted(each) for each in self._topics.followed])
        await session.confirm(Message(self._part_state, ONLINE, retain=True))

    async def _serve(self, session: MqttSession) -> None:
        self._session, self._asked, self._is_tail_known = session, None, False
        consuming = self._tasks.spawn(self._consume(session), "consume")
        serving = self._tasks.spawn(self.outside.serve(session), "outside")
        try:
            while not self._stopping.is_set():
                await self._look(session)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_S):
                        await self._stopping.wait()
            await session.confirm(Message(self._part_state, OFFLINE, retain=True))
        finally:
            self._session = None
            consuming.cancel()
            serving.cancel()

    async def _consume(self, session: MqttSession) -> None:
        while True:
            try:
                received = await session.receive()
                topic = self._topics.parse(received.topic)
                if topic is not None:
                    await self._take_message(session, topic, received)
                else:
                    self.outside.take(received, session.version)
            except PayloadError as error:
                self._hush.warn(f"a message of the hub cannot be read: {error}")
            except MqttLost:
                return

    async def _take_message(self, session: MqttSession, topic: Topic, received: Received) -> None:
        match topic.kind:
            case "state" if topic.modem is not None:
                self._mirror.take_state(topic.modem, received.payload)
            case "availability" if topic.modem is not None:
                self._mirror.take_availability(topic.modem, received.payload)
            case "event" | "bridge_event" if not received.retained:
                if len(self._ready) < _READY_MOST:
                    self._hand_on(self._sequence.take(decode_event(received.payload)))
                else:
                    self._is_tail_known = False  # it is asked for when there is room
            case "request_response" if topic.verb == "events":
                if self._take_answer(received):
                    await self._look(session)
            case "command_response" if topic.modem is not None:
                self.commands.take_response(received)
            case _:
                pass

    # What is missing is asked for.

    async def _look(self, session: MqttSession) -> None:
        """Ask for what is missing, unless an answer is awaited; after a connection always once."""
        now = self._clock.monotonic()
        if self._asked is not None and now - self._asked[1] < _ANSWER_S:
            return
        self._give_up_waiting(now)
        wanted = self._sequence.wanted
        if wanted is None and not self._is_tail_known:
            wanted = self._sequence.position
        if wanted is None or len(self._ready) >= _READY_MOST:
            return
        transaction = new_ulid(int(self._clock.now().timestamp() * 1000))
        self._asked = transaction, now
        body = {"transaction": transaction, "after_seq": wanted, "limit": _PAGE}
        await session.publish(Message(self._topics.request("events"), encode_json(body)))

    def _take_answer(self, received: Received) -> bool:
        """Take in an answer to our own question; say whether it was one."""
        fields = decode_object(received.payload)
        if self._asked is None or fields.get("transaction") != self._asked[0]:
            return False
        self._asked = None
        data = fields.get("data")
        if fields.get("status") != "ok" or not isinstance(data, dict):
            self._hush.warn(f"the hub does not tell its events: {fields.get('error')}")
            return False
        try:
            events = [read_event(each) for each in data["events"]]
            first, last = int(data["first_seq"]), int(data["last_seq"])
        except (KeyError, TypeError, ValueError) as error:
            raise PayloadError(f"expected an answer with events, got something else: {error!r}") from error
        lost, is_new = self._sequence.lost, self._sequence.position is None
        self._hand_on(self._sequence.answered(events, first, last))
        if is_new:  # also who stops before the first event goes on from here
            self._position.advance(last)
        if self._sequence.lost > lost:
            _log.warning("%d events of the hub are gone: it had removed them already", self._sequence.lost - lost)
        if self._sequence.wanted is None:
            self._is_tail_known = self._is_level = True
            self._arrived.set()
            self._announce()
        elif len(self._ready) >= _READY_MOST:  # the rest comes as these are taken
            self._announce()
        return True

    def _announce(self) -> None:
        """Say once that the states and events of the hub are here."""
        if not self._is_announced:
            self._is_announced = True
            self._bus.publish(HubPhaseChanged("online"))

    def _give_up_waiting(self, now: float) -> None:
        """Hand on alarms that wait for events which nobody answers with."""
        if not self._sequence.is_stuck:
            self._stuck_since = None
        elif self._stuck_since is None:
            self._stuck_since = now
        elif now - self._stuck_since > _GIVE_UP_S:
            self._stuck_since = None
            _log.error("the hub does not answer what it was asked for: events are missing from %s on", self._gap)
            self._hand_on(self._sequence.skip())

    @property
    def _gap(self) -> str:
        position = self._sequence.position
        return "the start" if position is None else str(position + 1)

    def _hand_on(self, events: list[Event]) -> None:
        for event in events:
            self._ready.append(event)
            self._bus.publish(event)
        if events:
            self._stuck_since = None
            self._arrived.set()
