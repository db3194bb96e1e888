"""An outside reader of the topics: paho, with a session that survives, and all it was ever sent."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

REPLIES = "reply/#"
"""Where this program wants its answers: outside the topics of the hub."""


@dataclass(frozen=True)
class Received:
    """One message as it came; `at` is Unix time."""

    topic: str
    payload: bytes
    is_retained: bool
    at: float

    @property
    def json(self) -> Any:
        """The payload as JSON."""
        return json.loads(self.payload)


@dataclass
class Subscriber:
    """Subscribes to `base/#` with QoS 1 and a persistent session; connects again by itself."""

    port: int
    name: str = "outside-reader"
    topic_filter: str = "irzhub/#"
    messages: list[Received] = field(default_factory=list)
    _events: list[dict[str, Any]] = field(default_factory=list)
    _ids: dict[str, set[str]] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _client: paho.Client = field(init=False)

    def __enter__(self) -> Self:
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id=self.name, protocol=paho.MQTTv5)
        self._client.on_connect = self._connected
        self._client.on_message = self._received
        self._client.reconnect_delay_set(1, 2)
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = 3600
        self._client.connect_async("127.0.0.1", self.port, keepalive=10, clean_start=False, properties=properties)
        self._client.loop_start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: object, *, retain: bool = False, **properties: object) -> None:
        """Publish as an outside program."""
        wanted = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        for name, value in properties.items():
            setattr(wanted, name, value)
        body = payload if isinstance(payload, bytes | str) else json.dumps(payload)
        self._client.publish(topic, body, qos=1, retain=retain, properties=wanted).wait_for_publish(10)

    def wait(self, condition: Callable[["Subscriber"], bool], within_s: float = 20.0, what: str = "") -> None:
        """Wait until `condition` holds."""
        deadline = time.monotonic() + within_s
        with self._changed:
            while not condition(self):
                left = deadline - time.monotonic()
                assert left > 0, f"{what or condition} did not come true; last topics {self._last()}"
                self._changed.wait(left)

    def retained(self) -> dict[str, bytes]:
        """The newest payload of each topic; an empty one removes it."""
        newest: dict[str, bytes] = {}
        for message in self.messages:
            newest[message.topic] = message.payload
        return {topic: payload for topic, payload in newest.items() if payload}

    def events(self, *types: str) -> list[dict[str, Any]]:
        """All events so far, of some types or of all, in the order of arrival."""
        return [event for event in tuple(self._events) if not types or event["type"] in types]

    def count_distinct(self, type_: str) -> int:
        """How many different events of a type have come."""
        return len(self._ids.get(type_, ()))

    def _connected(self, client: paho.Client, *_: object) -> None:
        client.subscribe([(self.topic_filter, 1), (REPLIES, 1)])

    def _received(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        with self._changed:
            received = Received(message.topic, bytes(message.payload), message.retain, time.time())
            self.messages.append(received)
            if message.topic.endswith("/event"):
                # Read at once and only once: whoever waits looks again after every message.
                event = received.json
                self._events.append(event)
                self._ids.setdefault(event["type"], set()).add(event["id"])
            self._changed.notify_all()

    def _last(self) -> list[str]:
        return [message.topic for message in self.messages[-10:]]
