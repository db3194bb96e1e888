"""What happens on the bus and belongs into the audit though no request brought it."""

from typing import Final

from irzhub.audit.trail import AuditTrail
from irzhub.core.bus import Bus, Unsubscribe
from irzhub.core.event_json import event_data, event_type
from irzhub.core.events import Event
from irzhub.storage.audit import AuditRow

_ALWAYS: Final = frozenset({"imei_conflict", "settings_finished", "firmware_finished"})
_COMMAND: Final = "command_finished"


def watch(bus: Bus, trail: AuditTrail) -> Unsubscribe:
    """Note takeovers, settings and firmware that reached modems, and commands that came by MQTT."""

    def happened(event: Event) -> None:
        if (row := row_of(event)) is not None:
            trail.note(row)

    return bus.subscribe(Event, happened)


def row_of(event: Event) -> AuditRow | None:
    """Return what an event means for the audit, None when it means nothing.

    Commands that came by REST have a row of their request already.
    """
    kind, data = event_type(event), event_data(event)
    origin = str(data.get("origin") or data.get("by") or "")
    if kind not in _ALWAYS and not (kind == _COMMAND and origin.startswith("mqtt")):
        return None
    status = data.get("status")
    return AuditRow(
        ts=event.ts,
        actor=origin or "hub",
        action=kind,
        modem=event.modem,
        object={"event": event.id},
        result="ok" if status in (None, "ok", "done") else "failed",
        after=data,
    )
