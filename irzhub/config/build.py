"""Turns validated values into `Settings`: paths absolute, texts with an inner form taken apart."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from irzhub.config.durations import parse_duration
from irzhub.config.settings import (
    AdvertisedAddress,
    AlertSettings,
    AskIntervals,
    AuditSettings,
    CommandSettings,
    CommonCause,
    Contact,
    DatabaseSettings,
    DayBudget,
    FirmwareUpload,
    FleetSettings,
    FlightRecorder,
    HeartbeatSettings,
    HubSettings,
    JobSettings,
    ModemsSettings,
    MqttSettings,
    OutboundSettings,
    PollingSettings,
    PortPool,
    Presence,
    RawModems,
    RegisterLimit,
    RelayConfig,
    Settings,
    SettingsUpload,
    Sharing,
    SignIn,
    TlsFiles,
    WebSettings,
    Window,
)
from irzhub.config.wake import build_ladder, build_wake

_SQLITE: Final = "sqlite:///"


def build_settings(config_dir: Path, values: dict[str, Any]) -> Settings:
    """Return the settings that validated `values` mean; relative files are found from `config_dir`."""
    base = config_dir.absolute()
    hub = values["hub"]
    data_dir = _absolute(base, hub["data_dir"])
    return Settings(
        config_dir=base,
        hub=HubSettings(
            id=hub["id"],
            data_dir=data_dir,
            time_zone=hub["time_zone"],
            clock_zone=hub["clock_zone"],
            language=hub["language"],
            start_grace_s=hub["start_grace"],
        ),
        relay=RelayConfig(
            modems=_build_modems(values["relay"]["modems"]),
            polling=_build_polling(values["relay"]["polling"]),
            workers=values["relay"]["workers"],
        ),
        mqtt=_build_mqtt(base, values["mqtt"]),
        database=_build_database(data_dir, values["database"]),
        web=_build_web(base, values["web"]),
        audit=AuditSettings(**values["audit"]),
        commands=_build_commands(values["commands"]),
        jobs=_build_jobs(values["jobs"]),
        fleet=_build_fleet(values["fleet"]),
        outbound=_build_outbound(base, values["outbound"]),
        wake=build_wake(values["wake"]),
        alerts=_build_alerts(values["alerts"]),
        contacts={name: _build_contact(addresses) for name, addresses in values["contacts"].items()},
        integrations={name: settings or {} for name, settings in values["integrations"].items()},
    )


def _absolute(base: Path, written: str) -> Path:
    return Path(_normal(base / Path(written).expanduser()))


def _normal(path: Path) -> str:
    # `config/./data/../data` reads badly in messages; symbolic links are left as the operator made them.
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and len(parts) > 1:
            parts.pop()
        elif part != ".":
            parts.append(part)
    return str(Path(*parts))


def _build_modems(modems: dict[str, Any]) -> ModemsSettings:
    ask, recorder = modems["ask"], modems["flight_recorder"]
    count, period_s = modems["register_limit"]
    return ModemsSettings(
        host=modems["host"],
        port=modems["port"],
        unknown_modems=modems["unknown_modems"],
        register_limit=RegisterLimit(count=count, period_s=period_s),
        password=modems["password"],
        keepalive_timeout_s=modems["keepalive_timeout"],
        ask=AskIntervals(pins_s=ask["pins"], signal_s=ask["signal"], temperature_s=ask["temperature"]),
        answer_end=modems["answer_end"],
        raw=RawModems(**modems["raw"]),
        flight_recorder=FlightRecorder(**recorder),
        presence=build_presence(modems["presence"]),
    )


def build_presence(presence: Mapping[str, Any]) -> Presence:
    """Return when modems are to be online; what is not written is as if nothing were said."""
    windows = tuple(Window(cron=each["cron"], duration_s=each["duration"]) for each in presence.get("windows", ()))
    return Presence(mode=presence.get("mode", "schedule" if windows else "always"), windows=windows)


def _build_polling(polling: dict[str, Any]) -> PollingSettings:
    sharing, lost = polling["sharing"], polling["lost"]
    return PollingSettings(
        pools=tuple(PortPool(**pool) for pool in polling["pools"]),
        advertise=tuple(AdvertisedAddress(**each) for each in polling["advertise"]),
        open=polling["open"],
        allow=polling["allow"],
        offline=polling["offline"],
        lost_hold_s=None if lost is None else parse_duration(lost.removeprefix("hold ")),
        sharing=Sharing(
            mode=sharing["mode"],
            grant=sharing["grant"],
            idle_s=sharing["idle"],
            turn_limit_s=sharing["turn_limit"],
            late_guard_s=sharing["late_guard"],
            answer_timeout_s=sharing["answer_timeout"],
            answer_gap_s=sharing["answer_gap"],
            frame_end=sharing["frame_end"],
            observers=sharing["observers"],
        ),
        wake=build_ladder(polling["wake"]),
    )


def _build_mqtt(base: Path, mqtt: dict[str, Any]) -> MqttSettings:
    ca_file = mqtt.pop("ca_file")
    resend_s = mqtt.pop("resend")
    return MqttSettings(**mqtt, ca_file=None if ca_file is None else _absolute(base, ca_file), resend_s=resend_s)


def _build_database(data_dir: Path, database: dict[str, Any]) -> DatabaseSettings:
    url = database.pop("url")
    if url.startswith(_SQLITE):
        url = f"{_SQLITE}{_absolute(data_dir, url.removeprefix(_SQLITE))}"
    return DatabaseSettings(url=url, **database)


def _build_web(base: Path, web: dict[str, Any]) -> WebSettings:
    tls = web["tls"]
    files = None if tls is None else TlsFiles(**{name: _absolute(base, file) for name, file in tls.items()})
    sign_in = web["sign_in"]
    return WebSettings(
        host=web["host"],
        port=web["port"],
        tls=files,
        proxies=web["proxies"],
        map_tiles=None if web["map_tiles"] is None else _absolute(base, web["map_tiles"]),
        sign_in=SignIn(idle_s=sign_in["idle"], limit_s=sign_in["limit"], second_factor=sign_in["second_factor"]),
    )


def _build_commands(commands: dict[str, Any]) -> CommandSettings:
    return CommandSettings(
        answer_timeout_s=commands["answer_timeout"],
        attempts=commands["attempts"],
        retry_pause_s=commands["retry_pause"],
        sms_password=commands["sms_password"],
        keep_days=commands["keep_days"],
    )


def _build_jobs(jobs: dict[str, Any]) -> JobSettings:
    return JobSettings(
        concurrency=jobs["concurrency"],
        staged_above=jobs["staged_above"],
        return_within_s=jobs["return_within"],
        lost_percent=jobs["lost_percent"],
        keep_days=jobs["keep_days"],
    )


def _build_fleet(fleet: dict[str, Any]) -> FleetSettings:
    settings, firmware = fleet["settings"], fleet["firmware"]
    return FleetSettings(
        settings=SettingsUpload(
            password=settings["password"],
            line_prefix=settings["line_prefix"],
            line_timeout_s=settings["line_timeout"],
            dial_in_within_s=settings["dial_in_within"],
            attempts=settings["attempts"],
            concurrency=settings["concurrency"],
        ),
        firmware=FirmwareUpload(
            experimental=firmware["experimental"],
            page_size=firmware["page_size"],
            line_prefix=firmware["line_prefix"],
            page_timeout_s=firmware["page_timeout"],
            dial_in_within_s=firmware["dial_in_within"],
            resume=firmware["resume"],
            largest_image=firmware["largest_image"],
        ),
    )


def _build_outbound(base: Path, outbound: dict[str, Any]) -> OutboundSettings:
    ca_file = outbound.pop("ca_file")
    return OutboundSettings(**outbound, ca_file=None if ca_file is None else _absolute(base, ca_file))


def _build_contact(addresses: tuple[dict[str, str], ...]) -> tuple[Contact, ...]:
    return tuple(Contact(kind=kind, address=text) for address in addresses for kind, text in address.items())


def _build_alerts(alerts: dict[str, Any]) -> AlertSettings:
    cause = alerts["common_cause"]
    return AlertSettings(
        link_lost_after_s=alerts["link_lost_after"],
        hold_s=alerts["hold"],
        breaks=alerts["breaks"],
        breaks_within_s=alerts["breaks_within"],
        weak_signal_dbm=alerts["weak_signal"],
        temperature_high_c=alerts["temperature_high"],
        temperature_low_c=alerts["temperature_low"],
        part_down_after_s=alerts["part_down_after"],
        keep_days=alerts["keep_days"],
        common_cause=CommonCause(
            modems=cause["modems"], gather_s=cause["gather"], window_s=cause["window"], uplink=cause["uplink"]
        ),
        tell=alerts["tell"],
        report_to=alerts["report_to"],
        link_url=alerts["link_url"],
        link_lasts_s=alerts["link_lasts"],
        keep_trying_s=alerts["keep_trying"],
        fallback_after_s=alerts["fallback_after"],
        group_after=alerts["group_after"],
        group_within_s=alerts["group_within"],
        disk_free_percent=alerts["disk_free"],
        budgets={name: DayBudget(**limits) for name, limits in alerts["budgets"].items() if any(limits.values())},
        heartbeat=HeartbeatSettings(
            url=alerts["heartbeat"]["url"], topic=alerts["heartbeat"]["topic"], every_s=alerts["heartbeat"]["every"]
        ),
    )
