"""Blueprints: what they need, what is wrong with them, and how their places are filled."""

from pathlib import Path

import pytest

from irzhub.automation.blueprints import Blueprints, fill, marks
from irzhub.config.yaml_file import InputMark
from tests.conftest import ROOT

DOOR = """
blueprint:
  name: Дверь
  description: Открыта дольше минуты
  inputs:
    modem: {description: Модем}
    for: {default: 1m}
triggers: [{trigger: gpi, modem: !input modem, for: !input for}]
actions: [{action: notify, target: duty, text: x}]
"""


def blueprints(folder: Path, text: str = DOOR, name: str = "door.yaml") -> Blueprints:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text)
    return Blueprints(folder)


def test_a_blueprint_says_what_it_needs(tmp_path: Path) -> None:
    found = blueprints(tmp_path).find("door.yaml")

    assert found is not None
    assert found.problems == ()
    view = found.view()
    assert (view.name, view.description) == ("Дверь", "Открыта дольше минуты")
    assert view.inputs == {"modem": {"description": "Модем"}, "for": {"description": "", "default": "1m"}}
    assert [(path, mark.name) for path, mark in marks(found.body)] == [
        (("triggers", 0, "modem"), "modem"),
        (("triggers", 0, "for"), "for"),
    ]


def test_places_are_filled_with_whole_values() -> None:
    value = {"a": [InputMark("x"), 1], "b": InputMark("y")}
    assert fill(value, {"x": [1, 2], "y": None}.__getitem__) == {"a": [[1, 2], 1], "b": None}


def test_all_of_a_folder_are_found_also_below(tmp_path: Path) -> None:
    blueprints(tmp_path)
    blueprints(tmp_path, name="water/flood.yaml")
    blueprints(tmp_path, name="with space.yaml")
    assert [each.path for each in Blueprints(tmp_path)] == ["door.yaml", "water/flood.yaml"]
    assert list(Blueprints(None)) == []
    assert list(Blueprints(tmp_path / "nothing")) == []


@pytest.mark.parametrize(
    "path", ["../secrets.yaml", "/etc/passwd", "door.yml", "a/../door.yaml", "door.yaml\0", "", "."]
)
def test_nothing_outside_the_folder_is_read(tmp_path: Path, path: str) -> None:
    (tmp_path / "secrets.yaml").write_text("blueprint: {}")
    assert blueprints(tmp_path / "blueprints").find(path) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("triggers: []", "expected the key `blueprint` with `name` and `inputs`"),
        ("- a", "expected the key `blueprint`"),
        ("blueprint: {names: x}", "unknown key; known here: name, description, inputs"),
        ("blueprint: {inputs: [a]}", "expected a mapping of names, came a list"),
        ("blueprint: {inputs: {Modem: {}}}", "expected a name of small Latin letters"),
        ("blueprint: {inputs: {modem: {defualt: 1}}}", "unknown key"),
        ("blueprint: {name: x}\nmode: !input mode", "expected an input of the head, `mode` is none"),
        ("blueprint: {name: &a x}\nmode: *a", "aliases"),
        ("blueprint: {name: !!python/object:os.system x}", "came the tag"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    found = blueprints(tmp_path, text).find("door.yaml")
    assert found is not None
    assert says in str(found.problems[0])
    assert f"{tmp_path / 'door.yaml'}, line" in str(found.problems[0])


def test_the_shipped_blueprint_is_good() -> None:
    (found,) = Blueprints(ROOT / "config/blueprints")
    assert found.problems == ()
    assert list(found.inputs) == ["modem", "input", "what", "for", "target"]
