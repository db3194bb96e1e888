"""Every condition as it is written, and what is wrong with those that are not right."""

from typing import Any

import pytest

from irzhub.automation.conditions import (
    AndCondition,
    CalendarCondition,
    CountCondition,
    GroupCondition,
    NotCondition,
    StateCondition,
    TemplateCondition,
    TimeCondition,
    TriggerCondition,
)
from irzhub.automation.schema_conditions import CONDITIONS
from irzhub.automation.shape import Complaints
from tests.automation.rig import MODEM


def read(written: Any) -> tuple[Any, list[str]]:
    complaints = Complaints()
    return CONDITIONS.read(written, (), complaints), [text for _, text in complaints.found]


YES = {"condition": "template", "value": "yes"}


@pytest.mark.parametrize(
    ("written", "condition"),
    [
        (YES, TemplateCondition(value="yes")),
        ({"condition": "and", "conditions": [YES]}, AndCondition((TemplateCondition(value="yes"),))),
        (
            {"condition": "not", "conditions": [{"condition": "or", "conditions": [YES]}]},
            NotCondition((read({"condition": "or", "conditions": [YES]})[0],)),
        ),
        ({"condition": "state", "link": "online"}, StateCondition(link=("online",))),
        (
            {"condition": "state", "modem": MODEM, "input": 2, "level": "OFF"},
            StateCondition(modem=MODEM, input=2, level="OFF"),
        ),
        ({"condition": "state", "attribute": "csq", "below": 8}, StateCondition(attribute="csq", below=8.0)),
        (
            {"condition": "count", "group": "Север", "link": ["offline"], "above": 4},
            CountCondition(group=("Север",), link=("offline",), above=4.0),
        ),
        ({"condition": "time", "after": "20:00", "before": "8:00"}, TimeCondition(after=72_000, before=28_800)),
        (
            {"condition": "calendar", "dates": ["05-09", "2026-12-31"]},
            CalendarCondition(dates=((None, 5, 9), (2026, 12, 31))),
        ),
        ({"condition": "group", "group": "Север"}, GroupCondition(group=("Север",))),
        ({"condition": "trigger", "id": ["a", "b"]}, TriggerCondition(id=("a", "b"))),
    ],
)
def test_what_is_written_is_what_is_meant(written: Any, condition: object) -> None:
    assert read(written) == (condition, [])


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ({"condition": "state"}, "expected `link`, `input`, `output` or `attribute`"),
        ({"condition": "state", "input": 1}, "expected `level` together with `input` or `output`"),
        ({"condition": "state", "link": "online", "level": "on"}, "expected `level` together"),
        ({"condition": "state", "attribute": "csq"}, "expected `above` or `below` together with `attribute`"),
        ({"condition": "state", "link": "online", "below": 5}, "together with `attribute`"),
        ({"condition": "state", "attribute": "imei", "below": 5}, "expected csq, rssi_dbm"),
        ({"condition": "count", "link": "online"}, "expected `above` or `below`"),
        ({"condition": "time"}, "expected `after`, `before` or `weekday`"),
        ({"condition": "time", "after": "8:00", "before": "08:00"}, "a window from a time to itself is empty"),
        ({"condition": "calendar"}, "expected `name`, `dates` or `weekday`"),
        ({"condition": "calendar", "dates": "31.12"}, "expected a date such as"),
        ({"condition": "and", "conditions": []}, "expected 1 to 200 conditions, came 0"),
        ({"condition": "template", "value": "{{ x"}, "expected a template"),
        ({"condition": "xor"}, "did you mean `or`?"),
    ],
)
def test_what_is_wrong(written: Any, says: str) -> None:
    assert says in " ".join(read(written)[1])
