"""The channel `mqtt`: messages of rules and incidents for programs on the broker (docs/notifications.md)."""

from collections.abc import Callable
from typing import Final

from irzhub.core.clock import Clock
from irzhub.core.delivery_json import delivery_json
from irzhub.core.services import (
    ChannelCheck,
    CheckOutcome,
    Delivery,
    DeliveryOutcome,
    Services,
    check_on,
    delivery_on,
)
from irzhub.mqtt.payloads import encode_json
from irzhub.mqtt.session import MqttSession
from irzhub.mqtt.topics import Topics
from irzhub.mqtt.wire import Message, MqttLost

_DELIVERY: Final = delivery_on("mqtt")
_CHECK: Final = check_on("mqtt")


class Notices:
    """Publishes deliveries on the present connection and tells whether the broker has them.

    Args:
        session: gives the connection, None while there is none.
    """

    def __init__(
        self, topics: Topics, services: Services, clock: Clock, session: Callable[[], MqttSession | None]
    ) -> None:
        self._topics = topics
        self._services = services
        self._clock = clock
        self._session = session

    def offer(self) -> Callable[[], None]:
        """Offer the channel; return the function that withdraws it."""
        withdrawals = (
            self._services.register(_DELIVERY, self.deliver),
            self._services.register(_CHECK, self.check),
        )

        def withdraw() -> None:
            for each in withdrawals:
                each()

        return withdraw

    async def deliver(self, delivery: Delivery) -> DeliveryOutcome:
        """Publish one message, not retained, and wait until the broker has it.

        `to` is a name, which means `notify/<name>` below the base topic, or a topic that is not the hub's.
        """
        topic = self._topics.notice(delivery.to)
        if topic is None:
            shown = ascii(delivery.to[:60])
            expected = f"expected a name of letters, digits, - and _, or a topic that is not below {self._topics.base}/"
            return DeliveryOutcome(status="refused", error=f"{expected}, got {shown}")
        if (session := self._session()) is None:
            return DeliveryOutcome(status="later", error="there is no connection to the broker")
        try:
            await session.confirm(Message(topic, encode_json(delivery_json(delivery, self._clock.now()))))
        except MqttLost as error:
            return DeliveryOutcome(status="unknown", error=str(error))
        return DeliveryOutcome(status="delivered", reference=topic[:200])

    async def check(self, check: ChannelCheck) -> CheckOutcome:
        """Say whether there is a connection to the broker."""
        is_russian, is_good = check.language == "ru", self._session() is not None
        if is_good:
            words = "есть связь с брокером MQTT" if is_russian else "there is a connection to the MQTT broker"
        else:
            words = "нет связи с брокером MQTT" if is_russian else "there is no connection to the MQTT broker"
        return CheckOutcome(is_good=is_good, text=words)
