"""How sleeping modems are woken: the settings, and how validated values become them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

LADDER_SECONDS: Final = frozenset({"after_call", "after_sms", "hold"})
"""The keys of a ladder that are durations; the settings name them with `_s`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeLadder:
    """`relay.polling.wake`: how one modem is woken.

    Args:
        steps: `call` and `sms` to the number of the first SIM card, `call2` and `sms2` to that of the second.
        after_call_s, after_sms_s: how long the modem may take to dial in after such a step.
        hold_s: how long a program waits for it. sms_text: None for `auto`.
        calls_per_day, sms_per_day: the most for this modem.
    """

    steps: tuple[str, ...] = ("call", "sms")
    after_call_s: float = 60.0
    after_sms_s: float = 120.0
    hold_s: float = 180.0
    sms_text: str | None = None
    sms_minutes: int = 60
    calls_per_day: int = 24
    sms_per_day: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeSettings:
    """`wake`: what holds for all modems; `numbers` are beginnings of numbers that may be called."""

    address: str | None = None
    numbers: tuple[str, ...] = ("+",)
    ring_s: float = 20.0
    at_once: int = 4
    calls_per_day: int = 2000
    sms_per_day: int = 300
    pause_s: float = 300.0
    keep_days: int = 400


def build_ladder(values: Mapping[str, Any]) -> WakeLadder:
    """Return the ladder that validated values mean."""
    return WakeLadder(**name_ladder(values))


def name_ladder(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return validated values, some or all of them, under the names of `WakeLadder`."""
    return {f"{name}_s" if name in LADDER_SECONDS else name: value for name, value in values.items()}


def build_wake(values: Mapping[str, Any]) -> WakeSettings:
    """Return the settings for all modems that validated values mean."""
    return WakeSettings(**{f"{name}_s" if name in ("ring", "pause") else name: value for name, value in values.items()})
