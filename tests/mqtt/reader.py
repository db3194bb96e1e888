"""The outside reader: a paho client that keeps what it gets, in order, and can also speak."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties


@dataclass(frozen=True, slots=True)
class Got:
    """One message as it came."""

    topic: str
    payload: bytes
    retained: bool
    qos: int
    correlation_data: bytes | None = None

    @property
    def text(self) -> str:
        return self.payload.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.payload)


@dataclass
class Reader:
    """Subscribed to `filters` with QoS 1; `client_id` makes its session persistent."""

    port: int
    filters: tuple[str, ...] = ("#",)
    client_id: str | None = None
    version: MQTTProtocolVersion = MQTTProtocolVersion.MQTTv5
    username: str | None = None
    password: str | None = None
    ca_file: Path | None = None
    host: str = "127.0.0.1"
    patience_s: float = 10.0
    messages: list[Got] = field(default_factory=list)
    connects: int = 0
    _client: paho.Client | None = None
    _ready: bool = False

    async def __aenter__(self) -> Self:
        client = self._client = paho.Client(
            CallbackAPIVersion.VERSION2, self.client_id or "", protocol=self.version, **self._session_option()
        )
        if self.username is not None:
            client.username_pw_set(self.username, self.password)
        if self.ca_file is not None:
            client.tls_set(str(self.ca_file))
        client.reconnect_delay_set(1, 1)
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.connect_async(self.host, self.port, keepalive=30, **self._connect_option())
        client.loop_start()
        try:
            await self.until(lambda: self._ready or not self.filters, self.patience_s)
        except BaseException:
            client.disconnect()
            client.loop_stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._client is not None
        self._client.disconnect()
        self._client.loop_stop()

    async def until(self, holds: Callable[[], object], timeout_s: float = 10.0) -> None:
        """Wait until `holds()` is true; fail with what has come when it never is."""
        deadline = time.monotonic() + timeout_s
        while not holds():
            if time.monotonic() > deadline:
                last = "\n".join(f"{got.topic} {got.payload[:100]!r}" for got in self.messages[-30:])
                raise AssertionError(
                    f"it did not come within {timeout_s:g} s; the last of {len(self.messages)}:\n{last}"
                )
            await asyncio.sleep(0.01)

    async def message(self, topic: str, payload: str | None = None, timeout_s: float = 10.0) -> Got:
        """Wait for a message on `topic` (with that payload) and return the first one."""
        await self.until(lambda: self.find(topic, payload), timeout_s)
        return self.find(topic, payload)[0]

    def find(self, topic: str, payload: str | None = None) -> list[Got]:
        """Return the messages on `topic` (with that payload) that have come."""
        return [got for got in self.messages if got.topic == topic and payload in (None, got.payload.decode())]

    def topics(self) -> list[str]:
        """Return the topics of all messages, in the order in which they came."""
        return [got.topic for got in self.messages]

    def retained(self) -> dict[str, bytes]:
        """Return the last payload by topic of what came, without those that were cleared."""
        last = {got.topic: got.payload for got in self.messages}
        return {topic: payload for topic, payload in last.items() if payload}

    def publish(self, topic: str, payload: str | bytes, *, retain: bool = False, **properties: Any) -> None:
        """Publish with QoS 1; `response_topic` and `correlation_data` need MQTT 5."""
        assert self._client is not None
        wire: Properties | None = None
        if properties:
            wire = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
            for name, value in properties.items():
                setattr(wire, "".join(part.capitalize() for part in name.split("_")), value)
        self._client.publish(topic, payload, qos=1, retain=retain, properties=wire)

    def _session_option(self) -> dict[str, Any]:
        return {} if self.version is MQTTProtocolVersion.MQTTv5 else {"clean_session": self.client_id is None}

    def _connect_option(self) -> dict[str, Any]:
        if self.version is not MQTTProtocolVersion.MQTTv5:
            return {}
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = 3600 if self.client_id else 0
        return {"clean_start": self.client_id is None, "properties": properties}

    def _on_connect(self, client: paho.Client, *_: Any) -> None:
        self.connects += 1
        if self.filters:
            client.subscribe([(each, 1) for each in self.filters])

    def _on_subscribe(self, *_: Any) -> None:
        self._ready = True

    def _on_message(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        correlation = getattr(message.properties, "CorrelationData", None)
        self.messages.append(Got(message.topic, bytes(message.payload), message.retain, message.qos, correlation))


async def read_retained(port: int, filter_: str = "#", quiet_s: float = 0.3, **options: Any) -> dict[str, bytes]:
    """Return every retained message of a broker by topic, as a fresh subscriber gets them."""
    async with Reader(port, (filter_,), **options) as reader:
        seen = -1
        while seen != len(reader.messages):
            seen = len(reader.messages)
            await asyncio.sleep(quiet_s)
        return {got.topic: got.payload for got in reader.messages if got.retained}
