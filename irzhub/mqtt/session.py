"""One connection to a broker: gmqtt 0.8.0 with its sharp edges covered. The only file that knows gmqtt.

A fresh gmqtt client serves each connection (its packet ids leak over an outage), it never reconnects by
itself, keeps nothing for later (the journal does) and never has more in flight than the broker takes, as
gmqtt raises OverflowError one below the Receive Maximum. gmqtt tells of no PUBACK: a storage of our own
in place of its `PersistentStorage` is the hook. Names with an underscore are gmqtt's private ones; the
version is pinned and `tests/mqtt/test_session.py` fails when they are gone.
"""

import asyncio
import contextlib
import logging
import ssl
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Final

import gmqtt
from gmqtt.mqtt.constants import MQTTv50, MQTTv311
from gmqtt.storage import PersistentStorage

from irzhub.core.metrics import Counter
from irzhub.core.tasks import Tasks
from irzhub.mqtt.cork import CorkedTransport
from irzhub.mqtt.endings import describe, goodbye, refusal
from irzhub.mqtt.window import Window
from irzhub.mqtt.wire import (
    Acknowledged,
    Endpoint,
    Message,
    MqttLost,
    MqttRefused,
    Received,
    Timing,
    VersionRefused,
    Wanted,
)

V5: Final[int] = MQTTv50
V311: Final[int] = MQTTv311

_QUIET: Final = logging.getLogger("gmqtt")
_QUIET.setLevel(logging.CRITICAL)  # what it has to say is said by the client, once for each outage

_NEVER_RECONNECT: Final = {"reconnect_retries": -2}
_LARGEST_INCOMING: Final = 1 << 20
_TURN: Final = 50
_TURN_S: Final = 0.005
_MOST_IN_FLIGHT: Final = 1000
_MOST_BYTES_IN_FLIGHT: Final = 4 << 20
_LAST_WORDS_S: Final = 0.05
_CLOSE_S: Final = 2.0
_STANDSTILL_S: Final = 2.0


class _Acks(PersistentStorage):  # type: ignore[misc]  # gmqtt has no types
    """Tells which packet id a publish got and when it was acknowledged; keeps no message."""

    def __init__(self, acknowledged: Callable[[int], None]) -> None:
        super().__init__()
        self.last_id = 0
        self._acknowledged = acknowledged

    def push_message(self, mid: int, raw_package: bytes) -> None:  # noqa: ARG002 - gmqtt's signature
        self.last_id = mid

    def remove_message_by_mid(self, mid: int) -> None:
        self._acknowledged(mid)


