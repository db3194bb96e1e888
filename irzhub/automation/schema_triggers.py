"""Triggers as they are written."""

from collections.abc import Callable, Mapping
from typing import Any, Final, get_args

from irzhub.automation.parsing import (
    WEEKDAYS,
    parse_cron,
    parse_group,
    parse_modem,
    parse_pattern,
    parse_sender,
    parse_time_of_day,
    parse_topic_filter,
)
from irzhub.automation.record import Items, Key, Record, Tagged
from irzhub.automation.shape import Choice, Duration, Named, Number, Parsed, Shape, Words
from irzhub.automation.triggers import (
    AlertTrigger,
    CallTrigger,
    ConnectedTrigger,
    DisconnectedTrigger,
    EventTrigger,
    GpiTrigger,
    HubTrigger,
    MeterTrigger,
    MissedScheduleTrigger,
    MqttTrigger,
    RegisteredTrigger,
    RejectedTrigger,
    SignalTrigger,
    SmsTrigger,
    TemperatureTrigger,
    TimeTrigger,
    Trigger,
    WebhookTrigger,
)
from irzhub.automation.words import HUB_PARTS
from irzhub.core.event_json import EVENT_TYPES
from irzhub.core.events import DisconnectReason

MODEM: Final = Parsed('a modem id such as "868441036775234"', parse_modem)
GROUP: Final = Parsed("a group such as Север/Котельные", parse_group)
ORGANISATION: Final = Words("the id of an organisation", r"[0-9A-Za-z_.-]{1,64}", 64)
PIN: Final = Number(1, 5)
WEEKDAY: Final = Items(Choice(tuple(WEEKDAYS), WEEKDAYS), "weekdays", 1, 7, may_be_one=True)
TIME_OF_DAY: Final = Parsed('a time of day such as "20:00"', parse_time_of_day)
HUB_EVENTS: Final = ("start", *(f"{part}_{what}" for part in HUB_PARTS for what in ("lost", "back")))


def one_or_more(shape: Shape, noun: str) -> Items:
    """Return a shape that may stand alone or in a list."""
    return Items(shape, noun, 1, 1000, may_be_one=True)


_ABOUT: Final = {
    "modem": Key(one_or_more(MODEM, "modems")),
    "group": Key(one_or_more(GROUP, "groups")),
    "organisation": Key(one_or_more(ORGANISATION, "organisations")),
}
_ID: Final = {"id": Key(Words("a name for the trigger", r"[0-9A-Za-z_.-]{1,40}", 40))}
_FOR: Final = {"for": Key(Duration(), into="for_s")}


def _record(
    noun: str,
    build: Callable[..., Trigger],
    keys: Mapping[str, Key] | None = None,
    check: Callable[[Mapping[str, Any]], str | None] = lambda _values: None,
    *,
    about: Mapping[str, Key] = _ABOUT,
    lasts: bool = False,
) -> Record:
    return Record(noun, {**about, **(keys or {}), **(_FOR if lasts else {}), **_ID}, build, check)


def _threshold(noun: str, build: Callable[..., Trigger], least: float, most: float) -> Record:
    bound = Number(least, most, is_float=True)
    keys = {
        "below": Key(bound),
        "above": Key(bound),
        "hysteresis": Key(Number(0, most - least, is_float=True)),
    }
    return _record(noun, build, keys, _has_bound, lasts=True)


def _has_bound(values: Mapping[str, Any]) -> str | None:
    return None if {"below", "above"} & values.keys() else "expected `below`, `above` or both"


def _check_time(values: Mapping[str, Any]) -> str | None:
    ways = [bool(values.get("at")), "cron" in values, bool({"hours", "minutes", "seconds"} & values.keys())]
    if sum(ways) != 1:
        return "expected one of `at`, `cron`, or a pattern of `hours`, `minutes` and `seconds`"
    return "expected `weekday` with `at` only" if "weekday" in values and not values.get("at") else None


def _pattern(size: int) -> Parsed:
    return Parsed(f'"*", "/5" or a number below {size}', lambda text: parse_pattern(text, size) and text)


