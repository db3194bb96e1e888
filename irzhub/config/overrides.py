"""What an organisation, a group or a modem may have otherwise than `irzhub.yaml` says.

The keys are those of `relay.polling`, with `keepalive_timeout`, `presence` and `clock_zone` beside them; the
configuration's own validators judge them. What is left out is inherited: hub, organisation, groups from the
outermost in, modem.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import voluptuous as vol

from irzhub.config.build import build_presence
from irzhub.config.durations import parse_duration
from irzhub.config.schema import HUB, MODEMS, POLLING, POOL
from irzhub.config.settings import AdvertisedAddress, PortPool
from irzhub.config.validators import Items
from irzhub.config.wake import name_ladder

_SECONDS: Final = frozenset({"idle", "turn_limit", "late_guard", "answer_timeout", "answer_gap"})
_MERGED: Final = ("sharing", "wake")


def _partial(keys: Mapping[Any, Any], leave_out: Iterable[str] = ()) -> dict[Any, Any]:
    """Return a part of the schema without its defaults: what is not written is not there."""
    return {
        vol.Optional(key.schema): _partial(inner) if isinstance(inner, dict) else inner
        for key, inner in keys.items()
        if key.schema not in leave_out
    }


def _one(keys: Mapping[Any, Any], name: str) -> dict[Any, Any]:
    return {key: inner for key, inner in _partial(keys).items() if key.schema == name}


_COMMON: Final = {
    **_partial(POLLING, ("pools",)),
    **_one(MODEMS, "keepalive_timeout"),
    **_one(MODEMS, "presence"),
    **_one(HUB, "clock_zone"),
}
_SCHEMA: Final = vol.Schema(_COMMON)
_WITH_POOLS: Final = vol.Schema({**_COMMON, vol.Optional("pools"): Items(POOL, 1, "pools")})
OVERRIDE_KEYS: Final = tuple(sorted(key.schema for key in _COMMON))
"""The names that may be set for a group or a modem."""


class WrongOverrides(ValueError):
    """Some values cannot be used; `problems` holds the path of each, such as `sharing.idle`, and what was expected."""

    def __init__(self, problems: tuple[tuple[str, str], ...]) -> None:
        super().__init__(f"{problems[0][0]}: {problems[0][1]}")
        self.problems = problems


def read_overrides(written: Mapping[str, Any], *, with_pools: bool = False) -> dict[str, Any]:
    """Return overrides as the hub uses them: the names of `PollingSettings`, durations in seconds.

    Args:
        written: as an operator writes them, e.g. `{"offline": "refuse", "sharing": {"idle": "3s"}}`.
        with_pools: whether ports can be given too, which only an organisation has of its own.

    Raises:
        WrongOverrides: a key is unknown or a value is not what the configuration takes.
    """
    try:
        values: dict[str, Any] = (_WITH_POOLS if with_pools else _SCHEMA)(dict(written))
        found = _named(values)
    except vol.MultipleInvalid as error:
        raise WrongOverrides(tuple(_problem(each) for each in error.errors)) from None
    except ValueError:
        raise WrongOverrides((("lost", "expected close, or hold and a duration such as hold 30s"),)) from None
    if (presence := found.get("presence")) is not None and presence.mode == "schedule" and not presence.windows:
        raise WrongOverrides((("presence.windows", "expected at least one window"),))
    return found


def merge_overrides(outer: Mapping[str, Any], inner: Mapping[str, Any]) -> dict[str, Any]:
    """Return both together, `inner` winning key by key; sections are merged, lists are replaced."""
    merged = {**outer, **inner}
    for section in _MERGED:
        if section in outer and section in inner:
            merged[section] = {**outer[section], **inner[section]}
    return merged


def _named(values: dict[str, Any]) -> dict[str, Any]:
    found = dict(values)
    if "lost" in found:
        lost = found.pop("lost")
        found["lost_hold_s"] = None if lost is None else parse_duration(lost.removeprefix("hold "))
    if "keepalive_timeout" in found:
        found["keepalive_timeout_s"] = found.pop("keepalive_timeout")
    if "advertise" in found:
        found["advertise"] = tuple(AdvertisedAddress(**each) for each in found["advertise"])
    if "pools" in found:
        found["pools"] = tuple(PortPool(**each) for each in found["pools"])
    if "presence" in found:
        found["presence"] = build_presence(found["presence"])
    if "sharing" in found:
        found["sharing"] = {
            f"{name}_s" if name in _SECONDS else name: value for name, value in found["sharing"].items()
        }
    if "wake" in found:
        found["wake"] = name_ladder(found["wake"])
    return found


def _problem(error: vol.Invalid) -> tuple[str, str]:
    text = error.error_message
    path = ".".join(str(part) for part in error.path)
    if text == "extra keys not allowed":
        return path, f"unknown; expected some of {', '.join(OVERRIDE_KEYS)}" if "." not in path else "unknown"
    return path, text if text.startswith("expected") else f"expected {text}"