class MqttSession:
    """One connection from CONNECT to its end; never used twice.

    `open` connects, `subscribe` and `publish` work until the end, `lost` is done with the reason then.
    What the broker sends waits in a bounded queue for `receive`; what finds it full is dropped and counted.
    """

    def __init__(
        self, endpoint: Endpoint, version: int, timing: Timing, published: Counter, queue_length: int = 1000
    ) -> None:
        self._endpoint = endpoint
        self._timing = timing
        self._published = published
        self._acks = _Acks(self._on_ack)
        self._in_flight: dict[int, tuple[int, Acknowledged | None]] = {}
        self._subacks: dict[int, asyncio.Future[Sequence[int]]] = {}
        self._received: deque[Received] = deque()
        self._arrival = asyncio.Event()
        self._turn_ends = 0.0
        self._queue_length = queue_length
        self._tasks = Tasks("mqtt-session")
        self._client: Any = None
        self._watching: asyncio.Task[None] | None = None
        self._window = Window(1, _MOST_BYTES_IN_FLIGHT)
        self._lost: asyncio.Future[MqttLost] | None = None
        self.version = version
        self.dropped = 0

    @property
    def lost(self) -> "asyncio.Future[MqttLost]":
        """Return the future that gets the reason when the connection ends."""
        if self._lost is None:
            self._lost = asyncio.get_running_loop().create_future()
        return self._lost

    @property
    def in_flight(self) -> int:
        """Return how many messages the broker has not acknowledged yet."""
        return self._window.in_flight

    async def open(self) -> None:
        """Connect and wait for the broker's yes.

        Raises:
            MqttRefused: the broker said no.
            VersionRefused: it hung up on MQTT 5 as one does that knows only 3.1.1.
            MqttLost: it could not be reached, or did not answer in time.
        """
        end = self._endpoint
        client = self._client = self._build_client()
        try:
            await asyncio.wait_for(self._connect(client), self._timing.connect_s)
        except TimeoutError:
            await self._abandon()
            raise MqttLost(f"no answer to CONNECT within {self._timing.connect_s:g} s") from None
        except gmqtt.MQTTConnectError as error:
            await self._abandon()
            raise refusal(str(error), end) from None
        except ssl.SSLError as error:
            await self._abandon()
            raise MqttLost(f"TLS failed: {error}") from error
        except OSError as error:
            await self._abandon()
            raise MqttLost(describe(error)) from error
        except BaseException:
            await self._abandon()
            raise
        connection = self._connection
        corked = CorkedTransport(connection._transport)  # noqa: SLF001
        connection._transport = connection._protocol._transport = corked  # noqa: SLF001
        self._watching = self._tasks.spawn(self._watch(), "watch")

    async def subscribe(self, wanted: Sequence[Wanted]) -> None:
        """Subscribe with QoS 1 and wait for the broker's answer.

        Raises:
            MqttRefused: the broker granted none, or not all.
            MqttLost: the connection ended, or no answer came in time.
        """
        subscriptions = [
            gmqtt.Subscription(
                each.filter,
                qos=1,
                retain_as_published=each.live_only,
                retain_handling_options=2 if each.live_only else 0,
            )
            for each in wanted
        ]
        await self._window.acquire(0)  # it takes a packet id as a publish does
        try:
            answer = asyncio.get_running_loop().create_future()
            self._subacks[self._client.subscribe(subscriptions)] = answer
            granted = await self._answer(answer, "SUBSCRIBE")
        finally:
            self._window.release(0)
        denied = [each.filter for each, code in zip(wanted, granted, strict=False) if code >= 0x80]
        if denied:
            raise MqttRefused(f"the broker's access rules deny {self._who} to subscribe to {', '.join(denied)}")

    async def publish(self, message: Message, acknowledged: Acknowledged | None = None) -> None:
        """Wait for room in the window and hand `message` over; `acknowledged` is called at its PUBACK.

        Raises:
            MqttLost: the connection ended; whether the message arrived is not known.
        """
        size = len(message.payload) + len(message.topic)
        await self._window.acquire(size)
        if self._lost is not None and self._lost.done():
            raise self._lost.result()
        properties: dict[str, Any] = {}
        if message.correlation_data is not None and self.version == V5:
            properties["correlation_data"] = message.correlation_data
        self._client.publish(message.topic, message.payload, qos=1, retain=message.retain, **properties)
        self._in_flight[self._acks.last_id] = (size, acknowledged)
        if self._window.in_flight % _TURN == 0:
            await asyncio.sleep(0)  # a burst into an open window would hold the loop for a tenth of a second

    async def confirm(self, message: Message) -> None:
        """Publish and wait for the PUBACK.

        Raises:
            MqttLost: the connection ended first, or it did not come in time.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await self.publish(message, lambda: None if done.done() else done.set_result(None))
        await self._answer(done, "PUBLISH")

    async def drain(self, timeout_s: float) -> None:
        """Wait until everything is acknowledged, the connection is lost or the time is over."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._window.wait_empty()

    async def receive(self) -> Received:
        """Return the next message from the broker, in the order in which they came.

        Raises:
            MqttLost: the connection ended and nothing is left.
        """
        if time.monotonic() >= self._turn_ends:  # what came in one piece, and all that follows from it, holds no loop
            await asyncio.sleep(0)
            self._turn_ends = time.monotonic() + _TURN_S
        while not self._received:
            if self.lost.done():
                raise self.lost.result()
            self._arrival.clear()
            await self._arrival.wait()
        return self._received.popleft()

    async def close(self) -> None:
        """Say goodbye, so that the broker keeps the will to itself, and end the connection."""
        if self._client is not None and self._connection is not None and not self.lost.done():
            with contextlib.suppress(OSError, TimeoutError):  # a broker that does not read: the socket is cut below
                await asyncio.wait_for(self._client.disconnect(), _CLOSE_S)
        await self._abandon()

    def abort(self, reason: str) -> None:
        """Cut the connection without goodbye; for the watch and for tests."""
        self._end(MqttLost(reason))
        if (connection := self._connection) is not None:
            connection._transport.abort()  # noqa: SLF001 - close() would wait for a stalled broker to read

    @property
    def write_buffer_bytes(self) -> int:
        """Return how much waits for the broker to read it."""
        connection = self._connection
        size: int = 0 if connection is None else connection._transport.get_write_buffer_size()  # noqa: SLF001
        return size

    @property
    def _connection(self) -> Any:
        return None if self._client is None else self._client._connection  # noqa: SLF001

    @property
    def _who(self) -> str:
        return "anonymous clients" if self._endpoint.username is None else f"user {self._endpoint.username!r}"

    def _build_client(self) -> Any:
        end = self._endpoint
        will = end.will
        properties = {"maximum_packet_size": _LARGEST_INCOMING} if self.version == V5 else {}
        client = gmqtt.Client(
            end.client_id,
            clean_session=True,
            persistent_storage=self._acks,
            will_message=will and gmqtt.Message(will.topic, will.payload, qos=1, retain=will.retain),
            logger=_QUIET,
            **properties,
        )
        client.set_config(_NEVER_RECONNECT)
        if end.username is not None:
            client.set_auth_credentials(end.username, end.password)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        client.on_subscribe = self._on_subscribe
        return client

    async def _connect(self, client: Any) -> None:
        """Connect, or raise what ends it: gmqtt itself waits for ever when the broker hangs up before CONNACK."""
        end = self._endpoint
        connecting = self._tasks.spawn(
            _quietly(client.connect(end.host, end.port, end.tls or False, self._timing.keepalive_s, self.version)),
            "connect",
        )
        try:
            await asyncio.wait((connecting, self.lost), return_when=asyncio.FIRST_COMPLETED)
            # A refusal and the hang-up after it come in one turn of the loop: the refusal says more.
            await asyncio.wait((connecting,), timeout=_LAST_WORDS_S)
        finally:
            connecting.cancel()
        if connecting.done() and not connecting.cancelled() and (error := connecting.result()) is not None:
            raise error
        if self.lost.done():
            if self.version == V5:
                raise VersionRefused("the broker hung up on MQTT 5")
            raise self.lost.result()

    async def _answer(self, answer: "asyncio.Future[Any]", packet: str) -> Any:
        await asyncio.wait((answer, self.lost), timeout=self._timing.answer_s, return_when=asyncio.FIRST_COMPLETED)
        if answer.done():
            return answer.result()
        answer.cancel()
        if self.lost.done():
            raise self.lost.result()
        raise MqttLost(f"no answer to {packet} within {self._timing.answer_s:g} s")

    async def _watch(self) -> None:
        """Ping a silent broker and give it up in time; gmqtt itself needs more than twice its keepalive."""
        timing = self._timing
        nap_s = min(1.0, timing.ping_after_s / 4)
        pinged_at, awake_since, looked_at = 0.0, 0.0, time.monotonic()
        while not self.lost.done():
            now = time.monotonic()
            if now - looked_at > nap_s + _STANDSTILL_S:
                awake_since = now  # we stood still, not the broker: what it said meanwhile was not read
            looked_at = now
            heard_at: float = self._connection._last_data_in  # noqa: SLF001
            said_at: float = self._connection._last_data_out  # noqa: SLF001
            if now - max(heard_at, awake_since) >= timing.lost_after_s:
                self.abort(f"the broker has been silent for {now - heard_at:.0f} s")
                return
            if now - max(min(heard_at, said_at), pinged_at) >= timing.ping_after_s:
                pinged_at = now
                self._connection._send_ping_request()  # noqa: SLF001
            await asyncio.sleep(nap_s)

    async def _abandon(self) -> None:
        self.abort("closed by the hub")
        await self._tasks.close()
        await asyncio.sleep(0)  # gmqtt's own short tasks of connection_lost end here
        await asyncio.sleep(0)

    def _end(self, reason: MqttLost) -> None:
        if not self.lost.done():
            self.lost.set_result(reason)
            self._window.close(reason)
            self._arrival.set()

    def _on_connect(self, _client: Any, _flags: int, _code: int, properties: dict[str, Any]) -> None:
        maximum = properties.get("receive_maximum", [65535])[0]
        self._window = Window(max(1, min(maximum - 1, _MOST_IN_FLIGHT)), _MOST_BYTES_IN_FLIGHT)

    def _on_disconnect(self, _client: Any, packet: Any, _error: Any = None) -> None:
        code = packet[0] if isinstance(packet, bytes) and packet else 0
        self._end(MqttLost(goodbye(code)))

    def _on_subscribe(self, _client: Any, mid: int, granted: Sequence[int], _properties: Any) -> None:
        answer = self._subacks.pop(mid, None)
        if answer is not None and not answer.done():
            answer.set_result(granted)

    def _on_ack(self, mid: int) -> None:
        size, acknowledged = self._in_flight.pop(mid, (None, None))
        if size is None:
            return
        self._window.release(size)
        self._published.add()
        if acknowledged is not None:
            acknowledged()

    def _on_message(self, _client: Any, topic: str | bytes, payload: bytes, _qos: int, properties: Any) -> int:
        if isinstance(topic, bytes) or len(self._received) >= self._queue_length:
            self.dropped += 1
            return 0
        self._received.append(
            Received(
                topic,
                bytes(payload),
                bool(properties.get("retain")),
                (properties.get("response_topic") or [None])[0],
                (properties.get("correlation_data") or [None])[0],
            )
        )
        self._arrival.set()
        return 0


async def _quietly(work: Any) -> Exception | None:
    """Await `work` and return its error in place of raising it: who waits for it decides what it means."""
    try:
        await work
    except (OSError, gmqtt.MQTTConnectError) as error:
        found: Exception = error
        return found
    return None
