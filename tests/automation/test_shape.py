"""What operators write, value by value: what is taken, what is complained of, and what editors are told."""

from typing import Any

import pytest

from irzhub.automation.shape import (
    Anything,
    Choice,
    Complaints,
    Duration,
    Flag,
    Named,
    Number,
    Parsed,
    Shape,
    Template,
    Words,
    show,
)


def read(shape: Shape, value: Any) -> tuple[Any, list[str]]:
    complaints = Complaints()
    found = shape.read(value, ("key",), complaints)
    return found, [text for _, text in complaints.found]


ON = Choice(("on", "off"), {"on": "ON"}, ignores_case=True)


@pytest.mark.parametrize(
    ("shape", "value", "found"),
    [
        (Words(), "x", "x"),
        (Template(), "{{ modem.name }}", "{{ modem.name }}"),
        (Number(1, 5), 5, 5),
        (Number(0, 1, is_float=True), 1, 1.0),
        (Flag(), True, True),
        (ON, "On", "ON"),
        (ON, "off", "off"),
        (Duration(), "00:10:00", 600.0),
        (Duration(), "30s", 30.0),
        (Duration(may_be_off=True), "off", 0.0),
        (Parsed("a number", int), "12", 12),
        (Anything(), {"a": [1, None, "{{ x }}"]}, {"a": [1, None, "{{ x }}"]}),
        (Named(), {"a1": 1}, {"a1": 1}),
    ],
)
def test_what_is_taken(shape: Shape, value: Any, found: Any) -> None:
    assert read(shape, value) == (found, [])


@pytest.mark.parametrize(
    ("shape", "value", "text"),
    [
        (Words("a name", longest=3), "long", 'expected a name, came "long"'),
        (Words(), 5, "expected a text, in quotes, came 5"),
        (Template(), 5, "expected a text, with {{ ... }} where values are to stand, in quotes, came 5"),
        (Template(), "{{ x() }}", "expected values, filters, if, for and set, came a call; write a filter such as"),
        (Number(1, 5), 6, "expected a whole number from 1 to 5, came 6"),
        (Number(1, 5), True, "expected a whole number from 1 to 5, came true"),
        (Number(1, 5), 2.5, "expected a whole number from 1 to 5, came 2.5"),
        (Flag(), "yes", 'expected true or false, came "yes"'),
        (ON, True, "expected on or off (in quotes), came true"),
        (ON, "maybe", 'expected on or off, came "maybe"'),
        (Duration(), 600, "expected a duration such as 30s, 10m, 2h or 00:02:10, came 600"),
        (Duration(), "off", 'expected a duration such as 30s, 10m, 2h or 00:02:10, came "off"'),
        (Duration(10, 20), "30s", 'expected a duration from 10s to 20s, came "30s"'),
        (Parsed("a number", int), "x", 'expected a number, came "x"'),
        (Parsed("a number", int), 5, "expected a number, in quotes, came 5"),
        (Named(), [], "expected a mapping of names and values, came a list"),
        (Named(), {"1a": 1}, "expected a name of Latin letters, digits and _ inside"),
        (Named(), {"a_": 1}, "expected a name of Latin letters"),
        (Words(), {"a": 1}, "expected a text, came a mapping"),
    ],
)
def test_what_is_complained_of(shape: Shape, value: Any, text: str) -> None:
    complaints = read(shape, value)[1]
    assert len(complaints) == 1
    assert complaints[0].startswith(text)


def test_a_secret_is_not_shown() -> None:
    complaints = Complaints(is_hidden=lambda path: path == ("key",))
    Number(1, 5).read("hunter2", ("key",), complaints)
    assert complaints.found == [(("key",), "expected a whole number from 1 to 5, came a secret")]
    assert not complaints.is_clean


def test_nobody_reads_ten_thousand_complaints() -> None:
    complaints = Complaints(limit=3)
    for number in range(10):
        complaints.say((number,), "wrong")
    assert len(complaints.found) == 3


@pytest.mark.parametrize(("value", "text"), [("x" * 100, '"' + "x" * 59 + "…"), (None, "null"), ([1], "a list")])
def test_values_are_shown_short(value: Any, text: str) -> None:
    assert show(value) == text


@pytest.mark.parametrize(
    ("shape", "schema"),
    [
        (Number(1, 5), {"type": "integer", "minimum": 1, "maximum": 5}),
        (Flag(), {"type": "boolean"}),
        (ON, {"enum": ["on", "off", "ON", "OFF"]}),
        (Words(pattern="[a-z]+", longest=5), {"type": "string", "maxLength": 5, "pattern": "^(?:[a-z]+)$"}),
        (Template(9), {"type": "string", "maxLength": 9}),
        (Parsed("a group", str), {"type": "string", "maxLength": 200, "description": "a group"}),
        (Named(), {"type": "object"}),
        (Anything(), {}),
    ],
)
def test_what_editors_are_told(shape: Shape, schema: dict[str, Any]) -> None:
    assert shape.schema() == schema
