"""The bus on the wire: everything the hub knows, as topics of a broker (docs/contract.md 2)."""

import asyncio
import contextlib
import logging
from datetime import datetime
from types import TracebackType
from typing import Any, Final, Self

from irzhub.config.settings import Settings
from irzhub.const import VERSION
from irzhub.core.bus import Bus, Unsubscribe
from irzhub.core.clock import Clock, format_time
from irzhub.core.courtesy import give_way
from irzhub.core.events import Event, ModemRegistered
from irzhub.core.health import Health
from irzhub.core.hub import HubPhase, HubPhaseChanged
from irzhub.core.metrics import Metrics
from irzhub.core.services import Services
from irzhub.core.state import ModemForgotten, StateChanged, StateStore
from irzhub.core.tasks import Tasks
from irzhub.journal.journal import Journal
from irzhub.mqtt.alert_board import AlertBoard
from irzhub.mqtt.client import Backoff, MqttClient
from irzhub.mqtt.commands import CommandDesk, are_allowed
from irzhub.mqtt.feed import EventFeed
from irzhub.mqtt.hush import Hush
from irzhub.mqtt.ledger import TopicLedger
from irzhub.mqtt.outbox import StateOutbox
from irzhub.mqtt.outside import Outside
from irzhub.mqtt.payloads import OFFLINE, ONLINE, encode_json, foreign_hub
from irzhub.mqtt.publisher import Publisher
from irzhub.mqtt.requests import RequestDesk
from irzhub.mqtt.session import V5, MqttSession
from irzhub.mqtt.topics import Topics
from irzhub.mqtt.wire import Message, MqttLost, MqttRefused, Received, Timing, Wanted
from irzhub.storage.errors import LocalStoreFailed
from irzhub.storage.local import LocalStore

_log = logging.getLogger(__name__)

_AT_ONCE: Final = 100
_COURTESY_S: Final = 0.1
"""So long a portion waits for a busy loop: a thousand a second go out whatever else there is."""
_INFO_WAIT_S: Final = 0.5
_INFO_EVERY_S: Final = 60.0
_READ_BACK_S: Final = 5.0
_DRAIN_S: Final = 2.0
_FLUSH_S: Final = 1.0
_STOP_S: Final = 5.0
_RETRY_S: Final = 1.0
_PORTS_FIRST_S: Final = 10.0
_LOOK_S: Final = 0.02