def _event(**values: Any) -> EventTrigger:
    return EventTrigger(**{**values, "data": tuple(values.get("data", {}).items())})


_SENDER: Final = {"from": Key(one_or_more(Parsed("a sender", parse_sender), "senders"), into="sender")}

TRIGGERS: Final = Tagged(
    "trigger",
    {
        "connected": _record("a connected modem", ConnectedTrigger, lasts=True),
        "disconnected": _record(
            "a lost modem",
            DisconnectedTrigger,
            {"reason": Key(one_or_more(Choice(get_args(DisconnectReason)), "reasons"))},
            lasts=True,
        ),
        "missed_schedule": _record("a missed window", MissedScheduleTrigger, lasts=True),
        "registered": _record("a new modem", RegisteredTrigger),
        "rejected": _record(
            "a dial-in turned away",
            RejectedTrigger,
            {"reason": Key(one_or_more(Words("a reason", r"[a-z_]{1,40}"), "reasons"))},
        ),
        "gpi": _record(
            "an input",
            GpiTrigger,
            {
                "input": Key(one_or_more(PIN, "inputs")),
                "to": Key(Choice(("on", "off", "alarm", "normal", "any"), ignores_case=True)),
            },
            lasts=True,
        ),
        "signal": _threshold("a signal level", SignalTrigger, 0, 31),
        "temperature": _threshold("a temperature", TemperatureTrigger, -100, 200),
        "meter": _record(
            "a meter",
            MeterTrigger,
            {
                "to": Key(Choice(("silent", "answering", "changed"))),
                "address": Key(one_or_more(Words("an address on the line", longest=40), "addresses")),
                "serial": Key(one_or_more(Words("a serial number", longest=64), "serial numbers")),
            },
            lasts=True,
        ),
        "mqtt": _record(
            "a message",
            MqttTrigger,
            {
                "topic": Key(Parsed("a topic filter", parse_topic_filter, 500), is_required=True),
                "payload": Key(Words("a text", r"(?s).*", 8000)),
            },
            about={},
        ),
        "time": _record(
            "a moment",
            TimeTrigger,
            {
                "at": Key(one_or_more(TIME_OF_DAY, "times")),
                "weekday": Key(WEEKDAY),
                "cron": Key(Parsed('a cron expression such as "0 3 * * *"', parse_cron)),
                "hours": Key(_pattern(24)),
                "minutes": Key(_pattern(60)),
                "seconds": Key(_pattern(60)),
            },
            _check_time,
            about={key: _ABOUT[key] for key in ("group", "organisation")},
        ),
        "sms": _record("an SMS", SmsTrigger, {**_SENDER, "contains": Key(Words("a text", longest=160))}),
        "call": _record("a call", CallTrigger, _SENDER),
        "hub": _record(
            "the hub", HubTrigger, {"event": Key(Choice(HUB_EVENTS), is_required=True)}, about={}, lasts=True
        ),
        "webhook": _record(
            "a call from a program",
            WebhookTrigger,
            {
                "webhook_id": Key(
                    Words("a name that nobody guesses: 16 to 64 letters, digits, - and _", r"[0-9A-Za-z_-]{16,64}", 64),
                    is_required=True,
                ),
                "secret": Key(Words("a secret of 16 to 200 characters", r"\S{16,200}", 200)),
            },
            about={},
        ),
        "alert": _record(
            "an incident",
            AlertTrigger,
            {
                "to": Key(Choice(("opened", "changed", "closed"))),
                "kind": Key(one_or_more(Words("a kind", r"[a-z0-9_]{1,40}", 40), "kinds")),
                "severity": Key(one_or_more(Choice(("info", "warning", "alarm")), "severities")),
            },
            lasts=True,
        ),
        "event": _record(
            "an event",
            _event,
            {
                "type": Key(Choice(tuple(EVENT_TYPES)), is_required=True),
                "data": Key(Named()),
            },
        ),
    },
    "trigger",
)
