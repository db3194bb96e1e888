"""The settings as the hub uses them (CONTRACT 4.1): typed, complete, validated; durations in seconds."""

from dataclasses import dataclass, field
from pathlib import Path

from irzhub.config.wake import WakeLadder, WakeSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class HubSettings:
    """`hub`: who this hub is and where it keeps its data."""

    id: str = "main"
    data_dir: Path = Path("data")
    time_zone: str = "Europe/Moscow"
    clock_zone: str = "Europe/Moscow"
    language: str = "ru"
    start_grace_s: float = 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AskIntervals:
    """`relay.modems.ask`: how often the hub asks a modem of itself; None: never."""

    pins_s: float | None = 60.0
    signal_s: float | None = 600.0
    temperature_s: float | None = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RawModems:
    """`relay.modems.raw`: the second driver, modems that register with a packet of their own."""

    pattern: str | None = None
    heartbeat: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlightRecorder:
    """`relay.modems.flight_recorder`: limits in bytes; off by `enabled: false`."""

    enabled: bool = True
    per_modem: int = 16 * 1024
    total: int = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterLimit:
    """`relay.modems.register_limit`: so many new modems in a period from one /24."""

    count: int = 60
    period_s: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A time in which a modem dials in: a cron expression says when it begins."""

    cron: str
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """`relay.modems.presence`: when a modem is to be online; `mode` is always, schedule or on_request."""

    mode: str = "always"
    windows: tuple[Window, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModemsSettings:
    """`relay.modems`: the port the modems dial, and who may come in."""

    host: str = "0.0.0.0"
    port: int = 5009
    unknown_modems: str = "register"
    register_limit: RegisterLimit = RegisterLimit()
    password: str | None = field(default=None, repr=False)
    keepalive_timeout_s: float | None = None
    ask: AskIntervals = AskIntervals()
    answer_end: str = "cr"
    raw: RawModems = RawModems()
    flight_recorder: FlightRecorder = FlightRecorder()
    presence: Presence = Presence()


@dataclass(frozen=True, slots=True, kw_only=True)
class PortPool:
    """One range of polling ports on one address, both ends included."""

    host: str = "0.0.0.0"
    first: int = 20000
    last: int = 32700


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvertisedAddress:
    """One address under which programs reach the polling ports."""

    name: str
    host: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """`relay.polling.sharing` (CONTRACT 4.2)."""

    mode: str = "arbitrated"
    grant: str = "session"
    idle_s: float = 5.0
    turn_limit_s: float = 60.0
    late_guard_s: float = 2.0
    answer_timeout_s: float = 60.0
    answer_gap_s: float = 1.0
    frame_end: str = "none"
    observers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PollingSettings:
    """`relay.polling`: where programs connect and what they meet there.

    `advertise` is empty for `auto`. `allow` holds `private`, `any` or CIDRs as written. `lost_hold_s` is
    None for `lost: close`.
    """

    pools: tuple[PortPool, ...] = (PortPool(),)
    advertise: tuple[AdvertisedAddress, ...] = ()
    open: str = "on_start"
    allow: tuple[str, ...] = ("private",)
    offline: str = "accept"
    lost_hold_s: float | None = None
    sharing: Sharing = Sharing()
    wake: WakeLadder = field(default_factory=WakeLadder)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayConfig:
    """`relay`."""

    modems: ModemsSettings = ModemsSettings()
    polling: PollingSettings = PollingSettings()
    workers: int | str = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MqttSettings:
    """`mqtt`: the broker and how to reach it. `commands` None means by CONTRACT 2 rule 8."""

    broker: str = "embedded"
    host: str = "127.0.0.1"
    port: int = 1883
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: bool = False
    ca_file: Path | None = None
    base_topic: str = "irzhub"
    resend_s: float = 60.0
    commands: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """`database`: where history goes; SQLite paths are absolute here."""

    url: str = field(default="sqlite:///history.db", repr=False)
    event_days: int = 400
    series_days: int = 730


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """`web.tls`: PEM files."""

    certificate: Path
    key: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """`web.sign_in`: how long people stay signed in, and who needs a second factor."""

    idle_s: float = 1800.0
    limit_s: float = 43200.0
    second_factor: str = "optional"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSettings:
    """`web`: where the page and REST are served. `proxies` are networks whose word on a caller's address counts.

    `map_tiles` is a PMTiles file for the map; None: the page's own outline.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    tls: TlsFiles | None = None
    proxies: tuple[str, ...] = ()
    sign_in: SignIn = SignIn()
    map_tiles: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSettings:
    """`audit`: how long it is kept, its key, and where a copy goes (`udp://host:514` and the like)."""

    days: int = 1095
    key: str | None = field(default=None, repr=False)
    syslog: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSettings:
    """`commands`: how long an answer is waited for, how often a command is tried, how long it is remembered."""

    answer_timeout_s: float = 30.0
    attempts: int = 2
    retry_pause_s: float = 1.5
    sms_password: str = field(default="5492", repr=False)
    keep_days: int = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSettings:
    """`jobs`: work over many modems, and how dangerous changes go step by step."""

    concurrency: int = 32
    staged_above: int = 10
    return_within_s: float = 900.0
    lost_percent: float = 2.0
    keep_days: int = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsUpload:
    """`fleet.settings`: how settings are sent to modems. `password` is the modems' service password."""

    password: str = field(default="5492", repr=False)
    line_prefix: str = "%04d"
    line_timeout_s: float = 30.0
    dial_in_within_s: float = 1800.0
    attempts: int = 3
    concurrency: int = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmwareUpload:
    """`fleet.firmware`: images and, experimental, how they are sent. `resume` is `start` or `page`."""

    experimental: bool = False
    page_size: int = 512
    line_prefix: str = "%04d"
    page_timeout_s: float = 30.0
    dial_in_within_s: float = 7200.0
    resume: str = "start"
    largest_image: int = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSettings:
    """`fleet`: settings and firmware of the modems."""

    settings: SettingsUpload = SettingsUpload()
    firmware: FirmwareUpload = FirmwareUpload()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboundSettings:
    """`outbound`: which servers the hub may call over HTTP.

    `hosts` are ASCII names, `networks` CIDRs; empty `hosts` or `ports` mean any. `proxy` may hold a password.
    """

    hosts: tuple[str, ...] = ()
    networks: tuple[str, ...] = ()
    ports: tuple[int, ...] = (80, 443, 8443)
    plain_http: bool = False
    proxy: str | None = field(default=None, repr=False)
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonCause:
    """`alerts.common_cause`: when many lost modems are one incident. `uplink` is `host:port`, None for the gateway."""

    modems: int = 10
    gather_s: float = 30.0
    window_s: float = 120.0
    uplink: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBudget:
    """`alerts.budgets.<channel>`: how much may be sent in a day, in SMS or messages; None: no limit."""

    per_recipient: int | None = None
    per_channel: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeartbeatSettings:
    """`alerts.heartbeat`: where the hub gives a sign of life; None: nowhere."""

    url: str | None = field(default=None, repr=False)
    topic: str | None = None
    every_s: float = 60.0


