"""What the relay is told: settings of the whole, and of one modem, from the configuration and the registry."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from irzhub.config.settings import PollingSettings, Settings
from irzhub.fleet.networks import expand_networks
from irzhub.fleet.passwords import required_password
from irzhub.relay.settings import AskSettings, ModemSettings, RelaySettings, SharingSettings
from irzhub.storage.modems import ModemRow

_PINS_REPORTING_S: Final = 600.0
_ANSWER_ENDS: Final = {"cr": b"\r", "crlf": b"\r\n"}
_networks = lru_cache(maxsize=64)(expand_networks)


def build_relay_settings(settings: Settings) -> RelaySettings:
    """Return what holds for the whole relay."""
    modems = settings.relay.modems
    recorder = modems.flight_recorder
    return RelaySettings(
        host=modems.host,
        port=modems.port,
        answer_end=_ANSWER_ENDS[modems.answer_end],
        ring_modem=recorder.per_modem if recorder.enabled else 0,
        ring_total=recorder.total if recorder.enabled else 0,
        raw_pattern=modems.raw.pattern,
        raw_heartbeat=modems.raw.heartbeat,
    )


def _no_overrides(_row: ModemRow) -> Mapping[str, Any]:
    return {}


@dataclass(slots=True)
class ModemSettingsBuilder:
    """Builds each modem's settings: the configuration, overridden by what it belongs to and by its own row.

    Args:
        overrides_of: what differs for a modem, as `config.overrides` names it.
        own_addresses: of this machine, which `private` lets in too.
        reserved: modems whose line is somebody's alone for the moment: no second program is let in.
    """

    settings: Settings
    overrides_of: Callable[[ModemRow], Mapping[str, Any]] = _no_overrides
    own_addresses: tuple[str, ...] = ()
    reserved: set[str] = field(default_factory=set)

    def build(self, row: ModemRow) -> ModemSettings:
        """Return the settings of one modem for the relay."""
        modems, polling = self.settings.relay.modems, self.settings.relay.polling
        overrides = self.overrides_of(row)
        return ModemSettings(
            modem=row.modem,
            imei=row.imei,
            channel=row.channel,
            driver=row.driver,
            password=required_password(modems.password) if modems.password is not None else row.password,
            host=row.host,
            port=row.port,
            open=overrides.get("open", polling.open),
            offline=overrides.get("offline", polling.offline),
            wake_wait_s=overrides.get("wake", {}).get("hold_s", polling.wake.hold_s),
            hold_s=overrides.get("lost_hold_s", polling.lost_hold_s),
            keepalive_timeout_s=overrides.get("keepalive_timeout_s", modems.keepalive_timeout_s),
            allow=self._expand(overrides.get("allow", polling.allow)),
            sharing=self._sharing(polling, self._line_overrides(row.modem, overrides)),
            ask=_asked(modems.ask.pins_s, modems.ask.signal_s, modems.ask.temperature_s),
            clock_zone=overrides.get("clock_zone", self.settings.hub.clock_zone),
        )

    def _line_overrides(self, modem: str, overrides: Mapping[str, Any]) -> Mapping[str, Any]:
        sharing: Mapping[str, Any] = overrides.get("sharing", {})
        return {**sharing, "mode": "exclusive"} if modem in self.reserved else sharing

    def _sharing(self, polling: PollingSettings, overrides: Mapping[str, Any]) -> SharingSettings:
        common = polling.sharing
        return _shared(
            tuple(
                (name, overrides.get(name, getattr(common, name)))
                for name in (
                    "mode",
                    "grant",
                    "idle_s",
                    "turn_limit_s",
                    "late_guard_s",
                    "answer_timeout_s",
                    "answer_gap_s",
                    "frame_end",
                )
            ),
            self._expand(overrides.get("observers", common.observers)),
        )

    def _expand(self, words: Iterable[str]) -> tuple[str, ...]:
        return _networks(tuple(words), self.own_addresses)


def _slower(pins_s: float | None) -> float | None:
    return None if pins_s is None else max(pins_s, _PINS_REPORTING_S)


@lru_cache(maxsize=4)
def _asked(pins_s: float | None, signal_s: float | None, temperature_s: float | None) -> AskSettings:
    return AskSettings(pins_s=pins_s, pins_reporting_s=_slower(pins_s), signal_s=signal_s, temperature_s=temperature_s)


@lru_cache(maxsize=64)
def _shared(values: tuple[tuple[str, Any], ...], observers: tuple[str, ...]) -> SharingSettings:
    # One object for all modems that share alike: ten thousand of them carry the same eight numbers.
    return SharingSettings(**dict(values), observers=observers)
