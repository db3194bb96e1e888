"""The kinds of incidents, and what each is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from irzhub.alerts.messages import Severity

LINK_LOST: Final = "link_lost"
GPI_ALARM: Final = "gpi_alarm"
METER_SILENT: Final = "meter_silent"
MISSED_SCHEDULE: Final = "missed_schedule"
IMEI_CONFLICT: Final = "imei_conflict"
REJECTED: Final = "rejected"
AWAITING_APPROVAL: Final = "awaiting_approval"
OUTPUT_STUCK: Final = "output_stuck"
WEAK_SIGNAL: Final = "weak_signal"
TEMPERATURE: Final = "temperature"
HUB_PART: Final = "hub_part"
COMMON_CAUSE: Final = "common_cause"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of incident.

    Args:
        severity: how grave it is.
        quiet_s: it is over when nothing more was seen for so long; None: something says that it is over.
    """

    severity: Severity
    quiet_s: float | None = None


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        LINK_LOST: Kind("alarm"),
        GPI_ALARM: Kind("alarm"),
        METER_SILENT: Kind("warning"),
        MISSED_SCHEDULE: Kind("warning"),
        IMEI_CONFLICT: Kind("alarm", quiet_s=3600.0),
        REJECTED: Kind("warning", quiet_s=3600.0),
        AWAITING_APPROVAL: Kind("info"),
        OUTPUT_STUCK: Kind("alarm"),
        WEAK_SIGNAL: Kind("warning"),
        TEMPERATURE: Kind("warning"),
        HUB_PART: Kind("alarm"),
        COMMON_CAUSE: Kind("alarm"),
    }
)


def input_subject(modem: str, pin: int) -> str:
    """Return what an incident of an input is about."""
    return f"{modem}/gpi/{pin}"


def output_subject(modem: str, pin: int) -> str:
    """Return what an incident of an output is about."""
    return f"{modem}/gpo/{pin}"


def meter_subject(modem: str, address: str) -> str:
    """Return what an incident of a meter is about; the address is empty for a line as a whole."""
    return f"{modem}/meter/{address}"


def part_subject(part: str) -> str:
    """Return what an incident of a part of the hub is about."""
    return f"hub/{part}"


def cause_subject(kind: str, name: str) -> str:
    """Return what an incident of a common cause is about."""
    return f"cause/{kind}/{name}"
