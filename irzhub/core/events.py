"""Everything that can happen, as frozen dataclasses in the past tense.

An event is what the bus carries, what the journal stores and what MQTT and REST show (CONTRACT 2):
`type`, `ts` and `modem` are common, all other fields of a class are its `data`. `seq` and `id` are
given by the journal; an event that has not been there yet carries 0 and an empty text.
"""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeAlias

Level: TypeAlias = Literal["ON", "OFF"]
PinSource: TypeAlias = Literal["report", "query", "inferred"]
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
class Event:
    """What every event has; `modem` is null for events of the hub itself."""

    type: ClassVar[str]

    ts: datetime
    modem: str | None = None
    seq: int = 0
    id: str = ""
    durable: bool = True


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
    """A session ended; `detail` says the cause in words, counters are meter bytes of this session."""

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
class CommandFinished(Event):
    """A modem command ended; `status` is `ok`, `error`, `expired` or `cancelled`."""

    type: ClassVar[str] = "command_finished"
    command: str
    status: str
    origin: str
    result: dict[str, Any] = dataclasses.field(default_factory=dict)
    error: str | None = None
    command_id: str | None = None
    via: str = "gprs"
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputStuck(Event):
    """An output did not do what it was told: its feedback input, or the output itself, kept another level."""

    type: ClassVar[str] = "output_stuck"
    output: int
    commanded: Level
    seen: Level | None
    feedback: int | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobChanged(Event):
    """A job over many modems stands otherwise, is at its next step, or another tenth of it has ended."""

    type: ClassVar[str] = "job_changed"
    job: str
    kind: str
    status: str
    step: int
    steps: int
    total: int
    counts: dict[str, int] = dataclasses.field(default_factory=dict)
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFinished(Event):
    """A job ended, `done` or `cancelled`; `counts` says how many of its items ended how."""

    type: ClassVar[str] = "job_finished"
    job: str
    kind: str
    status: str
    total: int
    counts: dict[str, int] = dataclasses.field(default_factory=dict)
    reason: str | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SimChanged(Event):
    """Another SIM card than the last time answered in this modem."""

    type: ClassVar[str] = "sim_changed"
    iccid: str
    previous: str
    sim: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissioningStarted(Event):
    """A group with all below it is being set up: what happens is recorded, and nobody is told."""

    type: ClassVar[str] = "commissioning_started"
    group: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissioningEnded(Event):
    """A group was accepted: people are told of what happens there."""

    type: ClassVar[str] = "commissioning_ended"
    group: str
    by: str


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


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsFinished(Event):
    """Settings were sent to a modem, or could not be; `settings` are names, values are in no event.

    `status` is `ok` (it took all and dialled in again), `error` or `cancelled`; `reason` names the kind of error.
    """

    type: ClassVar[str] = "settings_finished"
    status: str
    via: str
    job: str
    origin: str
    settings: list[str] = dataclasses.field(default_factory=list)
    acknowledged: int = 0
    attempts: int = 0
    reason: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmwareFinished(Event):
    """Firmware was sent to a modem, or could not be; `firmware` is what it said of itself afterwards."""

    type: ClassVar[str] = "firmware_finished"
    status: str
    job: str
    origin: str
    image: str | None
    sha256: str | None
    pages: int = 0
    acknowledged: int = 0
    attempts: int = 0
    previous: str | None = None
    firmware: str | None = None
    reason: str | None = None
    error: str | None = None


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
class SmsReceived(Event):
    """An SMS came to the hub's own GSM modem; `modem` is set when the number is one of a modem's SIM cards."""

    type: ClassVar[str] = "sms_received"
    number: str
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallReceived(Event):
    """Somebody rang the hub's own GSM modem; `number` is empty where it was withheld."""

    type: ClassVar[str] = "call_received"
    number: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOpened(Event):
    """An incident began; `alert` is its number. `modem` is null for one that has many modems, or none."""

    type: ClassVar[str] = "alert_opened"
    alert: int
    kind: str
    subject: str
    severity: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertChanged(Event):
    """Something about an open incident is another: `change` is such as `acknowledged`, `escalated`, `silenced`."""

    type: ClassVar[str] = "alert_changed"
    alert: int
    kind: str
    subject: str
    change: str
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertClosed(Event):
    """An incident is over; it lasted `lasted_s`, and happened `count` times meanwhile."""

    type: ClassVar[str] = "alert_closed"
    alert: int
    kind: str
    subject: str
    severity: str
    lasted_s: float
    count: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownEvent(Event):
    """An event of a type that this version does not know, read back from the journal as it was."""

    type: ClassVar[str] = "unknown"
    original_type: str
    original: dict[str, Any]
