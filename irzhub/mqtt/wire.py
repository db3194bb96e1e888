"""What goes over one connection to a broker, and how such a connection ends."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field

from irzhub.core.exceptions import IrzhubError

Acknowledged = Callable[[], None]


class MqttLost(IrzhubError):
    """The connection to the broker could not be made or is gone; says why."""


class MqttRefused(MqttLost):
    """The broker, or what was found there, forbids to go on; trying again soon is no use."""


class VersionRefused(MqttLost):
    """The broker ended the handshake as one does that does not speak this version of MQTT."""


@dataclass(frozen=True, slots=True)
class Message:
    """Something to publish, always with QoS 1."""

    topic: str
    payload: bytes
    retain: bool = False
    correlation_data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """Something that the broker sent; `retained` says that it was kept (see `Wanted`), not sent just now."""

    topic: str
    payload: bytes
    retained: bool
    response_topic: str | None = None
    correlation_data: bytes | None = None

    def is_live(self, topic: str, payload: bytes) -> bool:
        """Say whether just this was published just now."""
        return (self.topic, self.payload, self.retained) == (topic, payload, False)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A topic filter to subscribe to.

    With `live_only` an MQTT 5 broker sends nothing that it has retained, and marks as retained what was
    published so just now; MQTT 3.1.1 knows neither.
    """

    filter: str
    live_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds: how long each step may take, and after what silence a ping goes out or the broker is given up."""

    connect_s: float = 10.0
    answer_s: float = 5.0
    keepalive_s: int = 15
    ping_after_s: float = 12.0
    lost_after_s: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where the broker is and how the hub presents itself; `will` is published when the hub dies."""

    host: str
    port: int
    client_id: str
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = None
    will: Message | None = None
