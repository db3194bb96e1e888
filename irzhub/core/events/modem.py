"""What modems do: dial in, leave, sleep and are woken, change an input; and what people do with a modem as a whole."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, TypeAlias

from irzhub.core.events.event import Event, Level, PinSource

DisconnectReason: TypeAlias = Literal[
    "closed",
    "reset",
    "keepalive_lost",
    "replaced",
    "kicked",
    "hub_stop",
    "hub_restart",
    "worker_lost",
    "deleted",
    "protocol_error",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModemRegistered(Event):
    """A modem was seen for the first time and has its port for good."""

    type: ClassVar[str] = "registered"
    port: int
    model: str | None = None
    peer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModemConnected(Event):
    """A modem dialled in and was answered; `session` is unique in the hub's life."""

    type: ClassVar[str] = "connected"
    session: str
    peer: str
    model: str | None = None
    firmware: str | None = None
    sim: int | None = None
    csq: int | None = None
    encapsulated: bool = False
    woken_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModemDisconnected(Event):
    """A session ended; `detail` says the cause in words, counters are meter bytes of the modem's session."""

    type: ClassVar[str] = "disconnected"
    reason: DisconnectReason
    session: str | None = None
    detail: str | None = None
    lasted_s: float | None = None
    rx_bytes: int = 0
    tx_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ModemRejected(Event):
    """A dial-in that was turned away; at most one a minute for each source and reason."""

    type: ClassVar[str] = "rejected"
    reason: str
    peer: str
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ImeiConflict(Event):
    """Two living sockets claim one IMEI (ARCHITECTURE D6)."""

    type: ClassVar[str] = "imei_conflict"
    peers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GpiChanged(Event):
    """An input changed, after inversion and debounce.

    `inferred` means that it happened at some time between `not_before` and `ts`, while nobody looked.
    """

    type: ClassVar[str] = "gpi_changed"
    pin: int
    level: Level
    previous: Level
    source: PinSource
    not_before: datetime | None = None
    name: str | None = None
    alarm: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GpoChanged(Event):
    """An output changed."""

    type: ClassVar[str] = "gpo_changed"
    pin: int
    level: Level
    previous: Level
    source: PinSource
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SimChanged(Event):
    """Another SIM card than the last time answered in this modem."""

    type: ClassVar[str] = "sim_changed"
    iccid: str
    previous: str
    sim: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedSchedule(Event):
    """A modem with a schedule did not dial in during a window that is over now."""

    type: ClassVar[str] = "missed_schedule"
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeStarted(Event):
    """A sleeping modem is being called in; `reason` is `client` or who asked."""

    type: ClassVar[str] = "wake_started"
    reason: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeSucceeded(Event):
    """It dialled in `took_s` after the wake began; `by` is the step that worked."""

    type: ClassVar[str] = "wake_succeeded"
    reason: str
    by: str
    took_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeFailed(Event):
    """No step of the ladder brought it in."""

    type: ClassVar[str] = "wake_failed"
    reason: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModemDeleted(Event):
    """People deleted a modem; with `keeps_port` its port waits for it, with `is_blocked` it is turned away."""

    type: ClassVar[str] = "deleted"
    port: int
    keeps_port: bool
    is_blocked: bool
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModemReplaced(Event):
    """This modem took the place of `former`: port, name, inputs, meters and history are its own now."""

    type: ClassVar[str] = "modem_replaced"
    former: str
    port: int
    by: str
