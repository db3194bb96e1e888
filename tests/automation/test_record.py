"""Lists, mappings and mappings of several kinds: all that is wrong is told, each at its place."""

from typing import Any

import pytest

from irzhub.automation.record import Items, Key, Later, Record, Tagged
from irzhub.automation.shape import Complaints, Number, Shape, Words

POINT = Record("a point", {"x": Key(Number(0, 9), is_required=True), "class": Key(Words(), into="class_")}, dict)
KINDS = Tagged("kind", {"point": POINT, "name": Record("a name", {"name": Key(Words())}, dict)}, "thing")


def read(shape: Shape, value: Any) -> tuple[Any, list[tuple[Any, str]]]:
    complaints = Complaints()
    return shape.read(value, (), complaints), complaints.found


def test_a_list_becomes_a_tuple_and_one_may_stand_alone() -> None:
    assert read(Items(Number(0, 9), "numbers"), [1, 2]) == ((1, 2), [])
    assert read(Items(Number(0, 9), "numbers", may_be_one=True), 1) == ((1,), [])
    assert read(Items(Number(0, 9), "numbers"), 1)[1] == [
        ((), "expected a list of numbers, each begins with `- `, came 1")
    ]
    assert read(Items(Number(0, 9), "numbers", 1, 2), [])[1] == [((), "expected 1 to 2 numbers, came 0")]


def test_keys_become_arguments() -> None:
    assert read(POINT, {"x": 1, "class": "a"}) == ({"x": 1, "class_": "a"}, [])


def test_all_that_is_wrong_with_a_mapping_is_told() -> None:
    found, complaints = read(POINT, {"clas": 1, "class": 5})
    assert found is None
    assert complaints == [
        (("clas",), "unknown key; did you mean `class`?"),
        (("class",), "expected a text, in quotes, came 5"),
        ((), "expected the key `x` too (a whole number from 0 to 9), it is missing"),
    ]
    assert read(POINT, [])[1] == [((), "expected a point: a mapping with x, class, came a list")]


def test_keys_that_do_not_go_together_are_told_once_each_is_good() -> None:
    record = Record("a point", POINT.keys, dict, lambda values: "too far" if values["x"] > 5 else None)
    assert read(record, {"x": 6})[1] == [((), "too far")]
    assert len(read(record, {"x": 60})[1]) == 1


@pytest.mark.parametrize(
    ("value", "complaint"),
    [
        ({"x": 1}, "expected a mapping with `kind`: point, name, came a mapping"),
        ("point", 'expected a mapping with `kind`: point, name, came "point"'),
        ({"kind": "pont"}, 'expected point, name (did you mean `point`?), came "pont"'),
        ({"kind": 5}, "expected point, name, came 5"),
    ],
)
def test_a_kind_that_there_is_not(value: Any, complaint: str) -> None:
    assert [text for _, text in read(KINDS, value)[1]] == [complaint]


def test_a_kind_says_which_keys_there_are() -> None:
    assert read(KINDS, {"kind": "point", "x": 5}) == ({"x": 5}, [])
    assert KINDS.schema() == {"$ref": "#/$defs/thing"}
    point, name = KINDS.definition()["oneOf"]
    assert point["properties"]["kind"] == {"const": "point"}
    assert point["required"] == ["kind", "x"]
    assert name["required"] == ["kind"]
    assert not name["additionalProperties"]


def test_a_shape_may_hold_itself() -> None:
    later = Later()
    tree = Tagged("kind", {"tree": Record("a tree", {"under": Key(Items(later, "trees"))}, dict)}, "tree")
    later.shape = tree
    assert read(tree, {"kind": "tree", "under": [{"kind": "tree"}]}) == ({"under": ({},)}, [])
    assert later.schema() == {"$ref": "#/$defs/tree"}
