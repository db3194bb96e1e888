"""What templates see: plain values of the modem, of what set the rule off, and of the fleet (docs/automations.md)."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from irzhub.automation.occurrence import Occurrence
from irzhub.automation.triggers import Trigger, meaning
from irzhub.automation.words import duration_words, event_words
from irzhub.core.clock import format_time
from irzhub.core.groups import is_within
from irzhub.core.state import ModemState

_LISTED: Final = 50
_LONGEST_JSON: Final = 65_536
_DEEPEST_JSON: Final = 20


def modem_values(state: ModemState | None, modem: str | None) -> dict[str, Any]:
    """Return `modem.*`; of a modem that is not known, all but its id is null."""
    if state is None:
        state = ModemState(modem=modem or "", imei=(modem or "").partition("_")[0])
    return {
        "id": state.modem,
        "imei": state.imei,
        "channel": state.channel,
        "name": state.name or state.modem,
        "group": state.group,
        "organisation": state.organisation,
        "site": state.site,
        "comment": state.comment,
        "link": state.link,
        "model": state.model,
        "firmware": state.firmware,
        "address": state.address,
        "port": state.port,
        "sim": state.sim,
        "csq": state.csq,
        "rssi_dbm": state.rssi_dbm,
        "iccid": state.iccid,
        "temperature_c": state.temperature_c,
        "cell": state.cell,
        "clients": state.clients,
        "phone": state.phone_sim1 or state.phone_sim2,
        "gpi": {str(pin): level for pin, level in state.gpi.items()},
        "gpo": {str(pin): level for pin, level in state.gpo.items()},
        "last_seen": _time(state.last_seen),
        "observed_at": _time(state.observed_at),
    }


def trigger_values(occurrence: Occurrence, trigger: Trigger, language: str) -> dict[str, Any]:
    """Return `trigger.*`: the data of the event, and what every trigger has."""
    data = occurrence.data
    values = {
        **data,
        **trigger.values(occurrence),
        "id": trigger.id,
        "trigger": meaning(trigger),
        "ts": format_time(occurrence.ts),
        "type": occurrence.kind,
        "what": event_words(occurrence.kind, data, language),
        "modem": occurrence.modem,
        "for": duration_words(trigger.for_s, language),
        "for_s": trigger.for_s,
        "event_id": occurrence.id,
    }
    values.pop("webhook_id", None)  # only the program that calls it and the rule may know it
    if "pin" in data:
        values["input"] = data["pin"]
    if isinstance(payload := data.get("payload"), str):
        values["json"] = _parsed(payload)
    return values


def fleet_values(states: Iterable[ModemState], groups: Sequence[str], organisations: Sequence[str]) -> dict[str, Any]:
    """Return `fleet.*`: how many modems there are and how they are, and the names of those that are not as they should.

    Args:
        states: all modems. groups: only those in one of these, empty for all.
        groups: as the trigger names them.
        organisations: only these, empty for all.
    """
    links: dict[str, int] = {"online": 0, "offline": 0, "standby": 0, "quarantined": 0}
    offline: list[str] = []
    weak: list[str] = []
    total = 0
    for state in states:
        if groups and not any(is_within(state.group, group) for group in groups):
            continue
        if organisations and state.organisation not in organisations:
            continue
        total += 1
        links[state.link] += 1
        if state.link == "offline" and len(offline) < _LISTED:
            offline.append(state.name or state.modem)
        if state.link == "online" and state.csq is not None and state.csq < 8 and len(weak) < _LISTED:
            weak.append(f"{state.name or state.modem} ({state.csq})")
    return {"total": total, **links, "offline_names": sorted(offline), "weak_names": sorted(weak)}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)


def _parsed(payload: str) -> Any:
    """Return what a JSON payload says, None for another one, or for one that is nested too deep."""
    if len(payload) > _LONGEST_JSON or payload.count("[") + payload.count("{") > 1000:
        return None
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return value if _depth(value) <= _DEEPEST_JSON else None


def _depth(value: Any) -> int:
    level, here = 0, [value]
    while here and level <= _DEEPEST_JSON:
        level += 1
        inner: list[Any] = []
        for each in here:
            inner += each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
        here = inner
    return level
