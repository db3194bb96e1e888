"""An MQTT subscriber from outside: paho in a thread of its own, each message with the moment it came."""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

import paho.mqtt.client as paho
from paho.mqtt.enums import CallbackAPIVersion

Take = Callable[[str, bytes, float], None]


class Listener:
    """Subscribed to some filters with QoS 1 while it is entered.

    Args:
        take: called in paho's thread with topic, payload and `time.perf_counter()` of each message.
    """

    def __init__(self, port: int, filters: list[str], take: Take) -> None:
        self._port = port
        self._filters = filters
        self._take = take
        self._is_subscribed = threading.Event()
        self._client = paho.Client(CallbackAPIVersion.VERSION2, client_id=f"bench-{id(self)}", protocol=paho.MQTTv311)

    def __enter__(self) -> Self:
        self._client.on_connect = lambda client, *_: client.subscribe([(each, 1) for each in self._filters])
        self._client.on_subscribe = lambda *_: self._is_subscribed.set()
        self._client.on_message = self._received
        self._client.connect("127.0.0.1", self._port, keepalive=60)
        self._client.loop_start()
        if not self._is_subscribed.wait(10):
            raise TimeoutError(f"the broker on port {self._port} does not answer a subscription")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def _received(self, _client: paho.Client, _data: object, message: paho.MQTTMessage) -> None:
        self._take(message.topic, bytes(message.payload), time.perf_counter())


def wait_for(claim: Callable[[], bool], timeout_s: float) -> bool:
    """Wait until `claim` holds; return whether it does in time."""
    deadline = time.perf_counter() + timeout_s
    while not claim():
        if time.perf_counter() > deadline:
            return False
        time.sleep(0.02)  # noqa: TID251 - no loop runs here
    return True
