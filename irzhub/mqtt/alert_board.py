"""The open incidents as retained topics: each stands on its own while it is open, and is blanked when it is over."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from irzhub.core.alerts import AlertShown, AlertsKnown
from irzhub.core.bus import Bus, Unsubscribe
from irzhub.mqtt.ledger import ALERTS, TopicLedger
from irzhub.mqtt.payloads import CLEARED, encode_json
from irzhub.mqtt.session import MqttSession
from irzhub.mqtt.topics import Topics
from irzhub.mqtt.wire import Message


@dataclass(slots=True)
class AlertBoard:
    """What stands there and what is due; only the newest of each incident is kept while the broker is away."""

    topics: Topics
    ledger: TopicLedger
    _shown: dict[int, Mapping[str, Any]] = field(default_factory=dict)
    _due: dict[int, None] = field(default_factory=dict)
    _cleared: set[int] = field(default_factory=set)
    _is_known: bool = False

    def follow(self, bus: Bus, wake: Callable[[], None]) -> list[Unsubscribe]:
        """Hear of incidents, and call `wake` when something is due; return what ends this."""

        def note(alert: AlertShown) -> None:
            self.note(alert)
            wake()

        return [bus.subscribe(AlertShown, note), bus.subscribe(AlertsKnown, self.note_known)]

    def note(self, alert: AlertShown) -> None:
        """An incident is another now, or is no more."""
        if alert.shown is None:
            self._shown.pop(alert.number, None)
        else:
            self._shown[alert.number] = alert.shown
        self._due[alert.number] = None

    def note_known(self, _known: AlertsKnown) -> None:
        """All that are open were shown: what else stands on the broker is over since before the last stop."""
        self._is_known = True
        self._due |= dict.fromkeys(self._left())

    def begin(self) -> None:
        """Start a new connection: the broker may have forgotten everything, so everything is due."""
        self._due = dict.fromkeys([*self._shown, *self._left()])

    async def publish_due(self, session: MqttSession, limit: int) -> int:
        """Publish the incidents that are due, at most `limit`; return how many there were."""
        await self._forget_cleared()
        numbers = [number for number, _ in zip(self._due, range(limit), strict=False)]
        for number in numbers:
            del self._due[number]
        if open_ := {str(number) for number in numbers if number in self._shown}:
            await self.ledger.note([(ALERTS, open_)])
        for number in numbers:
            shown, topic = self._shown.get(number), self.topics.alert(number)
            if shown is not None:
                await session.publish(Message(topic, encode_json(shown), retain=True))
            elif str(number) in self.ledger.names(ALERTS):
                await session.publish(Message(topic, CLEARED, retain=True), partial(self._cleared.add, number))
        return len(numbers)

    async def _forget_cleared(self) -> None:
        """Take the topics off the ledger whose blanking was acknowledged."""
        if self._cleared:
            cleared, self._cleared = self._cleared, set()
            over = [number for number in cleared if number not in self._shown]
            await self.ledger.forget({self.topics.alert(number): ALERTS for number in over})

    def _left(self) -> list[int]:
        """Return what was published and is not open; unknown before the incidents were read from the disk."""
        names = self.ledger.names(ALERTS) if self._is_known else ()
        return [int(name) for name in names if name.isdecimal() and int(name) not in self._shown]
