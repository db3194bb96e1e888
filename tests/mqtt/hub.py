"""A hub without modems: store, journal, bus and state for real, with the bridge on them and short words to act."""

import dataclasses
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from irzhub.config.settings import HubSettings, MqttSettings, Settings
from irzhub.core.bus import Bus
from irzhub.core.clock import SystemClock
from irzhub.core.events import Event, GpiChanged, Level, ModemConnected, ModemDisconnected, ModemRegistered
from irzhub.core.health import Health
from irzhub.core.hub import HubPhaseChanged
from irzhub.core.metrics import Metrics
from irzhub.core.services import Services
from irzhub.core.state import ModemState, StateStore
from irzhub.journal.journal import Journal
from irzhub.mqtt.bridge import MqttBridge
from irzhub.mqtt.client import Backoff
from irzhub.mqtt.wire import Timing
from irzhub.storage.local import LocalStore

IMEI: Final = "868441036775234"
OTHER: Final = "868441036775235"


class BridgedHub:
    """`async with BridgedHub(tmp_path, port=...) as hub:`; again on the same folder is a restart."""

    def __init__(self, folder: Path, *, hub_id: str = "main", backoff: Backoff | None = None, **mqtt: Any) -> None:
        self.settings = Settings(
            hub=HubSettings(id=hub_id, data_dir=folder / "data"),
            mqtt=dataclasses.replace(MqttSettings(broker="external"), **mqtt),
        )
        self.clock = SystemClock()
        self.bus = Bus()
        self.health = Health(self.bus)
        self.metrics = Metrics()
        self.services = Services()
        self.states = StateStore(self.bus)
        self.store = LocalStore(self.settings.hub.data_dir)
        self.journal = Journal(self.store, self.bus, self.clock, self.health, self.metrics)
        self.timing = Timing(ping_after_s=0.5, lost_after_s=2.0, answer_s=3.0)
        self.backoff = backoff or Backoff(first_s=0.1, away_s=0.2, refused_s=0.3)
        self.bridge: MqttBridge | None = None
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.store)
            await stack.enter_async_context(self.journal)
            self.bridge = MqttBridge(
                self.settings,
                *(self.store, self.journal, self.states, self.bus, self.services),
                *(self.health, self.metrics, self.clock),
                timing=self.timing,
                backoff=self.backoff,
            )
            await stack.enter_async_context(self.bridge)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bus.publish(HubPhaseChanged("stopping"))
        await self._stack.aclose()

    def online(self) -> None:
        """End the grace: from now on the hub's word can be trusted."""
        self.bus.publish(HubPhaseChanged("online"))

    def is_up(self) -> bool:
        """Say whether the bridge is connected and greeted."""
        found = self.health.get("mqtt")
        return found is not None and found.state == "up"

    def detail(self) -> str:
        """Return what `Health` says of MQTT."""
        found = self.health.get("mqtt")
        return "" if found is None else found.detail

    def add(self, modem: str = IMEI, **fields: Any) -> None:
        """Know a modem, as after a start, without any event."""
        self.states.add(ModemState(modem=modem, imei=modem.partition("_")[0], **fields))

    def register(self, modem: str = IMEI, port: int = 20000) -> None:
        """Let a new modem dial in, as the fleet does: registered, then connected."""
        now = self.clock.now()
        self._append(
            ModemRegistered(ts=now, modem=modem, port=port, model="ATM3", peer="10.0.0.7:4711"),
            lambda: self.add(modem, address=f"10.0.0.5:{port}", port=port, model="ATM3", registered_at=now),
        )
        self.connect(modem)

    def connect(self, modem: str = IMEI, **fields: Any) -> None:
        """Let a modem dial in."""
        event = ModemConnected(ts=self.clock.now(), modem=modem, session="S1", peer="10.0.0.7:4711")
        self._append(event, lambda: self.states.update(modem, link="online", peer="10.0.0.7:4711", **fields))

    def disconnect(self, modem: str = IMEI) -> None:
        """Let a modem's connection end."""
        event = ModemDisconnected(ts=self.clock.now(), modem=modem, reason="closed")
        self._append(event, lambda: self.states.update(modem, link="offline"))

    def switch(self, pin: int, level: Level, modem: str = IMEI) -> None:
        """Let an input of a modem change."""
        event = GpiChanged(
            ts=self.clock.now(),
            modem=modem,
            pin=pin,
            level=level,
            previous="OFF" if level == "ON" else "ON",
            source="report",
        )
        self._append(event, lambda: self.states.update(modem, gpi={**self.states.get(modem).gpi, pin: level}))

    def _append(self, event: Event, change: Callable[[], object]) -> None:
        def then(_: Event) -> None:
            change()

        self.journal.append(event, then=then)
