"""What of new settings a running hub takes on at once, and what waits for its next start."""

import dataclasses
from dataclasses import dataclass
from typing import Any, Final

from irzhub.config.settings import Settings

_AT_ONCE: Final = (
    "hub.clock_zone",
    "relay.modems.unknown_modems",
    "relay.modems.register_limit",
    "relay.modems.password",
    "relay.modems.keepalive_timeout",
    "relay.modems.ask",
    "relay.polling",
    "wake",
    "integrations",
    "alerts",
    "contacts",
)
_LATER: Final = (
    "relay.polling.pools",
    "alerts.common_cause.uplink",
    "alerts.disk_free_percent",
    "alerts.heartbeat",
    "alerts.keep_days",
)
_FILE_NAMES: Final = {
    "relay.polling.lost_hold_s": "relay.polling.lost",
    "alerts.weak_signal_dbm": "alerts.weak_signal",
    "alerts.temperature_high_c": "alerts.temperature_high",
    "alerts.temperature_low_c": "alerts.temperature_low",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reloaded:
    """New settings beside the running ones.

    Args:
        running: what the hub runs on from now on.
        now, later: keys as in irzhub.yaml that differ: taken on at once, and only by a restart.
    """

    running: Settings
    now: tuple[str, ...]
    later: tuple[str, ...]


def reload_settings(old: Settings, new: Settings) -> Reloaded:
    """Split `new` into what can change while modems are connected, and the rest.

    What a modem or program meets can change; addresses, ports, files and processes cannot.
    """
    modems = dataclasses.replace(
        old.relay.modems,
        unknown_modems=new.relay.modems.unknown_modems,
        register_limit=new.relay.modems.register_limit,
        password=new.relay.modems.password,
        keepalive_timeout_s=new.relay.modems.keepalive_timeout_s,
        ask=new.relay.modems.ask,
    )
    polling = dataclasses.replace(new.relay.polling, pools=old.relay.polling.pools)
    alerts = dataclasses.replace(
        new.alerts,
        common_cause=dataclasses.replace(new.alerts.common_cause, uplink=old.alerts.common_cause.uplink),
        disk_free_percent=old.alerts.disk_free_percent,
        heartbeat=old.alerts.heartbeat,
        keep_days=old.alerts.keep_days,
    )
    running = dataclasses.replace(
        old,
        hub=dataclasses.replace(old.hub, clock_zone=new.hub.clock_zone),
        relay=dataclasses.replace(old.relay, modems=modems, polling=polling),
        wake=new.wake,
        integrations=new.integrations,
        alerts=alerts,
        contacts=new.contacts,
    )
    return Reloaded(
        running=running, now=tuple(_differences(old, running, "")), later=tuple(_differences(running, new, ""))
    )


def is_taken_on_at_once(key: str) -> bool:
    """Say whether a running hub takes on a key, such as `relay.modems.ask.pins`, that is read again."""
    return _lies_in(key, _AT_ONCE) and not _lies_in(key, _LATER)


def _lies_in(key: str, sections: tuple[str, ...]) -> bool:
    return any(key == section or key.startswith(f"{section}.") for section in sections)


def _differences(old: Any, new: Any, path: str) -> list[str]:
    """Return the keys whose values differ, never the values: some are secrets."""
    if dataclasses.is_dataclass(old) and type(old) is type(new):
        found: list[str] = []
        for field in dataclasses.fields(old):
            below = f"{path}.{field.name}" if path else field.name
            found += _differences(getattr(old, field.name), getattr(new, field.name), below)
        return found
    return [] if old == new else [_FILE_NAMES.get(path, path.removesuffix("_s"))]
