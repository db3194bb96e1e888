"""State and events as MQTT payloads and back: pure, both ways (ARCHITECTURE D1, docs/contract.md 2)."""

import dataclasses
import json
import math
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from irzhub.core.clock import format_time, parse_time
from irzhub.core.event_json import build_event, event_data, event_type
from irzhub.core.events import Event, Level
from irzhub.core.state import Levels, Link, ModemState

ONLINE: Final = b"online"
OFFLINE: Final = b"offline"
CLEARED: Final = b""
"""Retained, this makes a broker forget what it kept for the topic."""

_DEEPEST: Final = 16
_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_LEVELS: Final[Mapping[Level, bytes]] = {"ON": b"ON", "OFF": b"OFF"}


class PayloadError(ValueError):
    """A payload from outside that is not what its topic takes; says what was expected and what came."""


def encode_json(value: Any) -> bytes:
    """Return `value` as compact JSON in UTF-8; half a surrogate pair stays an escape, as it must in JSON."""
    return _ENCODER.encode(value).encode("utf-8", "backslashreplace")


def decode_object(payload: bytes, longest: int = 1 << 20) -> dict[str, Any]:
    """Return the JSON object in a payload.

    Raises:
        PayloadError: it is longer than `longest` bytes, not UTF-8, not JSON, or no object.
    """
    if len(payload) > longest:
        raise PayloadError(f"expected at most {longest} bytes, got {len(payload)}")
    try:
        value = json.loads(payload.decode(), parse_constant=_refuse_constant, parse_float=_finite)
    except UnicodeDecodeError as error:
        raise PayloadError(f"expected UTF-8, byte {error.start} is not") from error
    except RecursionError as error:
        raise PayloadError("expected a JSON object, got one nested too deep") from error
    except ValueError as error:
        raise PayloadError(f"expected a JSON object, got none: {error}"[:200]) from error
    if not isinstance(value, dict):
        raise PayloadError(f"expected a JSON object, got {_kind(value)}")
    if _depth(value, _DEEPEST) > _DEEPEST:
        raise PayloadError(f"expected a JSON object of at most {_DEEPEST} levels")
    return value


def encode_availability(state: ModemState) -> bytes:
    """Return `online` while the modem has a session (or is remembered so in the grace), else `offline`."""
    return ONLINE if state.link == "online" else OFFLINE


def encode_level(level: Level) -> bytes:
    """Return `ON` or `OFF`."""
    return _LEVELS[level]


def decode_level(payload: bytes) -> Level:
    """Return the level that a payload says.

    Raises:
        PayloadError: it is neither `ON` nor `OFF`.
    """
    match payload:
        case b"ON":
            return "ON"
        case b"OFF":
            return "OFF"
        case _:
            raise PayloadError(f"expected ON or OFF, got {payload[:32]!r}")


def state_object(state: ModemState) -> dict[str, Any]:
    """Return the `state` of a modem as docs/contract.md 2 names it, ready for JSON.

    `organisation` and `commissioning` stand there only where a modem has one, or is being set up.
    """
    told: dict[str, Any] = {
        "name": state.name,
        "group": state.group,
        "model": state.model,
        "firmware": state.firmware,
        "address": state.address,
        "peer": state.peer,
        "sim": state.sim,
        "csq": state.csq,
        "rssi_dbm": state.rssi_dbm,
        "iccid": state.iccid,
        "temperature_c": state.temperature_c,
        "cell": state.cell,
        "clients": state.clients,
        "gpi": _levels_object(state.gpi),
        "gpo": _levels_object(state.gpo),
        "rx_bytes": state.rx_bytes,
        "tx_bytes": state.tx_bytes,
        "last_seen": _time_or_none(state.last_seen),
        "observed_at": _time_or_none(state.observed_at),
    }
    if state.organisation:
        told["organisation"] = state.organisation
    if state.commissioning:
        told["commissioning"] = True
    return told


def encode_state(state: ModemState) -> bytes:
    """Return the payload of a modem's `state` topic."""
    return encode_json(state_object(state))


def decode_state(modem: str, payload: bytes, link: Link = "offline") -> ModemState:
    """Return the state that `encode_state` described; `link` comes from the availability topic.

    Raises:
        PayloadError: it is no state.
    """
    fields = decode_object(payload)
    imei, _, channel = modem.partition("_")
    fields.pop("rssi_dbm", None)  # follows from the CSQ
    try:
        return ModemState(
            modem=modem,
            imei=imei,
            channel=int(channel) if channel else None,
            link=link,
            gpi=_levels(fields.pop("gpi", {})),
            gpo=_levels(fields.pop("gpo", {})),
            last_seen=_moment(fields.pop("last_seen", None)),
            observed_at=_moment(fields.pop("observed_at", None)),
            **fields,
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise PayloadError(f"expected the state of a modem, got something else: {error}") from error


def foreign_hub(info: bytes, own: str) -> str | None:
    """Return the hub that a `bridge/info` speaks of, when it is another than `own`; None for what no hub wrote."""
    try:
        hub_id = json.loads(info or b"{}").get("hub_id")
    except (ValueError, AttributeError, RecursionError):
        return None
    return hub_id if isinstance(hub_id, str) and hub_id != own else None


def event_object(event: Event) -> dict[str, Any]:
    """Return an event as docs/contract.md 2 shapes it; `durable` stands there only when it is false (D2)."""
    fields: dict[str, Any] = {
        "id": event.id,
        "seq": event.seq,
        "ts": format_time(event.ts),
        "type": event_type(event),
        "modem": event.modem,
        "data": event_data(event),
    }
    return fields if event.durable else {**fields, "durable": False}


def encode_event(event: Event) -> bytes:
    """Return the payload of an `event` topic."""
    return encode_json(event_object(event))


def decode_event(payload: bytes) -> Event:
    """Return the event that `encode_event` described; one of an unknown type as `UnknownEvent`.

    Raises:
        PayloadError: it is no event.
    """
    return read_event(decode_object(payload))


def read_event(fields: Mapping[str, Any]) -> Event:
    """Return the event that `event_object` described.

    Raises:
        PayloadError: it is no event.
    """
    try:
        event = build_event(
            str(fields["type"]),
            parse_time(fields["ts"]),
            fields["modem"],
            dict(fields["data"]),
            int(fields["seq"]),
            str(fields["id"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise PayloadError(f"expected an event, got something else: {error!r}") from error
    return event if fields.get("durable", True) is not False else dataclasses.replace(event, durable=False)


def _levels_object(levels: Levels) -> dict[str, Level | None]:
    return {str(pin): levels[pin] for pin in sorted(levels)}


def _levels(value: Mapping[str, Any]) -> Levels:
    for level in value.values():
        if level not in ("ON", "OFF", None):
            raise ValueError(f"expected ON, OFF or null, got {level!r}")
    return MappingProxyType({int(pin): level for pin, level in value.items()})


def _time_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else format_time(moment)


def _moment(text: str | None) -> datetime | None:
    return None if text is None else parse_time(text)


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def _finite(digits: str) -> float:
    if math.isinf(number := float(digits)):
        raise ValueError(f"{digits[:20]} is too large a number")
    return number


def _kind(value: Any) -> str:
    names = {list: "a list", str: "a text", bool: "a boolean", int: "a number", float: "a number"}
    return "null" if value is None else names.get(type(value), type(value).__name__)


def _depth(value: Any, limit: int) -> int:
    if limit < 0 or not isinstance(value, dict | list):
        return 0
    parts = value.values() if isinstance(value, dict) else value
    return 1 + max((_depth(part, limit - 1) for part in parts), default=0)
