"""Which incidents an event may belong to."""

from collections.abc import Iterator

from irzhub.alerts import incident_kinds as kinds
from irzhub.core.events import (
    Event,
    GpiChanged,
    ImeiConflict,
    MeterAnswering,
    MeterSilent,
    MissedSchedule,
    ModemConnected,
    ModemDisconnected,
    ModemRejected,
    OutputStuck,
)


def subject_of(event: Event) -> Iterator[tuple[str, str]]:
    """Give kind and subject of the incidents that an event may belong to, the likeliest first."""
    if event.modem is None:
        return
    match event:
        case GpiChanged():
            yield kinds.GPI_ALARM, kinds.input_subject(event.modem, event.pin)
        case MeterSilent() | MeterAnswering():
            yield kinds.METER_SILENT, kinds.meter_subject(event.modem, event.address)
        case OutputStuck():
            yield kinds.OUTPUT_STUCK, kinds.output_subject(event.modem, event.output)
        case ModemDisconnected():
            yield kinds.LINK_LOST, event.modem
        case ModemConnected():
            yield kinds.LINK_LOST, event.modem
            yield kinds.MISSED_SCHEDULE, event.modem
        case MissedSchedule():
            yield kinds.MISSED_SCHEDULE, event.modem
            yield kinds.LINK_LOST, event.modem
        case ImeiConflict():
            yield kinds.IMEI_CONFLICT, event.modem
        case ModemRejected():
            yield kinds.REJECTED, event.modem
        case _:
            return
