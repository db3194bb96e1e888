"""What of an incident everybody may know, for those who show it without knowing what an incident is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class AlertShown:
    """An incident is another now: `shown` is its JSON object, None once it is over or is nobody's to see.

    `modem` says whose it is, None for the hub itself and for a common cause.
    """

    number: int
    shown: Mapping[str, Any] | None
    modem: str | None = None


@dataclass(frozen=True, slots=True)
class AlertsKnown:
    """Every incident that is open was shown: others that somebody remembers are over."""
