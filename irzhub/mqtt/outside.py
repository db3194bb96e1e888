"""Topics that are not the hub's own: what rules publish there and listen to, over the hub's one connection."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from irzhub.mqtt.hush import Hush
from irzhub.mqtt.session import V5, MqttSession
from irzhub.mqtt.topics import Topics
from irzhub.mqtt.wire import Message, MqttLost, MqttRefused, Received, Wanted

MOST_WAITING: Final = 1_000
"""Messages that wait for the broker to take them; beyond it the next one is refused."""
_LONGEST: Final = 65_536

Listener = Callable[[str, str], None]


@dataclass(slots=True, eq=False)
class _Listening:
    """Somebody who listens to a topic filter."""

    topic_filter: str
    listener: Listener


@dataclass(slots=True)
class Outside:
    """Messages from and for other programs; nothing is kept for a broker that is away, and who publishes is told.

    The hub's own topics are left out both ways: what happens there is told as events, and nobody writes there by
    a rule's hand.
    """

    topics: Topics
    hush: Hush
    _listening: list[_Listening] = field(default_factory=list)
    _waiting: deque[Message] = field(default_factory=deque)
    _has_work: asyncio.Event = field(default_factory=asyncio.Event)
    _session: MqttSession | None = None

    def publish(self, topic: str, payload: str, *, retain: bool) -> None:
        """Publish a message soon.

        Raises:
            MqttLost: the broker is away or does not keep up.
            MqttRefused: the topic is one of the hub's own, or one that no broker takes.
        """
        if not self.topics.may_answer_to(topic) or self.topics.parse(topic) is not None:
            raise MqttRefused(f"expected a topic outside {self.topics.all}, without + and #, got {topic[:200]!r}")
        if self._session is None:
            raise MqttLost("the broker is away")
        if len(self._waiting) >= MOST_WAITING:
            raise MqttLost(f"{MOST_WAITING} messages wait for the broker already")
        self._waiting.append(Message(topic, payload.encode("utf-8", "replace"), retain=retain))
        self._has_work.set()

    def listen(self, topic_filter: str, listener: Listener) -> Callable[[], None]:
        """Have topic and payload of each message told that comes from now on; return the function that ends this."""
        listening = _Listening(topic_filter, listener)
        self._listening.append(listening)
        self._has_work.set()

        def end() -> None:
            if listening in self._listening:
                self._listening.remove(listening)

        return end

    async def serve(self, session: MqttSession) -> None:
        """Subscribe and publish on one connection until it ends."""
        subscribed: set[str] = set()
        self._session = session
        try:
            while True:
                self._has_work.clear()
                wanted = {each.topic_filter for each in self._listening} - subscribed
                subscribed |= wanted
                for topic_filter in sorted(wanted):
                    await self._subscribe(session, topic_filter)
                while self._waiting:
                    await session.publish(self._waiting.popleft())
                await self._has_work.wait()
        except MqttLost:
            return
        finally:
            self._session = None
            self._waiting.clear()

    async def _subscribe(self, session: MqttSession, topic_filter: str) -> None:
        try:
            await session.subscribe([Wanted(topic_filter, live_only=True)])
        except MqttRefused as error:
            self.hush.warn(f"rules do not hear {topic_filter!r}: {error}")

    def take(self, received: Received, version: int) -> bool:
        """Tell those who listen to its topic of a message; say whether it is one that comes from outside."""
        topic = received.topic
        if topic.startswith(self.topics.base + "/") or not self._listening:
            return False
        if version != V5 and received.retained:  # kept from before; a broker of MQTT 5 was asked for live ones only
            return True
        heard = [each for each in self._listening if is_match(topic, each.topic_filter)]
        if len(received.payload) > _LONGEST:
            self.hush.warn(f"a message on {topic[:200]!r} is dropped: it has more than {_LONGEST} bytes")
            return True
        payload = received.payload.decode("utf-8", "replace")
        for each in heard:
            each.listener(topic, payload)
        return bool(heard)


def is_match(topic: str, topic_filter: str) -> bool:
    """Say whether a topic matches a filter with `+` and `#` (MQTT 5.0, 4.7)."""
    if topic.startswith("$") and topic_filter[:1] in ("+", "#"):
        return False
    levels, wanted = topic.split("/"), topic_filter.split("/")
    for number, each in enumerate(wanted):
        if each == "#":
            return True
        if number >= len(levels) or each not in ("+", levels[number]):
            return False
    return len(levels) == len(wanted)