def _usual_budgets() -> dict[str, DayBudget]:
    return {"sms": DayBudget(per_recipient=60, per_channel=500), "call": DayBudget(per_recipient=30, per_channel=200)}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertSettings:
    """`alerts`: when something is an incident, when that is over, and how people are told.

    Thresholds are None where nobody looks. `tell` names who hears of every incident, `report_to` who hears of the
    hub itself; `link_url` is where people reach the hub's page, None: no links that acknowledge.
    """

    link_lost_after_s: float = 240.0
    hold_s: float = 60.0
    breaks: int = 5
    breaks_within_s: float = 900.0
    weak_signal_dbm: int | None = None
    temperature_high_c: int | None = None
    temperature_low_c: int | None = None
    part_down_after_s: float = 30.0
    keep_days: int = 400
    common_cause: CommonCause = CommonCause()
    tell: tuple[str, ...] = ()
    report_to: tuple[str, ...] = ()
    link_url: str | None = None
    link_lasts_s: float = 86_400.0
    keep_trying_s: float = 86_400.0
    fallback_after_s: float = 180.0
    group_after: int = 3
    group_within_s: float = 5.0
    disk_free_percent: int = 10
    budgets: dict[str, DayBudget] = field(default_factory=_usual_budgets)
    heartbeat: HeartbeatSettings = HeartbeatSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One address of a contact: `kind` is `sms` or `email`."""

    kind: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that `CONFIG/irzhub.yaml`, the environment and the command line say."""

    config_dir: Path = Path("config")
    hub: HubSettings = HubSettings()
    relay: RelayConfig = RelayConfig()
    mqtt: MqttSettings = MqttSettings()
    database: DatabaseSettings = DatabaseSettings()
    web: WebSettings = WebSettings()
    audit: AuditSettings = AuditSettings()
    commands: CommandSettings = CommandSettings()
    jobs: JobSettings = JobSettings()
    fleet: FleetSettings = FleetSettings()
    outbound: OutboundSettings = OutboundSettings()
    wake: WakeSettings = field(default_factory=WakeSettings)
    alerts: AlertSettings = AlertSettings()
    contacts: dict[str, tuple[Contact, ...]] = field(default_factory=dict)
    integrations: dict[str, dict[str, object]] = field(default_factory=dict, repr=False)
