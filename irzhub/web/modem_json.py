"""A modem as JSON: written by hand, field by field, because a page of a thousand must be quick."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from irzhub.core.clock import format_time
from irzhub.core.state import Levels, ModemState
from irzhub.storage.inputs import InputRow
from irzhub.storage.meters import MeterRow
from irzhub.storage.outputs import OutputRow
from irzhub.web.ports import Newcomer, Registry


def modem_json(state: ModemState, registry: Registry, towards: str | None) -> dict[str, Any]:
    """Return the modem object of REST; `towards` is the IP address of the asker."""
    return {
        "modem": state.modem,
        "imei": state.imei,
        "channel": state.channel,
        "name": state.name,
        "group": state.group,
        "organisation": state.organisation or None,
        "site": state.site or None,
        "comment": state.comment,
        "phone_sim1": state.phone_sim1 or None,
        "phone_sim2": state.phone_sim2 or None,
        "commissioning": state.commissioning,
        "state": state.link,
        "stale": is_stale(state),
        "address": None if state.link == "quarantined" else registry.address(state.modem, towards),
        "port": state.port,
        "peer": state.peer,
        "clients": state.clients,
        "model": state.model,
        "firmware": state.firmware,
        "sim": state.sim,
        "iccid": state.iccid,
        "csq": state.csq,
        "rssi_dbm": state.rssi_dbm,
        "temperature_c": state.temperature_c,
        "cell": state.cell,
        "rx_bytes": state.rx_bytes,
        "tx_bytes": state.tx_bytes,
        "gpi": _levels(state.gpi),
        "gpo": _levels(state.gpo),
        "inputs": inputs_json(registry.inputs(state.modem)),
        "outputs": outputs_json(registry.outputs(state.modem)),
        "relay": {} if state.link == "quarantined" else registry.get(state.modem).overrides,
        "meters": [_meter_json(row) for row in registry.meters_of(state.modem)],
        "last_seen": _time(state.last_seen),
        "observed_at": _time(state.observed_at),
        "registered_at": _time(state.registered_at),
        "encapsulated": state.encapsulated,
        "default_password": state.default_password,
        "presence": state.presence,
        "expected": state.is_expected,
        "problem": state.problem,
    }


def newcomer_state(newcomer: Newcomer) -> ModemState:
    """Return a modem that awaits approval as a state: no port, nothing known but who it says it is."""
    return ModemState(
        modem=newcomer.modem,
        imei=newcomer.imei,
        channel=newcomer.channel,
        link="quarantined",
        peer=newcomer.peer,
        last_seen=newcomer.last_seen,
        problem=newcomer.reason,
    )


def is_stale(state: ModemState) -> bool:
    """Say whether the shown values are not live: the modem is away, or only remembered from before a restart."""
    return state.link != "online" or not state.confirmed


def inputs_json(inputs: Mapping[int, InputRow]) -> dict[str, dict[str, Any]]:
    """Return the settings of inputs by pin number."""
    return {str(pin): input_json(row) for pin, row in sorted(inputs.items())}


def input_json(row: InputRow) -> dict[str, Any]:
    """Return the settings of one input."""
    return {"name": row.name, "invert": row.invert, "debounce": row.debounce_s, "normal": row.normal}


def outputs_json(outputs: Mapping[int, OutputRow]) -> dict[str, dict[str, Any]]:
    """Return outputs by pin number: what people set, what each was told, and whether it did it."""
    return {
        str(pin): {
            **output_json(row),
            "commanded": row.commanded,
            "commanded_at": _time(row.commanded_at),
            "state": row.state,
        }
        for pin, row in sorted(outputs.items())
    }


def output_json(row: OutputRow) -> dict[str, Any]:
    """Return the settings of one output."""
    return {"name": row.name, "feedback": row.feedback, "invert": row.invert, "time": row.confirm_s}


def edit_tag(state: ModemState, registry: Registry) -> str:
    """Return the ETag that an edit is compared with: it changes when what people set changes, and only then."""
    row = registry.get(state.modem)
    texts = [row.name, row.group, row.comment, row.organisation, row.site, row.phone_sim1, row.phone_sim2]
    outputs = {str(pin): output_json(each) for pin, each in sorted(registry.outputs(state.modem).items())}
    settings = [*texts, row.overrides, inputs_json(registry.inputs(state.modem)), outputs]
    text = json.dumps(settings, ensure_ascii=False, sort_keys=True)
    return f'"{hashlib.sha256(text.encode()).hexdigest()[:20]}"'


def _meter_json(row: MeterRow) -> dict[str, str]:
    return {
        "id": row.id,
        "type": row.type,
        "serial": row.serial,
        "address": row.address,
        "comment": row.comment,
    }


def _levels(levels: Levels) -> dict[str, str | None]:
    return {str(pin): level for pin, level in sorted(levels.items())}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)
