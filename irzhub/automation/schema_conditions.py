"""Conditions as they are written."""

from collections.abc import Mapping
from typing import Any, Final, get_args

from irzhub.automation.conditions import (
    AndCondition,
    Attribute,
    CalendarCondition,
    CountCondition,
    GroupCondition,
    NotCondition,
    OrCondition,
    StateCondition,
    TemplateCondition,
    TimeCondition,
    TriggerCondition,
)
from irzhub.automation.parsing import parse_date
from irzhub.automation.record import Items, Key, Later, Record, Tagged
from irzhub.automation.schema_triggers import GROUP, MODEM, ORGANISATION, PIN, TIME_OF_DAY, WEEKDAY, one_or_more
from irzhub.automation.shape import Choice, Number, Parsed, Template, Words
from irzhub.core.state import Link

_BOUND: Final = Number(-1e6, 1e6, is_float=True)
_BOUNDS: Final = {"above": Key(_BOUND), "below": Key(_BOUND)}
_LINK: Final = one_or_more(Choice(get_args(Link)), "states of a link")
_LEVEL: Final = Choice(("on", "off"), {"on": "ON", "off": "OFF"}, ignores_case=True)
_ITSELF: Final = Later()
CONDITION_LIST: Final = Items(_ITSELF, "conditions", 0, 200)
_INNER: Final = {"conditions": Key(Items(_ITSELF, "conditions", 1, 200), is_required=True)}


def _check_state(values: Mapping[str, Any]) -> str | None:
    if not {"link", "input", "output", "attribute"} & values.keys():
        return "expected `link`, `input`, `output` or `attribute`"
    return _check_pin(values) or _check_attribute(values)


def _check_pin(values: Mapping[str, Any]) -> str | None:
    has_pin = bool({"input", "output"} & values.keys())
    return None if has_pin == ("level" in values) else "expected `level` together with `input` or `output`"


def _check_attribute(values: Mapping[str, Any]) -> str | None:
    has_bound = bool({"above", "below"} & values.keys())
    return None if has_bound == ("attribute" in values) else "expected `above` or `below` together with `attribute`"


def _check_count(values: Mapping[str, Any]) -> str | None:
    return _check_pin(values) or (None if {"above", "below"} & values.keys() else "expected `above` or `below`")


def _check_time(values: Mapping[str, Any]) -> str | None:
    if not values:
        return "expected `after`, `before` or `weekday`"
    same = "after" in values and values["after"] == values.get("before")
    return "expected two different times, a window from a time to itself is empty" if same else None


def _check_calendar(values: Mapping[str, Any]) -> str | None:
    return None if values else "expected `name`, `dates` or `weekday`"


CONDITIONS: Final = Tagged(
    "condition",
    {
        "and": Record("all of several", _INNER, AndCondition),
        "or": Record("one of several", _INNER, OrCondition),
        "not": Record("none of several", _INNER, NotCondition),
        "state": Record(
            "a modem's state",
            {
                "modem": Key(MODEM),
                "link": Key(_LINK),
                "input": Key(PIN),
                "output": Key(PIN),
                "level": Key(_LEVEL),
                "attribute": Key(Choice(get_args(Attribute))),
                **_BOUNDS,
            },
            StateCondition,
            _check_state,
        ),
        "count": Record(
            "how many modems",
            {
                "group": Key(one_or_more(GROUP, "groups")),
                "organisation": Key(one_or_more(ORGANISATION, "organisations")),
                "link": Key(_LINK),
                "input": Key(PIN),
                "level": Key(_LEVEL),
                **_BOUNDS,
            },
            CountCondition,
            _check_count,
        ),
        "time": Record(
            "a part of the day",
            {"after": Key(TIME_OF_DAY), "before": Key(TIME_OF_DAY), "weekday": Key(WEEKDAY)},
            TimeCondition,
            _check_time,
        ),
        "calendar": Record(
            "days",
            {
                "name": Key(Words("the name of a calendar", longest=64)),
                "dates": Key(one_or_more(Parsed('a date such as "2026-05-09" or "05-09"', parse_date), "dates")),
                "weekday": Key(WEEKDAY),
            },
            CalendarCondition,
            _check_calendar,
        ),
        "group": Record(
            "a group",
            {"group": Key(one_or_more(GROUP, "groups"), is_required=True), "modem": Key(MODEM)},
            GroupCondition,
        ),
        "trigger": Record(
            "which trigger",
            {
                "id": Key(
                    one_or_more(Words("the id of a trigger", r"[0-9A-Za-z_.-]{1,40}", 40), "ids"), is_required=True
                )
            },
            TriggerCondition,
        ),
        "template": Record("a template", {"value": Key(Template(), is_required=True)}, TemplateCondition),
    },
    "condition",
)
_ITSELF.shape = CONDITIONS
