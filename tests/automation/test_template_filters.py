"""Filters of templates: what each gives, and what it refuses."""

from typing import Any

import pytest

from irzhub.automation.template_filters import FILTERS, LONGEST_TEXT, TemplateFailed, duration, local_time, written
from tests.automation.rig import START, ZONE


@pytest.mark.parametrize(
    ("name", "arguments", "found"),
    [
        ("default", (None, "x"), "x"),
        ("default", (0, "x"), 0),
        ("default", (0, "x", True), "x"),
        ("capitalize", ("север",), "Север"),
        ("join", ([1, None, True], "+"), "1++true"),
        ("length", ("абв",), 3),
        ("count", ({"a": 1},), 1),
        ("first", ([],), ""),
        ("last", ([1, 2],), 2),
        ("round", (2.567, 1), 2.6),
        ("round", ("17.6",), 18),
        ("int", (-2.9,), -2),
        ("truncate", ("abc", 3), "abc"),
    ],
)
def test_what_filters_give(name: str, arguments: tuple[Any, ...], found: Any) -> None:
    assert FILTERS[name](*arguments) == found


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("join", (["x" * 15_000] * 2,)),
        ("replace", ("x" * 15_000, "x", "yy")),
        ("truncate", ("abc", "long")),
        ("truncate", ("abc", 0)),
        ("round", (1.5, 400)),
        ("round", (float("nan"),)),
        ("int", (1e300,)),
        ("float", ("\u0661",)),
        ("length", (5,)),
        ("upper", ([1],)),
    ],
)
def test_what_filters_refuse(name: str, arguments: tuple[Any, ...]) -> None:
    with pytest.raises(TemplateFailed):
        FILTERS[name](*arguments)


def test_times_and_durations() -> None:
    assert local_time(START, "%H:%M", zone=ZONE) == "21:00"
    assert duration(90, language="en") == "1 min 30 s"
    for value in (True, "90"):
        with pytest.raises(TemplateFailed):
            duration(value, language="en")
    with pytest.raises(TemplateFailed):
        local_time(START, "%H" * 51, zone=ZONE)


def test_a_value_is_written_whole_or_not_at_all() -> None:
    assert [written(value) for value in (None, False, 1.5, "x")] == ["", "false", "1.5", "x"]
    for value in ({"a": 1}, "x" * (LONGEST_TEXT + 1)):
        with pytest.raises(TemplateFailed):
            written(value)
