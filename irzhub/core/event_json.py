"""Events as JSON values and back: their types, their `data`, and the class of each type."""

import dataclasses
import types
import typing
from datetime import datetime
from typing import Any, ClassVar, Final

from irzhub.core.clock import format_time, parse_time
from irzhub.core.events import (
    AlertChanged,
    AlertClosed,
    AlertOpened,
    CallReceived,
    ClientConnected,
    ClientDisconnected,
    CommandFinished,
    CommissioningEnded,
    CommissioningStarted,
    Event,
    FirmwareFinished,
    GpiChanged,
    GpoChanged,
    ImeiConflict,
    JobChanged,
    JobFinished,
    MeterAnswering,
    MeterChanged,
    MeterSilent,
    MissedSchedule,
    ModemConnected,
    ModemDeleted,
    ModemDisconnected,
    ModemRegistered,
    ModemRejected,
    ModemReplaced,
    OutputStuck,
    SettingsFinished,
    SimChanged,
    SmsReceived,
    UnknownEvent,
    WakeFailed,
    WakeStarted,
    WakeSucceeded,
)

EVENT_TYPES: Final[dict[str, type[Event]]] = {
    kind.type: kind
    for kind in (
        ModemRegistered,
        ModemConnected,
        ModemDisconnected,
        ModemRejected,
        ImeiConflict,
        GpiChanged,
        GpoChanged,
        ClientConnected,
        ClientDisconnected,
        CommandFinished,
        ModemDeleted,
        ModemReplaced,
        SimChanged,
        CommissioningStarted,
        CommissioningEnded,
        OutputStuck,
        JobChanged,
        JobFinished,
        SettingsFinished,
        FirmwareFinished,
        MeterSilent,
        MeterAnswering,
        MeterChanged,
        MissedSchedule,
        AlertChanged,
        AlertClosed,
        AlertOpened,
        CallReceived,
        SmsReceived,
        WakeFailed,
        WakeStarted,
        WakeSucceeded,
    )
}
"""Every event class by the type under which it is stored and published."""

_COMMON: Final = frozenset(field.name for field in dataclasses.fields(Event))


def event_type(event: Event) -> str:
    """Return the type under which an event is stored and published."""
    return event.original_type if isinstance(event, UnknownEvent) else event.type


def event_data(event: Event) -> dict[str, Any]:
    """Return the `data` of an event as JSON values: its own fields, times as RFC 3339."""
    if isinstance(event, UnknownEvent):
        return event.original
    return {
        field.name: _to_json(getattr(event, field.name))
        for field in dataclasses.fields(event)
        if field.name not in _COMMON
    }


def build_event(type_: str, ts: datetime, modem: str | None, data: dict[str, Any], seq: int, id_: str) -> Event:
    """Return the event that `event_type` and `event_data` described; the reverse of both.

    Keys that a class does not have are left out and missing ones take their default, so that a journal
    survives an update; what cannot be read at all comes back as `UnknownEvent`.
    """
    kind = EVENT_TYPES.get(type_)
    if kind is not None:
        hints = _hints(kind)
        known = {name: _from_json(hints[name], value) for name, value in data.items() if name in hints}
        try:
            return kind(ts=ts, modem=modem, seq=seq, id=id_, **known)
        except TypeError:
            pass  # a field without default is missing: an older or newer shape
    return UnknownEvent(ts=ts, modem=modem, seq=seq, id=id_, original_type=type_, original=data)


def _to_json(value: Any) -> Any:
    if isinstance(value, datetime):
        return format_time(value)
    return list(value) if isinstance(value, tuple) else value


def _from_json(hint: Any, value: Any) -> Any:
    kinds = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    if datetime in kinds and isinstance(value, str):
        return parse_time(value)
    return tuple(value) if isinstance(value, list) and typing.get_origin(hint) is tuple else value


_HINTS: Final[dict[type[Event], dict[str, Any]]] = {}


def _hints(kind: type[Event]) -> dict[str, Any]:
    if kind not in _HINTS:
        _HINTS[kind] = {
            name: hint
            for name, hint in typing.get_type_hints(kind).items()
            if name not in _COMMON and typing.get_origin(hint) is not ClassVar
        }
    return _HINTS[kind]
