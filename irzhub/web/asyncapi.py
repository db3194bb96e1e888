"""The AsyncAPI 3.0 document: topics of MQTT and the live stream, from the tables that the code itself uses."""

import dataclasses
import json
import types
import typing
from datetime import UTC, datetime
from typing import Any, Final, Literal

from irzhub.alerts.incident_kinds import LINK_LOST
from irzhub.alerts.incident_words import Words, alert_object
from irzhub.const import VERSION
from irzhub.core.event_json import EVENT_TYPES
from irzhub.core.events import Event
from irzhub.core.state import ModemState
from irzhub.mqtt.payloads import state_object
from irzhub.mqtt.topics import Topics
from irzhub.storage.incidents import IncidentRow
from irzhub.web.models_alerts import Alert

_MODEM: Final = "868441036775234"
_VERB: Final = "what_is_asked"
_PART: Final = "partofhub"
"""Stand for any modem and any request until the addresses are written with `{modem}` and `{verb}`."""

_ALERT: Final = 1742
_COMMON: Final = frozenset(field.name for field in dataclasses.fields(Event))
_TIME: Final = {"type": "string", "format": "date-time"}
_PLAIN: Final[dict[Any, dict[str, Any]]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    datetime: _TIME,
    type(None): {"type": "null"},
}


def asyncapi(base: str = "irzhub") -> dict[str, Any]:
    """Return the document for a hub with this base topic."""
    topics = Topics(base)
    channels = dict(_channels(topics))
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "irzhub",
            "version": VERSION,
            "description": "What the hub publishes and takes over MQTT, and its live stream over a WebSocket.",
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": _operations(channels),
        "components": {"messages": _messages(), "schemas": _schemas()},
    }


def asyncapi_text(base: str = "irzhub") -> str:
    """Return the document as JSON text."""
    return json.dumps(asyncapi(base), ensure_ascii=False, separators=(",", ":"))


def _channels(topics: Topics) -> typing.Iterator[tuple[str, dict[str, Any]]]:
    said: tuple[tuple[str, str, str, str], ...] = (
        ("bridge_state", topics.bridge_state, "word", "`online` or `offline`; `offline` is the last will; retained"),
        ("bridge_info", topics.bridge_info, "object", "version, hub id, start, counts, broker; retained"),
        ("bridge_event", topics.bridge_event, "event", "events of the hub itself"),
        ("part_state", topics.part_state(_PART), "word", "of a part that runs as a process of its own; retained"),
        ("alert", topics.alert(_ALERT), "alert", "an incident while it is open; retained, blanked when it is over"),
        ("request", topics.request(_VERB), "request", "a request to the hub"),
        ("response", topics.request_response(_VERB), "reply", "its answer"),
        ("availability", topics.availability(_MODEM), "word", "`online` or `offline`; retained"),
        ("state", topics.state(_MODEM), "state", "what is known of the modem; retained"),
        ("gpi", topics.of_modem(_MODEM, "gpi/{pin}"), "level", "level of an input; retained"),
        ("gpo", topics.of_modem(_MODEM, "gpo/{pin}"), "level", "level of an output; retained"),
        ("set_output", topics.of_modem(_MODEM, "gpo/{pin}/set"), "level", "switches an output"),
        ("event", topics.event(_MODEM), "event", "what happened to the modem"),
        ("command", topics.command(_MODEM), "command", "a command for the modem"),
        ("command_response", topics.response(_MODEM), "reply", "how a command ended"),
    )
    for name, topic, message, words in said:
        address = topic.replace(_MODEM, "{modem}").replace(_VERB, "{verb}")
        address = address.replace(topics.alert(_ALERT), f"{topics.alerts}{{alert}}").replace(_PART, "{part}")
        yield name, _channel(address, message, words)
    yield "stream", {**_channel("/api/v1/ws", "event", "WebSocket: the same events, with `after_seq` to resume")}


def _channel(address: str, message: str, words: str) -> dict[str, Any]:
    channel: dict[str, Any] = {
        "address": address,
        "description": words,
        "messages": {message: {"$ref": f"#/components/messages/{message}"}},
    }
    meanings = {
        "modem": "modem id: IMEI, `_2` to `_5` behind it for further channels",
        "pin": "pin number, 1 to 5",
        "alert": "the number that people know",
        "part": "such as `automation`",
    }
    named = [name for name in ("modem", "pin", "verb", "alert", "part") if f"{{{name}}}" in address]
    if named:
        channel["parameters"] = {name: {"description": meanings.get(name, "what is asked")} for name in named}
    return channel


