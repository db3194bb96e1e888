"""MQTT as one part of the hub: the embedded broker where the settings ask for it, and the bridge."""

import dataclasses
import logging
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Any, Final, Self

from irzhub.config.settings import Settings
from irzhub.core.bus import Bus
from irzhub.core.clock import Clock
from irzhub.core.handover import Handover
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.core.services import Services
from irzhub.core.state import StateStore
from irzhub.journal.journal import Journal
from irzhub.mqtt.address import reachable_host
from irzhub.mqtt.bridge import MqttBridge
from irzhub.mqtt.broker import EmbeddedBroker
from irzhub.mqtt.hush import Hush
from irzhub.mqtt.notices import Notices
from irzhub.mqtt.outside import Outside
from irzhub.mqtt.session import V5, V311
from irzhub.mqtt.topics import Topics
from irzhub.storage.local import LocalStore

_log = logging.getLogger(__name__)

EMBEDDED: Final = "embedded"
PART: Final = "mqtt"


class Mqtt:
    """Starts the broker before the bridge and stops it after it; enter it before the fleet.

    `outside` is for who publishes and listens beside the hub's own topics.

    Raises (on entering):
        StartError: the embedded broker cannot run; says which line to change.
        ConfigError: the base topic cannot be used.
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
        handover: Handover | None = None,
    ) -> None:
        self._handover = handover
        self.outside = Outside(Topics(settings.mqtt.base_topic), Hush(_log, clock))
        self._broker: EmbeddedBroker | None = None
        self._bridge: MqttBridge | None = None
        self._settings = settings
        self._health = health
        self._services = services
        self._clock = clock
        self._parts: tuple[Any, ...] = (store, journal, states, bus, services, health, metrics, clock)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            settings, kind = self._settings, "external"
            if settings.mqtt.broker == EMBEDDED:
                self._broker = broker = EmbeddedBroker(
                    settings.mqtt, settings.hub.data_dir, self._health, handover=self._handover
                )
                await stack.enter_async_context(broker)
                kind = broker.kind
                here = dataclasses.replace(settings.mqtt, host=reachable_host(settings.mqtt.host), tls=False)
                settings = dataclasses.replace(settings, mqtt=here)
            version = V311 if kind == "amqtt" else V5
            self._bridge = bridge = MqttBridge(
                settings, *self._parts, broker=kind, first_version=version, outside=self.outside
            )
            if self._handover is not None and self._handover.take(PART) is not None:
                bridge.resume(is_broker_the_same=self._broker is not None and self._broker.is_inherited)
            await stack.enter_async_context(bridge)
            notices = Notices(Topics(settings.mqtt.base_topic), self._services, self._clock, lambda: bridge.session)
            stack.callback(notices.offer())
            self._stack = stack.pop_all()
        return self

    def leave(self, handover: Handover, *, is_fleet_kept: bool) -> None:
        """Leave the broker to the next hub; where the fleet is kept, MQTT hears nothing of the change."""
        if self._broker is not None:
            self._broker.leave(handover)
        if is_fleet_kept and self._bridge is not None:
            handover.leave(PART, {})
            self._bridge.leave()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()
