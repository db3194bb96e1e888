"""The relay's only door to the rest of the hub: typed messages both ways, and nothing else (D8).

They can be encoded and decoded without loss, so a relay can live in a process of its own; inside one
process the same objects are handed over. Times are Unix seconds (float), durations seconds.
"""

from typing import Any, Final

import msgspec

from irzhub.relay.settings import ModemSettings


class Message(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Root of all messages."""


class PutModem(Message, frozen=True):
    """Hub to relay: this modem is known, with these settings; opens, moves or closes its port as they say."""

    settings: ModemSettings


class RemoveModem(Message, frozen=True):
    """Hub to relay: forget this modem, close its port and its session with `reason`."""

    modem: str
    reason: str = "deleted"


class DecideRegistration(Message, frozen=True):
    """Hub to relay: what becomes of the unknown modem of `RegistrationWanted`; an accepted one was put before."""

    request: int
    accepted: bool
    reason: str = ""


class SendCommand(Message, frozen=True):
    """Hub to relay: put a command to a modem; `CommandAnswered` follows, at the latest after `timeout_s`."""

    request: str
    modem: str
    command: str
    args: dict[str, Any] = {}
    timeout_s: float = 30.0


class KickModem(Message, frozen=True):
    """Hub to relay: end the session of a modem; it will dial in again."""

    modem: str
    reason: str = "kicked"


class KickClient(Message, frozen=True):
    """Hub to relay: disconnect one polling program."""

    modem: str
    client: str


class ReadRing(Message, frozen=True):
    """Hub to relay: send the flight recorder of a modem (`RingRead`)."""

    request: str
    modem: str


class AskSnapshot(Message, frozen=True):
    """Hub to relay: send `Snapshot` now."""


class Drain(Message, frozen=True):
    """Hub to relay: the hub stops; close listeners, then sessions, within `seconds`; `Drained` follows."""

    seconds: float = 5.0


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
    """Relay to hub: how a command ended. `status`: `ok`, `error` (refused, not answered, modem away)."""

    request: str
    modem: str
    status: str
    data: dict[str, Any] = {}
    error: str | None = None


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


class RingRead(Message, frozen=True):
    """Relay to hub: the flight recorder of a modem: (Unix time, direction, bytes) from old to new.

    Direction: `<` from the modem, `>` to it, `=` meter data from it, `-` dropped. Empty when nothing was kept.
    """

    request: str
    modem: str
    entries: list[tuple[float, str, bytes]]


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
    histograms: dict[str, list[float]] = {}


class Drained(Message, frozen=True):
    """Relay to hub: all is closed; the last message."""


ToRelay = (
    PutModem | RemoveModem | DecideRegistration | SendCommand | KickModem | KickClient | ReadRing | AskSnapshot | Drain
)
ToHub = (
    ModemsListening
    | PortOpened
    | PortFailed
    | RegistrationWanted
    | DialInRejected
    | SessionOpened
    | SessionClosed
    | ConflictSeen
    | PinsSeen
    | ValuesSeen
    | CommandAnswered
    | ClientOpened
    | ClientClosed
    | WakeWanted
    | Traffic
    | RingRead
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
