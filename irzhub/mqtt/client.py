"""Keeps a connection to the broker: connects, hands each connection out, waits, connects again."""

import asyncio
import logging
import random
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from irzhub.config.settings import MqttSettings
from irzhub.core.health import Health
from irzhub.core.metrics import Metrics
from irzhub.core.tasks import Tasks
from irzhub.mqtt.session import V5, V311, MqttSession
from irzhub.mqtt.wire import Endpoint, Message, MqttLost, MqttRefused, Timing, VersionRefused

_log = logging.getLogger(__name__)

PART: Final = "mqtt"
_FLAPPING_S: Final = 5.0
_SUSPECTS: Final = "does a second hub run with the same hub.id, do the broker's rules deny a topic?"

Use = Callable[[MqttSession], Awaitable[None]]


@dataclass(slots=True)
class Backoff:
    """The wait before the next try, in seconds: doubled each time, jittered, never below `first_s`.

    A broker that is away is tried every few seconds, as it costs nothing and it must be found soon after
    it is up; one that refuses us is tried more and more rarely, up to `refused_s`.
    """

    first_s: float = 0.5
    away_s: float = 5.0
    refused_s: float = 30.0
    _next_s: float = 0.0

    def reset(self) -> None:
        """Begin anew after a connection that held."""
        self._next_s = 0.0

    def next_s(self, *, is_refused: bool) -> float:
        """Return how long to wait now."""
        longest = self.refused_s if is_refused else self.away_s
        self._next_s = min(max(2 * self._next_s, 2 * self.first_s), longest)
        return max(self.first_s, self._next_s * random.uniform(0.5, 1.0))  # noqa: S311 - not a secret


class MqttClient:
    """The hub's one client of the broker; at most two tries a second, whatever the broker does.

    `run` hands each new connection first to `greet`, which may raise `MqttRefused`, then to `serve`; when
    the connection ends both are cancelled. `serve` returns only to stop for good. The part `mqtt` of
    `Health` says how it stands, in words, without the password.
    """

    def __init__(
        self,
        settings: MqttSettings,
        client_id: str,
        will: Message,
        health: Health,
        metrics: Metrics,
        *,
        timing: Timing = Timing(),  # noqa: B008 - frozen
        backoff: Backoff | None = None,
        first_version: int = V5,
        queue_length: int = 1000,
    ) -> None:
        self._queue_length = queue_length
        self._settings = settings
        self._client_id = client_id
        self._will = will
        self._health = health
        self._connected = metrics.gauge("mqtt_connected", "Whether the broker is connected (1) or away (0)")
        self._published = metrics.counter("mqtt_published_total", "Messages that the broker acknowledged")
        self._timing = timing
        self._backoff = backoff or Backoff()
        self._first_version = self._version = first_version
        self._tasks = Tasks("mqtt-client")

    async def run(self, greet: Use, serve: Use) -> None:
        """Connect and serve until `serve` returns; ends at once when cancelled, with a goodbye to the broker."""
        self._connected.set(0)
        self._health.set(PART, "starting", f"connecting to {self._where}")
        try:
            while not await self._one_connection(greet, serve):
                pass
        finally:
            self._connected.set(0)
            await self._tasks.close()

    @property
    def _where(self) -> str:
        return f"{self._settings.host}:{self._settings.port}"

    async def _one_connection(self, greet: Use, serve: Use) -> bool:
        """Connect once and serve; return whether this was the last time, after waiting when it was not."""
        began, was_up = asyncio.get_running_loop().time(), False
        try:
            session = MqttSession(self._endpoint(), self._version, self._timing, self._published, self._queue_length)
            try:
                await self._greet(session, greet)
                began, was_up = asyncio.get_running_loop().time(), True
                return await self._serve(session, serve)
            finally:
                self._connected.set(0)
                await session.close()
        except VersionRefused:
            self._version = V311
            await asyncio.sleep(self._backoff.first_s)
            return False
        except MqttLost as error:
            lost = error
        except Exception as error:  # noqa: BLE001 - the boundary: whatever fails in the bridge, the hub tries again
            _log.exception("the MQTT bridge failed; connecting again")
            lost = MqttRefused(f"failed: {error!r}")
        self._version = self._first_version  # a 3.1.1 once needed may have been an accident of that moment
        lasted_s = asyncio.get_running_loop().time() - began
        if was_up and lasted_s < _FLAPPING_S:
            lost = type(lost)(f"{lost}, {lasted_s:.1f} s after it was made; if this repeats: {_SUSPECTS}")
        await self._wait(lost, lasted_s)
        return False

    async def _greet(self, session: MqttSession, greet: Use) -> None:
        await session.open()
        await self._until_lost(session, greet)
        self._connected.set(1)
        name = "MQTT 5" if session.version == V5 else "MQTT 3.1.1"
        self._health.set(PART, "up", f"{self._where}, {name}")

    async def _serve(self, session: MqttSession, serve: Use) -> bool:
        await self._until_lost(session, serve)
        return True

    async def _until_lost(self, session: MqttSession, use: Use) -> None:
        """Await `use`; when the connection ends first, cancel it and raise the reason."""
        using = self._tasks.spawn(_outcome(use(session)), "use")
        try:
            await asyncio.wait((using, session.lost), return_when=asyncio.FIRST_COMPLETED)
        finally:
            using.cancel()
        if not using.done():
            await asyncio.wait((using,))
        if not using.cancelled() and (error := using.result()) is not None:
            raise error
        if using.cancelled():
            raise session.lost.result()

    async def _wait(self, lost: MqttLost, lasted_s: float) -> None:
        self._health.set(PART, "down", f"{self._where}: {lost}")
        if lasted_s >= _FLAPPING_S:
            self._backoff.reset()
        await asyncio.sleep(self._backoff.next_s(is_refused=isinstance(lost, MqttRefused)))

    def _endpoint(self) -> Endpoint:
        settings = self._settings
        return Endpoint(
            host=settings.host,
            port=settings.port,
            client_id=self._client_id,
            username=settings.username,
            password=settings.password,
            tls=_tls_context(settings) if settings.tls else None,
            will=self._will,
        )


def _tls_context(settings: MqttSettings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except (OSError, ssl.SSLError) as error:
        raise MqttRefused(f"mqtt.ca_file {settings.ca_file} cannot be used: {error}") from error


async def _outcome(work: Awaitable[None]) -> Exception | None:
    """Await `work` and return what it raised: the connection loop, not the task's owner, judges it."""
    try:
        await work
    except Exception as error:  # noqa: BLE001 - handed to the loop, which logs what it does not know
        return error
    return None
