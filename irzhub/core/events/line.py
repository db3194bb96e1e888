"""What happens on a meter's line: programs come and go, meters answer or keep silent."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

from irzhub.core.events.event import Event

ClientDisconnectReason: TypeAlias = Literal[
    "closed",
    "reset",
    "stalled",
    "timed_out",
    "kicked",
    "refused",
    "replaced",
    "modem_lost",
    "not_woken",
    "hub_stop",
    "deleted",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientConnected(Event):
    """A polling program connected to a modem's port."""

    type: ClassVar[str] = "client_connected"
    client: str
    peer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientDisconnected(Event):
    """A polling program left or was cut; the counters are its own bytes (rx: from the meter to it)."""

    type: ClassVar[str] = "client_disconnected"
    client: str
    peer: str
    reason: ClientDisconnectReason
    lasted_s: float
    rx_bytes: int
    tx_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterSilent(Event):
    """A meter that used to answer has left more questions without an answer than is usual for it.

    `address` is the one on its line, empty for the line as a whole; `meter` and `serial` as people entered them.
    """

    type: ClassVar[str] = "meter_silent"
    address: str
    protocol: str
    in_vain: int
    last_answered: datetime | None
    program: str
    meter: str | None = None
    serial: str | None = None
    other: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterAnswering(Event):
    """A meter answers again after `silent_s` seconds without an answer."""

    type: ClassVar[str] = "meter_answering"
    address: str
    protocol: str
    silent_s: float
    program: str
    meter: str | None = None
    serial: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterChanged(Event):
    """Another meter answers at an address: it told a program another serial number or name than before."""

    type: ClassVar[str] = "meter_changed"
    address: str
    protocol: str
    previous: str
    identity: str
    meter: str | None = None
    serial: str | None = None
