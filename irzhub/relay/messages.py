"""The relay's only door to the rest of the hub: typed messages both ways, and nothing else (D8).

They can be encoded and decoded without loss, so a relay can live in a process of its own; inside one
process the same objects are handed over. Times are Unix seconds (float), durations seconds.
"""

from typing import Any, Final

import msgspec

from irzhub.relay.orders import (
    AskSnapshot,
    CancelDialogue,
    DecideRegistration,
    Drain,
    KickClient,
    KickModem,
    Message,
    PutModem,
    ReadLine,
    ReadRing,
    RemoveModem,
    SendCommand,
    StartDialogue,
    StopWaiting,
)
from irzhub.relay.polls import Poll


class ModemsListening(Message, frozen=True):
    """Relay to hub: the port for modems is bound; `port` is the real one."""

    port: int


class PortOpened(Message, frozen=True):
    """Relay to hub: the polling port of a modem listens."""

    modem: str
    host: str
    port: int


class PortFailed(Message, frozen=True):
    """Relay to hub: the polling port of a modem could not be opened; tried again every 10 s."""

    modem: str
    host: str
    port: int
    error: str


class RegistrationWanted(Message, frozen=True):
    """Relay to hub: a modem that nobody put has said hello; its socket waits for `DecideRegistration`."""

    request: int
    modem: str
    imei: str
    channel: int | None
    driver: str
    password: str | None
    model: str | None
    firmware: str | None
    peer: str
    at: float


class DialInRejected(Message, frozen=True):
    """Relay to hub: a socket was turned away. `modem` only when it is a known one. `count`: how many since the last."""

    reason: str
    peer: str
    at: float
    modem: str | None = None
    count: int = 1


class SessionOpened(Message, frozen=True):
    """Relay to hub: a modem was answered and is connected.

    `local` is the address it dialled. `password` is what it gave. `default_password` says that it is the
    vendor's (5492). `keys` are all keys of the hello but the password.
    """

    modem: str
    generation: int
    at: float
    peer: str
    local: str
    password: str | None
    default_password: bool
    driver: str
    model: str | None
    firmware: str | None
    sim: int | None
    csq: int | None
    encapsulated: bool
    listens_at: str | None
    woken_by: str | None
    keys: dict[str, str]


class SessionClosed(Message, frozen=True):
    """Relay to hub: a session ended. `reason` is one of CONTRACT 2, `detail` the cause in words."""

    modem: str
    generation: int
    at: float
    reason: str
    detail: str
    lasted_s: float
    rx_bytes: int
    tx_bytes: int
    last_byte_at: float


class SessionLives(Message, frozen=True):
    """Relay to hub, after the hub was replaced: this modem is connected, and has been since `opened_at`.

    What its `SessionOpened` told still holds. `has_reported`: its pins were told in the modem's session.
    """

    modem: str
    generation: int
    opened_at: float
    peer: str
    rx_bytes: int
    tx_bytes: int
    last_byte_at: float
    has_reported: bool


class ClientLives(Message, frozen=True):
    """Relay to hub, after the hub was replaced: this program is connected since `at`, with all `clients` of them."""

    modem: str
    client: str
    peer: str
    at: float
    clients: int


class Resynced(Message, frozen=True):
    """Relay to hub, after the hub was replaced: all that lives has been told, and all that happened meanwhile.

    `missed` counts messages that were too many to be kept; then what lives is told as it is now.
    """

    missed: int


class ConflictSeen(Message, frozen=True):
    """Relay to hub: the third swap in ten minutes after which the displaced socket proved alive (D6)."""

    modem: str
    at: float
    peers: list[str]


class PinsSeen(Message, frozen=True):
    """Relay to hub: all pins of a modem, raw; `pins` holds [number, is_output, is_high]."""

    modem: str
    generation: int
    at: float
    asked: bool
    pins: list[tuple[int, bool, bool]]


class ValuesSeen(Message, frozen=True):
    """Relay to hub: what the modem said of itself: any of `csq`, `temperature_c`, `iccid`, `cell`.

    A key with None means that the modem said it does not know.
    """

    modem: str
    generation: int
    at: float
    values: dict[str, Any]


class CommandAnswered(Message, frozen=True):
    """Relay to hub: how a command ended. `status`: `ok`, `error` (refused, not answered, modem away).

    `cause` of an error: `refused` by the modem; `unanswered`: its time was over; `cut`: the connection ended before
    an answer; `not_sent`: the modem has not seen it; `invalid`: it cannot be sent at all.
    """

    request: str
    modem: str
    status: str
    data: dict[str, Any] = {}  # noqa: RUF012 - each message gets its own
    error: str | None = None
    cause: str = ""


class DialogueProgress(Message, frozen=True):
    """Relay to hub, at most once a second: how far a dialogue is; `is_running`: the modem has dialled in for it."""

    request: str
    modem: str
    at: float
    is_running: bool
    acknowledged: int
    total: int


