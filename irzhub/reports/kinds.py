"""The reports that there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from irzhub.reports import alerts, availability, commands, inputs, reading_summary, reconnects, signal, traffic
from irzhub.reports.ground import Gather
from irzhub.reports.report import Column


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of report: what it reads, and its columns."""

    gather: Gather
    columns: tuple[Column, ...]


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        "reading_summary": Kind(reading_summary.gather, reading_summary.COLUMNS),
        "availability": Kind(availability.gather, availability.COLUMNS),
        "reconnects": Kind(reconnects.gather, reconnects.COLUMNS),
        "signal": Kind(signal.gather, signal.COLUMNS),
        "traffic": Kind(traffic.gather, traffic.COLUMNS),
        "inputs": Kind(inputs.gather, inputs.COLUMNS),
        "commands": Kind(commands.gather, commands.COLUMNS),
        "alerts": Kind(alerts.gather, alerts.COLUMNS),
    }
)
