"""The dead man's switch: the hub shows again and again that it lives, to somebody who notices when it does not.

What lies on one machine cannot tell of that machine's end, so the sign goes out: to a web address (a monitoring
service, another hub) and to a topic. It says how the parts are, so that whoever hears it can also warn of these.
"""

import asyncio
import json
import logging
from typing import Any, Final, Protocol

from irzhub.config.settings import HeartbeatSettings
from irzhub.core.clock import Clock, format_time
from irzhub.core.health import Health
from irzhub.core.services import Delivery, Services, delivery_on
from irzhub.core.ulid import new_ulid
from irzhub.outbound.client import Outbound
from irzhub.outbound.errors import NoAnswer, TargetRefused

_log = logging.getLogger(__name__)

PART: Final = "heartbeat"
MISSES: Final = 3
"""So many in a row that nobody took are a warning."""


class Queue(Protocol):
    """How much waits for people."""

    def waiting(self, channel: str) -> int:
        """Return how many messages wait for a channel."""


class Heartbeat:
    """Gives the sign of life; `misses` counts those in a row that did not leave."""

    def __init__(
        self,
        settings: HeartbeatSettings,
        hub_id: str,
        health: Health,
        services: Services,
        outbound: Outbound | None,
        clock: Clock,
        queue: Queue,
    ) -> None:
        self._settings = settings
        self._hub_id = hub_id
        self._health = health
        self._services = services
        self._outbound = outbound
        self._clock = clock
        self._queue = queue
        self._count = 0
        self.misses = 0

    @property
    def is_wanted(self) -> bool:
        """Whether anybody is to hear it."""
        return self._settings.url is not None or self._settings.topic is not None

    async def run(self) -> None:
        """Beat for ever; the first one comes once the hub is ready."""
        while True:
            if self._health.is_ready:
                await self.beat()
            await asyncio.sleep(self._settings.every_s if self._health.is_ready else 1.0)

    async def beat(self) -> None:
        """Give one sign of life on each way that is set."""
        self._count += 1
        body = json.dumps(self.picture(), ensure_ascii=False, separators=(",", ":"))
        errors = [error for error in await asyncio.gather(self._by_web(body), self._by_topic(body)) if error]
        self.misses = self.misses + 1 if errors else 0
        if self.misses >= MISSES:
            self._health.set(PART, "degraded", f"the sign of life does not leave: {'; '.join(errors)}")
        elif not errors:
            self._health.set(PART, "up", f"{self._count} signs of life")

    def picture(self) -> dict[str, Any]:
        """Return what a sign of life says."""
        parts = [part for part in self._health if part.state not in ("up", "starting")]
        return {
            "hub": self._hub_id,
            "ts": format_time(self._clock.now()),
            "state": "degraded" if parts else "ok",
            "count": self._count,
            "every_s": self._settings.every_s,
            "troubles": [{"part": part.part, "state": part.state, "detail": part.detail} for part in parts],
            "waiting_sms": self._queue.waiting("sms"),
        }

    async def _by_web(self, body: str) -> str:
        if self._settings.url is None:
            return ""
        if self._outbound is None:
            return "this hub calls nobody"
        try:
            answer = await self._outbound.request(
                "POST", self._settings.url, body=body.encode(), headers={"Content-Type": "application/json"}
            )
        except (TargetRefused, NoAnswer) as error:
            return str(error)
        return "" if answer.is_good else f"the heartbeat's address answers {answer.status}"

    async def _by_topic(self, body: str) -> str:
        topic, service = self._settings.topic, delivery_on("mqtt")
        if topic is None:
            return ""
        if not self._services.offers(service):
            return "nobody offers messages over MQTT"
        now = self._clock.now()
        delivery = Delivery(id=new_ulid(int(now.timestamp() * 1000)), to=topic, text=body, origin=PART)
        try:
            async with asyncio.timeout(self._settings.every_s):
                outcome = await self._services.call(service, delivery)
        except TimeoutError:
            return f"no end within {self._settings.every_s:g} s"
        except Exception as error:  # noqa: BLE001 - the boundary: the channel is foreign code
            _log.exception("the heartbeat over MQTT failed")
            return f"{type(error).__name__}: {error}"
        return "" if outcome.status in ("sent", "delivered") else outcome.error or outcome.status