class DialogueEnded(Message, frozen=True):
    """Relay to hub: a dialogue is over. `reason` is empty when the modem has taken all and said so.

    Else `reason` is a `codec.irz.settings_dialogue.Failure` or one of `deadline`, `cancelled`, `busy`, `invalid`,
    `not_possible`, `unknown_modem`, `deleted`, `hub_stop`, `worker_lost`. `may_have_applied`: it broke off after
    the last line, so the modem may have taken all.
    """

    request: str
    modem: str
    at: float
    reason: str
    detail: str
    acknowledged: int
    total: int
    may_have_applied: bool


class ClientOpened(Message, frozen=True):
    """Relay to hub: a polling program connected to a modem's port."""

    modem: str
    client: str
    peer: str
    at: float
    clients: int


class ClientClosed(Message, frozen=True):
    """Relay to hub: a polling program left or was cut (`reason` of CONTRACT 2)."""

    modem: str
    client: str
    peer: str
    at: float
    clients: int
    reason: str
    lasted_s: float
    rx_bytes: int
    tx_bytes: int


class WakeWanted(Message, frozen=True):
    """Relay to hub: a program connected to the port of a sleeping modem whose policy is `wake`."""

    modem: str
    client: str
    at: float


class Traffic(Message, frozen=True):
    """Relay to hub, once a second and before a session closes: growth since the last one, for modems with any.

    `grown` maps modem to (rx_bytes, tx_bytes, Unix time of the last byte from the modem).
    """

    grown: dict[str, tuple[int, int, float]]


class MetersPolled(Message, frozen=True):
    """Relay to hub, every ten seconds: how the questions to meters ended since the last one, by modem."""

    polls: dict[str, list[Poll]]


class RingRead(Message, frozen=True):
    """Relay to hub: the flight recorder of a modem: (Unix time, direction, bytes) from old to new.

    Direction: `<` from the modem, `>` to it, `=` meter data from it, `-` dropped. Empty when nothing was kept.
    """

    request: str
    modem: str
    entries: list[tuple[float, str, bytes]]


class LineProgram(msgspec.Struct, frozen=True, kw_only=True):
    """One program at a modem's port, as `LineRead` tells of it; bytes as in `ClientClosed`."""

    client: str
    peer: str
    lasted_s: float
    rx_bytes: int
    tx_bytes: int
    kept_bytes: int
    holds_line: bool
    is_observer: bool


class LineRead(Message, frozen=True):
    """Relay to hub: the programs of a modem in order of coming."""

    request: str
    modem: str
    programs: list[LineProgram]


class Snapshot(Message, frozen=True):
    """Relay to hub, once every 5 s and on request: plain counters since the start, and present sizes.

    `histograms` holds for each its counts, from the lowest bound to beyond the highest one, and then its sum.
    """

    modems_online: int
    clients: int
    listeners: int
    descriptors: int
    descriptor_limit: int
    ring_bytes: int
    counters: dict[str, float]
    loop_lag_s: float
    histograms: dict[str, list[float]] = {}  # noqa: RUF012 - each message gets its own


class Drained(Message, frozen=True):
    """Relay to hub: all is closed; the last message."""


ToRelay = (
    PutModem
    | RemoveModem
    | DecideRegistration
    | SendCommand
    | StartDialogue
    | CancelDialogue
    | KickModem
    | KickClient
    | StopWaiting
    | ReadRing
    | ReadLine
    | AskSnapshot
    | Drain
)
ToHub = (
    ModemsListening
    | PortOpened
    | PortFailed
    | RegistrationWanted
    | DialInRejected
    | SessionOpened
    | SessionClosed
    | SessionLives
    | ClientLives
    | Resynced
    | ConflictSeen
    | PinsSeen
    | ValuesSeen
    | CommandAnswered
    | DialogueProgress
    | DialogueEnded
    | ClientOpened
    | ClientClosed
    | WakeWanted
    | Traffic
    | MetersPolled
    | RingRead
    | LineRead
    | Snapshot
    | Drained
)

_ENCODER: Final = msgspec.msgpack.Encoder()
_TO_RELAY: Final[msgspec.msgpack.Decoder[ToRelay]] = msgspec.msgpack.Decoder(ToRelay)
_TO_HUB: Final[msgspec.msgpack.Decoder[ToHub]] = msgspec.msgpack.Decoder(ToHub)


def encode_message(message: ToRelay | ToHub) -> bytes:
    """Return a message as MessagePack, its class by name in the `type` key."""
    return _ENCODER.encode(message)


def decode_to_relay(data: bytes) -> ToRelay:
    """Return the message that `encode_message` made for the relay.

    Raises:
        msgspec.ValidationError: it is none of `ToRelay`.
    """
    return _TO_RELAY.decode(data)


def decode_to_hub(data: bytes) -> ToHub:
    """Return the message that `encode_message` made for the hub.

    Raises:
        msgspec.ValidationError: it is none of `ToHub`.
    """
    return _TO_HUB.decode(data)