def _operations(channels: dict[str, dict[str, Any]]) -> dict[str, Any]:
    taken = {"request", "set_output", "command"}
    return {
        f"{'take' if name in taken else 'tell'}_{name}": {
            "action": "receive" if name in taken else "send",
            "channel": {"$ref": f"#/channels/{name}"},
        }
        for name in channels
    }


def _messages() -> dict[str, Any]:
    return {
        "word": {"contentType": "text/plain", "payload": {"type": "string", "enum": ["online", "offline"]}},
        "level": {"contentType": "text/plain", "payload": {"type": "string", "enum": ["ON", "OFF"]}},
        "object": {"payload": {"type": "object"}},
        "event": {"payload": {"$ref": "#/components/schemas/event"}},
        "state": {"payload": {"$ref": "#/components/schemas/state"}},
        "alert": {"payload": {"$ref": "#/components/schemas/alert"}},
        "command": {"payload": {"$ref": "#/components/schemas/command"}},
        "request": {"payload": {"$ref": "#/components/schemas/request"}},
        "reply": {"payload": {"$ref": "#/components/schemas/reply"}},
    }


def _schemas() -> dict[str, Any]:
    kinds = {name: _event_schema(name, kind) for name, kind in EVENT_TYPES.items()}
    transaction = {"transaction": {"type": ["string", "integer"]}}
    return {
        "event": {"oneOf": [{"$ref": f"#/components/schemas/event_{name}"} for name in kinds]},
        **{f"event_{name}": schema for name, schema in kinds.items()},
        "state": _state_schema(),
        "alert": _alert_schema(),
        "command": {
            "type": "object",
            "required": ["command"],
            "properties": {
                **transaction,
                "command": {"type": "string"},
                "args": {"type": "object"},
                "expires_in": {"type": "number", "description": "seconds"},
            },
        },
        "request": {"type": "object", "properties": {**transaction, "after_seq": _PLAIN[int], "limit": _PLAIN[int]}},
        "reply": {
            "type": "object",
            "required": ["status"],
            "properties": {
                **transaction,
                "status": {"type": "string", "enum": ["ok", "error", "expired"]},
                "data": {},
                "error": {"type": ["string", "null"]},
            },
        },
    }


def _event_schema(name: str, kind: type[Event]) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    own = [field.name for field in dataclasses.fields(kind) if field.name not in _COMMON]
    return {
        "type": "object",
        "description": " ".join((kind.__doc__ or "").split("\n\n")[0].split()),
        "required": ["id", "seq", "ts", "type", "modem", "data"],
        "properties": {
            "id": {"type": "string", "description": "ULID; a repeat carries the same"},
            "seq": {"type": "integer", "description": "hub-wide, without gap, never given twice"},
            "ts": _TIME,
            "type": {"const": name},
            "modem": {"type": ["string", "null"]},
            "data": {"type": "object", "properties": {each: _schema_of(hints[each]) for each in own}},
        },
    }


def _state_schema() -> dict[str, Any]:
    hints = typing.get_type_hints(ModemState)
    names = state_object(ModemState(modem=_MODEM, imei=_MODEM, organisation="north", commissioning=True))
    known = {"rssi_dbm": {"type": ["integer", "null"]}, "gpi": {"type": "object"}, "gpo": {"type": "object"}}
    return {
        "type": "object",
        "properties": {name: known.get(name) or _schema_of(hints.get(name, object)) for name in names},
    }


def _alert_schema() -> dict[str, Any]:
    """Return what the alert object of MQTT has of that of REST."""
    at = datetime(2026, 11, 21, 18, 57, tzinfo=UTC)
    row = IncidentRow(
        number=_ALERT, kind=LINK_LOST, subject=_MODEM, modem=_MODEM, severity="alarm", opened_at=at, last_seen_at=at
    )
    fields = Alert.model_fields
    names = alert_object(row, Words("en", str))
    return {"type": "object", "properties": {name: _schema_of(fields[name].annotation) for name in names}}


def _schema_of(hint: Any) -> dict[str, Any]:
    if hint in _PLAIN:
        return dict(_PLAIN[hint])
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return {**_schema_of(inner[0]), **getattr(inner[1], "json_schema_extra", {})}
    if origin in (typing.Union, types.UnionType):
        return {"anyOf": [_schema_of(each) for each in inner]}
    if origin is Literal:
        return {"enum": list(inner)}
    if origin in (tuple, list):
        return {"type": "array", "items": _schema_of(inner[0])}
    return {"type": "object"} if origin is dict or hint is dict else {}
