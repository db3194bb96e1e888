"""What the relay asks of every make of modem (ARCHITECTURE D12).

A driver knows its modems by their first bytes, reads the hello, and then gives one `Connection` for
each session, which turns received bytes into wire events and what the hub wants to say into bytes.
All of it is sans-IO: the caller owns sockets and timers.
"""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeAlias


class Match(enum.Enum):
    """What the first bytes of a socket say to a driver."""

    NO = enum.auto()
    MAYBE = enum.auto()
    YES = enum.auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hello:
    """How a modem introduced itself.

    Args:
        modem: modem id by docs/contract.md 1, ready for topics and rows.
        imei: the IMEI as 14-17 ASCII digits, or the raw driver's id. channel: the hello's CHN 1..5, None when absent.
        password: what it gave as PSW, None when it gave none.
        encapsulated: data travels in frames.
        sim: active SIM slot counted from 1. csq: 0..31. Both None when absent or a special code.
        listens_at: `ip:port` of a modem that works as a server (MOD=SRV), else None.
        woken_by: `call`, `sms` or the timetable's text (TIM), else None.
        keys: every key of the hello as it came, unknown ones included.
    """

    driver: str
    modem: str
    imei: str
    channel: int | None = None
    password: str | None = field(default=None, repr=False)
    model: str | None = None
    firmware: str | None = None
    sim: int | None = None
    csq: int | None = None
    interface: str | None = None
    encapsulated: bool = False
    listens_at: str | None = None
    woken_by: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)


class HelloReader(Protocol):
    """Collects bytes until they are one hello (docs/protocol.md 1.2)."""

    def receive_data(self, data: bytes) -> Hello | None:
        """Take bytes in any cut; return the hello once it is whole.

        Raises:
            RemoteProtocolError: this cannot become a hello, or it is longer than 512 bytes.
        """

    def receive_silence(self) -> Hello | None:
        """Return the hello that `silence_s` without a byte has ended, or None when there is none yet."""

    @property
    def silence_s(self) -> float | None:
        """After how long a silence to call `receive_silence`; None when silence ends nothing now."""

    @property
    def leftover(self) -> bytes:
        """The bytes that came behind the hello, to be given to the connection first."""


@dataclass(frozen=True, slots=True)
class Data:
    """Bytes of the meter, for the polling program."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class Keepalive:
    """The modem says that it is alive."""


@dataclass(frozen=True, slots=True)
class Pin:
    """One pin as the modem reports it, raw: no inversion, no debounce."""

    number: int
    is_output: bool
    is_high: bool


@dataclass(frozen=True, slots=True)
class PinReport:
    """All pins (docs/protocol.md 1.7). `asked`: it answers the outstanding `pins`, which then gets no `Answer`."""

    pins: tuple[Pin, ...]
    asked: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """The modem's answer to the command that is outstanding.

    Args:
        command: name as in docs/contract.md 3.
        values: what it says, decoded (`{"csq": 21, "rssi_dbm": -71}`, `{"temperature_c": 25}`, ...).
        raw: the payload as it came.
    """

    command: str
    values: Mapping[str, Any]
    raw: bytes


@dataclass(frozen=True, slots=True)
class FreshHello:
    """The modem introduced itself again in mid-session: the session starts anew with these values."""

    hello: Hello


@dataclass(frozen=True, slots=True)
class Ignored:
    """Bytes or a frame that mean nothing to us, skipped by the resync rules; kept for the flight recorder."""

    raw: bytes
    why: str


WireEvent: TypeAlias = Data | Keepalive | PinReport | Answer | FreshHello | Ignored


@dataclass(frozen=True, slots=True)
class Plain:
    """How meter data passes while there is nothing but meter data; both functions keep no state.

    Args:
        read: returns the meter's bytes of one whole read, None when it may be anything else besides.
        build: returns bytes as they go to the modem; None: they go as they are.
    """

    read: Callable[[bytes], bytes | None]
    build: Callable[[bytes], bytes] | None


class Connection(Protocol):
    """One session's bytes after the hello, both ways."""

    def receive_data(self, data: bytes) -> list[WireEvent]:
        """Take bytes in any cut and return what they mean, in order.

        Raises:
            RemoteProtocolError: only what cannot be resynchronised within the buffer limit.
        """

    def receive_silence(self) -> list[WireEvent]:
        """Let go what was held back for `silence_s` (the possible beginning of a keepalive)."""

    @property
    def silence_s(self) -> float | None:
        """How long held bytes wait for the rest (0.05 s in raw mode, docs/protocol.md 1.4); None: nothing is held.

        Counted from the last byte. It can change with every call, `receive_silence` included.
        """

    def answer(self, local_time: datetime) -> bytes:
        """Build the answer to the hello with the site's local time; empty where the make expects none."""

    def send_data(self, payload: bytes) -> bytes:
        """Return `payload` as it goes to the modem, for one write."""

    def send_command(self, command: str, args: Mapping[str, Any], form: str | None = None) -> bytes:
        """Build a command (docs/contract.md 3) and remember it as outstanding.

        `form` is the template of a text command, where it is another than the driver's own.

        Raises:
            LocalProtocolError: unknown command, bad arguments, one is outstanding already, or this modem
                cannot take commands.
        """

    def cancel_command(self) -> None:
        """Forget the outstanding command: its time is over.

        A late answer is then `Ignored`, a late pin answer a report.
        """

    @property
    def takes_commands(self) -> bool:
        """Whether commands can reach this modem (it has encapsulation)."""

    @property
    def plain(self) -> "Plain | None":
        """A short cut for meter data, good until the next call of `receive_data` or `receive_silence`.

        None while bytes are held back or something else than data is under way.
        """


class Driver(Protocol):
    """One make of modem."""

    @property
    def name(self) -> str:
        """A short name for settings and state, e.g. `irz`."""

    def detect(self, first_bytes: bytes) -> Match:
        """Say whether a socket that begins with these bytes is one of this driver's modems."""

    def read_hello(self) -> HelloReader:
        """Return a new reader for one socket."""

    def connect(self, hello: Hello) -> Connection:
        """Return the connection for a session that began with `hello`."""

    @property
    def default_keepalive_timeout_s(self) -> float | None:
        """After how long without a byte a modem is lost while its interval is not learned; None: never."""
