"""What a relay must know to do its work: for the whole of it, and for each modem.

Plain structures that can travel in a message; the hub builds them from `config` and the registry.
Networks are CIDR texts: the hub has resolved `private` and `any` before.
"""

import msgspec

ANY_NETWORK = ("0.0.0.0/0", "::/0")


class SharingSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How several programs share one meter line (CONTRACT 4.2); durations in seconds."""

    mode: str = "arbitrated"  # arbitrated | exclusive | kick_old | broadcast
    grant: str = "session"  # session | question
    idle_s: float = 5.0
    turn_limit_s: float = 60.0
    late_guard_s: float = 2.0
    late_guard_max_s: float = 15.0
    answer_timeout_s: float = 60.0
    answer_gap_s: float = 1.0
    frame_end: str = "none"  # none | modbus
    observers: tuple[str, ...] = ()  # networks whose programs may only read


class AskSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How often the hub asks a modem of itself; None: never."""

    pins_s: float | None = 60.0
    pins_reporting_s: float | None = 600.0  # once the modem has reported unasked
    signal_s: float | None = 600.0
    temperature_s: float | None = 600.0


class ModemSettings(msgspec.Struct, frozen=True, kw_only=True):
    """One modem as the relay must treat it.

    Args:
        password: how the hello's PSW is judged: None accepts any (pinned by the hub afterwards),
            `plain:<text>` must be equal, `sha256:<salt>:<hex>` is SHA-256 of salt + PSW.
        host, port: where its polling programs connect. open: `on_start` or `on_connect`.
        offline: accept | refuse | wake. wake_wait_s: how long a program waits for a modem that is being woken.
        hold_s: how long clients are held when the modem is lost; None: closed.
        keepalive_timeout_s: None is `auto` (3.5 times the learned interval, at least 120 s).
        allow: networks that may poll.
        clock_zone: IANA zone of the time in the hello's answer.
    """

    modem: str
    imei: str
    channel: int | None = None
    driver: str = "irz"
    password: str | None = None
    host: str = "0.0.0.0"
    port: int = 0
    open: str = "on_start"
    offline: str = "accept"
    wake_wait_s: float = 180.0
    hold_s: float | None = None
    keepalive_timeout_s: float | None = None
    allow: tuple[str, ...] = ANY_NETWORK
    sharing: SharingSettings = SharingSettings()
    ask: AskSettings = AskSettings()
    clock_zone: str = "Europe/Moscow"


class RelaySettings(msgspec.Struct, frozen=True, kw_only=True):
    """What holds for the whole relay.

    Args:
        host, port: where modems dial in. hello_deadline_s, hello_limit: RELIABILITY S04.
        data_limit: bytes the hub keeps for one program and direction at the most (D4).
        stall_s: how long a program may make no progress before it is cut.
        modem_pause_s: how long a modem's reading may stand still because of a program (D4).
        ring_modem, ring_total: the flight recorder's limits in bytes; 0 turns it off.
        answer_end: bytes after the hello's answer.
    """

    host: str = "0.0.0.0"
    port: int = 5009
    hello_deadline_s: float = 30.0
    answer_end: bytes = b"\r"
    backlog: int = 4096
    data_limit: int = 65536
    stall_s: float = 60.0
    modem_pause_s: float = 2.0
    keepalive_floor_s: float = 120.0
    command_gap_s: float = 0.5
    command_timeout_s: float = 25.0
    tcp_keepidle_s: int = 180
    tcp_keepintvl_s: int = 15
    tcp_keepcnt: int = 4
    tcp_user_timeout_s: float = 120.0
    ring_modem: int = 16384
    ring_total: int = 64 * 1024 * 1024
    descriptor_reserve: float = 0.05
    raw_pattern: str | None = None
    raw_heartbeat: str | None = None
