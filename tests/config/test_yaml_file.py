"""YAML from strangers: what is read, and what is refused where it stands."""

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.config.yaml_file import MAX_BYTES, MAX_DEPTH, InputMark, Unreadable, read_yaml, read_yaml_file


def refusal(text: str) -> str:
    with pytest.raises(Unreadable) as caught:
        read_yaml(text, "f")
    return str(caught.value)


def test_plain_values_with_the_line_of_each() -> None:
    tree, problems = read_yaml("web:\n  port: 8080\n  hosts: [a,\n    b]\n# end\npin: '0123'\n", "f")

    assert tree.value == {"web": {"port": 8080, "hosts": ["a", "b"]}, "pin": "0123"}
    assert {path: place.line for path, place in tree.places.items()} == {
        (): 1,
        ("web",): 1,
        ("web", "port"): 2,
        ("web", "hosts"): 3,
        ("web", "hosts", 0): 3,
        ("web", "hosts", 1): 4,
        ("pin",): 6,
    }
    assert problems == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("# only\n", None),
        ("- 1\n- {a: b}\n", [1, {"a": "b"}]),
        ("5", 5),
        ("a: !!str 5", {"a": "5"}),
        ("{}", {}),
    ],
)
def test_small_documents(text: str, value: Any) -> None:
    assert read_yaml(text, "f")[0].value == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a:\n\tb: 1\n", "f, line 2: a tab in the indent, use spaces"),
        ("a: &x 1\nb: *x\n", "f, line 2: b: aliases (`*name`) are not allowed, write the value out"),
        ("a: b: c", "f, line 1: not YAML: mapping values are not allowed in this context (column 5)"),
        ("a: 'x", "f, line 1: not YAML: while scanning a quoted scalar, found unexpected end of stream (column 6)"),
        ("a: 1\n---\nb: 2", "f, line 2: expected one document, a second one starts here (`---`)"),
        ("? [1]\n: 2", "f, line 1: expected a word as key, came a list or mapping"),
        ("a: \x01\n", "f, line 1: a control character (U+0001) in the text"),
        (
            "a: !!python/object/apply:os.system [ls]",
            "f, line 1: a: expected a plain value or `!secret name`, came the tag ",
        ),
        ("a: !env HOME", "f, line 1: a: expected a plain value or `!secret name`, came the tag '!env'"),
    ],
)
def test_what_is_refused(text: str, said: str) -> None:
    assert refusal(text).startswith(said)


def test_a_key_given_twice_is_told_with_both_lines_and_the_first_counts() -> None:
    tree, problems = read_yaml("a: 1\nb: 2\na: {c: 3}\n", "f")

    assert [str(each) for each in problems] == ["f, line 3: a: this key was given before, in line 1"]
    assert tree.value == {"a": 1, "b": 2}


def test_secrets_come_by_name_and_are_hidden() -> None:
    def find(name: str) -> str:
        if name == "gone":
            raise KeyError("there is none")
        return {"mqtt": "s3cret"}[name]

    tree, problems = read_yaml("a: !secret mqtt\nb: !secret gone\n", "f", find)

    assert tree.value == {"a": "s3cret", "b": None}
    assert tree.is_hidden(("a",))
    assert [str(each) for each in problems] == ["f, line 2: b: there is none"]


def test_depth_has_a_bound() -> None:
    inside = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert read_yaml(inside, "f")[1] == []

    assert "levels inside each other" in refusal(f"[{inside}]")


@pytest.mark.parametrize(
    "bomb", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000, "a: &a [x]\n" + "b: [*a, *a]\n" * 1000]
)
def test_bombs_cost_nothing(bomb: str) -> None:
    began = time.monotonic()
    refusal(bomb)

    assert time.monotonic() - began < 1.0


def test_a_missing_file_is_an_empty_one(tmp_path: Path) -> None:
    tree, problems = read_yaml_file(tmp_path / "none.yaml", "f")

    assert (tree.value, problems) == (None, [])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"# " + b"x" * MAX_BYTES, "f: expected at most 1000000 bytes, the file has more"),
        (
            "имя: Котельная\n".encode("cp1251"),
            "f, line 1: expected UTF-8, came byte 0xE8; the file looks like Windows-1251",
        ),
        ("a: 1\nb: Дверь\n".encode("cp1251"), "f, line 2: expected UTF-8, came byte 0xC4"),
        ("a: 1".encode("utf-16"), "f: the file is UTF-16, save it as UTF-8"),
    ],
)
def test_files_of_another_kind(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "f.yaml").write_bytes(content)

    with pytest.raises(Unreadable) as caught:
        read_yaml_file(tmp_path / "f.yaml", "f")
    assert str(caught.value).startswith(said)


def test_a_mark_of_utf_8_at_the_beginning_is_harmless(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_bytes("a: Дверь\n".encode("utf-8-sig"))

    assert read_yaml_file(tmp_path / "f.yaml", "f")[0].value == {"a": "Дверь"}


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="f: cannot be read"):
        read_yaml_file(tmp_path, "f")


@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%@`,?\t\n \\0~е", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tree, _ = read_yaml(text, "f")
    except Unreadable as error:
        assert str(error).startswith("f")
    else:
        assert isinstance(tree.value, dict | list | str | int | float | bool | None)


def test_an_input_is_a_mark_where_it_may_be_and_refused_elsewhere() -> None:
    tree, problems = read_yaml("a: [!input door]\n", "x.yaml", takes_inputs=True)
    assert (tree.value, problems) == ({"a": [InputMark("door")]}, [])
    with pytest.raises(Unreadable, match="came the tag '!input'"):
        read_yaml("a: [!input door]\n", "x.yaml")