class MqttBridge:
    """Publishes state and events, takes commands and requests, for as long as it is entered.

    It never makes anybody wait: what happens is noted and published by one task, which reads events from
    the journal and states from the store. Enter it before the fleet, so that no phase of the hub is missed.

    Args:
        broker: what the broker is, for `bridge/info`: `mosquitto`, `amqtt` or `external`.
        first_version: MQTT version to try first; 3.1.1 for amqtt.
        outside: what others in the hub publish and hear beside it, None: nothing.
    """

    def __init__(
        self,
        settings: Settings,
        store: LocalStore,
        journal: Journal,
        states: StateStore,
        bus: Bus,
        services: Services,
        health: Health,
        metrics: Metrics,
        clock: Clock,
        *,
        broker: str = "external",
        first_version: int = V5,
        outside: Outside | None = None,
        timing: Timing = Timing(),  # noqa: B008 - frozen
        backoff: Backoff | None = None,
    ) -> None:
        self._settings = settings.mqtt
        self._hub_id = settings.hub.id
        self._broker = broker
        self._topics = topics = Topics(settings.mqtt.base_topic)
        self._journal = journal
        self._states = states
        self._bus = bus
        self._clock = clock
        self._ledger = TopicLedger(store, topics)
        self._outbox = StateOutbox()
        self._alerts = AlertBoard(topics, self._ledger)
        self._feed = EventFeed(journal, settings.mqtt.resend_s)
        self._publisher = Publisher(topics, states, self._ledger, self._outbox, self._feed, clock)
        self._commands = CommandDesk(topics, services, clock, self._send)
        self._requests = RequestDesk(topics, journal, clock, self._info, self._send)
        self._client = MqttClient(
            settings.mqtt,
            f"irzhub-{settings.hub.id}",
            Message(topics.bridge_state, OFFLINE, retain=True),
            health,
            metrics,
            timing=timing,
            backoff=backoff,
            first_version=first_version,
        )
        self._health = health
        self._hush = Hush(_log, clock)
        self._outside = outside or Outside(topics, self._hush)
        self._tasks = Tasks("mqtt")
        self._running: asyncio.Task[None] | None = None
        self._unsubscribe: list[Unsubscribe] = []
        self._wake = asyncio.Event()
        self._session: MqttSession | None = None
        self._phase: HubPhase = "starting"
        self._is_fleet_known = False
        self._is_stopping = False
        self._is_left = False
        self._is_broker_the_same = False
        self._is_state_due = False
        self._info_sent: bytes = b""
        self._info_due_at = 0.0
        self._started_at: datetime | None = None
        self._lost_at: datetime | None = None

    async def __aenter__(self) -> Self:
        self._topics.check()
        self._started_at = self._clock.now()
        await self._ledger.load()
        self._unsubscribe = [
            self._bus.subscribe(StateChanged, self._on_state),
            self._bus.subscribe(ModemForgotten, self._on_forgotten),
            *self._alerts.follow(self._bus, self._wake.set),
            self._bus.subscribe(Event, self._on_event),
            self._bus.subscribe(HubPhaseChanged, self._on_phase),
        ]
        self._running = self._tasks.spawn(self._client.run(self._greet, self._serve), "client")
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FLUSH_S):
                await self._journal.flush()
        self._is_stopping = True
        self._wake.set()
        if self._running is not None and self._session is not None:
            await asyncio.wait((self._running,), timeout=_STOP_S)
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        await self._commands.close()
        await self._tasks.close()

    def resume(self, *, is_broker_the_same: bool) -> None:
        """Before entering: the fleet of a hub that was replaced goes on, and what it said of itself still holds."""
        self._phase = "online"
        self._is_broker_the_same = is_broker_the_same

    @property
    def session(self) -> MqttSession | None:
        """Return the present connection, None while there is none."""
        return self._session

    def leave(self) -> None:
        """Before leaving: a hub takes this one's place, so say nothing of an end."""
        self._is_left = True

    # What happens in the hub: noted here, published by the pump.

    def _on_state(self, change: StateChanged) -> None:
        self._outbox.note(change, self._clock.monotonic())
        self._wake.set()

    def _on_forgotten(self, gone: ModemForgotten) -> None:
        self._outbox.note_gone(gone.state.modem)
        self._wake.set()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, ModemRegistered) and event.peer is not None and event.modem is not None:
            self._outbox.hold(event.modem, self._clock.monotonic())
        self._feed.wake()
        self._wake.set()

    def _on_phase(self, changed: HubPhaseChanged) -> None:
        before, self._phase = self._state_payload(), changed.phase
        self._is_state_due |= self._state_payload() != before
        self._info_due_at = 0.0
        if not self._is_fleet_known:  # the first phase comes after the registry was loaded
            self._is_fleet_known = True
            self._publisher.note_missing()
        self._wake.set()

    # One connection: greeting, then pump and consumer until it ends.

    async def _greet(self, session: MqttSession) -> None:
        """Look who else is here, say how the hub is, and see that it can be read back.

        Raises:
            MqttRefused: another hub uses the base topic, or the broker's rules deny what we need.
        """
        topics = self._topics
        await session.subscribe([Wanted(topics.bridge_info)])
        await self._refuse_foreign(session)
        commands = topics.commands if are_allowed(self._settings) else ()
        await session.subscribe(
            [Wanted(topics.bridge_state), *(Wanted(each, live_only=True) for each in (topics.requests, *commands))]
        )
        self._is_state_due = False
        payload = self._state_payload()
        try:
            async with asyncio.timeout(_READ_BACK_S):
                await session.confirm(Message(topics.bridge_state, payload, retain=True))
                while not (await session.receive()).is_live(topics.bridge_state, payload):
                    pass
        except TimeoutError:
            raise self._denied("is not given back") from None
        except MqttLost as error:  # Mosquitto 2.0 hangs up on who publishes what it must not
            raise self._denied(f"ended the connection ({error})") from error

    def _denied(self, how: str) -> MqttRefused:
        user = self._settings.username
        who = "anonymous clients" if user is None else f"user {user!r}"
        return MqttRefused(
            f"what we published on {self._topics.bridge_state} {how}: do the broker's access rules let {who} read and "
            f"write {self._topics.all}?"
        )

    async def _refuse_foreign(self, session: MqttSession) -> None:
        try:
            async with asyncio.timeout(_INFO_WAIT_S):
                received = await session.receive()
        except TimeoutError:
            return
        if (other := foreign_hub(received.payload, self._hub_id)) is not None:
            raise MqttRefused(
                f"the base topic {self._topics.base!r} belongs to the hub {other!r}, this one is {self._hub_id!r}: set "
                f"mqtt.base_topic to a name of its own (or hub.id: {other}, when it replaces that hub)"
            )

    async def _serve(self, session: MqttSession) -> None:
        """Publish and listen until the hub stops or the connection ends."""
        self._session = session
        consuming = self._tasks.spawn(self._consume(session), "consume")
        serving = self._tasks.spawn(self._outside.serve(session), "outside")
        try:
            await self._pump(session)
        finally:
            self._session = None
            self._lost_at = self._clock.now()
            consuming.cancel()
            serving.cancel()

    async def _pump(self, session: MqttSession) -> None:
        publisher = self._publisher
        publisher.begin()
        self._alerts.begin()
        if self._is_fleet_known:
            publisher.note_missing()
        self._info_sent = b""
        await self._publish_info(session)
        await publisher.clear_strays(session)
        await self._let_ports_open()
        wanted = len(self._outbox)
        while wanted > 0:
            wanted -= await publisher.publish_due(session, _AT_ONCE) or wanted
        await self._rewind()
        while not self._is_stopping:
            self._wake.clear()
            if not await self._publish_some(session):
                await self._wait()
            elif len(self._outbox) or not self._feed.is_empty:
                await give_way(_COURTESY_S)  # when ten thousand modems come at once, their hellos are read first
        await self._finish(session)

    async def _let_ports_open(self) -> None:
        """Modems and programs come first: the topics of ten thousand modems wait until the relay serves them."""
        give_up_at = self._clock.monotonic() + _PORTS_FIRST_S
        while (  # noqa: ASYNC110 - health has no event for one part
            self._health.is_starting("relay") and self._clock.monotonic() < give_up_at and not self._is_stopping
        ):
            await asyncio.sleep(_LOOK_S)

    async def _publish_some(self, session: MqttSession) -> int:
        """Publish a little of everything; return how much it was."""
        if self._is_state_due and self._phase != "online":
            await self._publish_state(session)
        alerts = await self._alerts.publish_due(session, _AT_ONCE)
        try:
            count = await self._publisher.publish_events(session, _AT_ONCE)
        except LocalStoreFailed as error:
            self._hush.warn(f"events cannot be read for MQTT, trying again: {error}")
            await asyncio.sleep(_RETRY_S)
            count = 0
        count += await self._publisher.publish_due(session, _AT_ONCE)
        if self._is_state_due and not len(self._outbox):
            await self._publish_state(session)  # `online` only after all that it vouches for
        if self._clock.monotonic() >= self._info_due_at:
            await self._publish_info(session)
        await self._publisher.forget_cleared()
        return count + alerts

    async def _rewind(self) -> None:
        while True:
            try:
                await self._feed.rewind(self._lost_at, has_all=self._is_broker_the_same)
                self._is_broker_the_same = False
                return
            except LocalStoreFailed as error:
                self._hush.warn(f"the journal cannot be read for MQTT, trying again: {error}")
                await asyncio.sleep(_RETRY_S)

    async def _wait(self) -> None:
        """Sleep until something happens or becomes due."""
        due = self._outbox.next_due()
        until = self._info_due_at if due is None else min(due, self._info_due_at)
        try:
            async with asyncio.timeout(max(0.01, until - self._clock.monotonic())):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _finish(self, session: MqttSession) -> None:
        """Publish what is left, for a moment, and say goodbye in the hub's own words rather than by the will."""
        try:
            async with asyncio.timeout(_DRAIN_S):
                while await self._publish_some(session):
                    pass
        except TimeoutError:
            _log.warning("stopped before everything was published; the rest follows at the next start")
        if self._phase != "stopping" and not self._is_left:
            self._phase = "stopping"
            await self._publish_state(session)
        await session.drain(_DRAIN_S)

    async def _consume(self, session: MqttSession) -> None:
        while True:
            try:
                received = await session.receive()
                if not self._outside.take(received, session.version):
                    await self._take(received)
            except MqttLost:
                return

    async def _take(self, received: Received) -> None:
        topic = self._topics.parse(received.topic)
        if topic is None:
            self._hush.warn(f"a message on {received.topic[:200]!r} is dropped: no modem or verb can be called that")
        elif topic.kind == "bridge_state":
            if received.payload == OFFLINE and self._phase == "online":
                self._is_state_due = True  # an old session's will fired late (rule 1)
                self._wake.set()
        elif topic.kind == "bridge_info":
            if (other := foreign_hub(received.payload, self._hub_id)) is not None:
                self._hush.warn(f"another hub, {other!r}, publishes under our base topic {self._topics.base!r}")
                self._info_sent, self._info_due_at = b"", 0.0
                self._wake.set()
        elif topic.kind == "request" and topic.verb is not None:
            await self._requests.answer(topic.verb, received)
        elif topic.kind in ("command", "set_output"):
            self._commands.take(topic, received)

    async def _send(self, message: Message) -> None:
        """Publish an answer on the present connection; without one it is dropped, as who asked is gone too."""
        if (session := self._session) is not None:
            try:
                await session.publish(message)
            except MqttLost as error:
                _log.debug("an answer on %s is dropped: %s", message.topic, error)

    # The hub's own retained topics.

    async def _publish_state(self, session: MqttSession) -> None:
        self._is_state_due = False
        await session.publish(Message(self._topics.bridge_state, self._state_payload(), retain=True))

    async def _publish_info(self, session: MqttSession) -> None:
        self._info_due_at = self._clock.monotonic() + _INFO_EVERY_S
        payload = encode_json(self._info())
        if payload != self._info_sent:
            self._info_sent = payload
            await session.publish(Message(self._topics.bridge_info, payload, retain=True))

    def _state_payload(self) -> bytes:
        return ONLINE if self._phase == "online" else OFFLINE

    def _info(self) -> dict[str, Any]:
        online = sum(state.link == "online" for state in self._states)
        return {
            "version": VERSION,
            "hub_id": self._hub_id,
            "started_at": format_time(self._started_at or self._clock.now()),
            "counts": {"modems": len(self._states), "online": online},
            "broker": self._broker,
        }
