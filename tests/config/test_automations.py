"""automations.yaml as far as this version reads it."""

from pathlib import Path

import pytest

from irzhub.config.automations import check_automations
from tests.conftest import ROOT


def check(folder: Path, text: str) -> tuple[int | None, list[str]]:
    (folder / "automations.yaml").write_text(text)
    count, problems = check_automations(folder)
    return count, [str(problem).replace(str(folder), "CONFIG") for problem in problems]


def test_without_the_file_there_are_none(tmp_path: Path) -> None:
    assert check_automations(tmp_path) == (None, [])


def test_an_empty_file_has_none(tmp_path: Path) -> None:
    assert check(tmp_path, "# later\n") == (0, [])


def test_the_sample_is_good() -> None:
    assert check_automations(ROOT / "config") == (2, [])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1", ["CONFIG/automations.yaml, line 1: expected a list of automations, each begins with `- id:`"]),
        ("- x", ["CONFIG/automations.yaml, line 1: [0]: expected a mapping with id, triggers and actions"]),
        (
            "- {triggers: []}",
            ["CONFIG/automations.yaml, line 1: [0]: expected an `id`, a text of its own for each automation"],
        ),
        (
            "- id: a\n- id: a\n",
            ["CONFIG/automations.yaml, line 2: [1].id: expected an id of its own, 'a' is number 0 too"],
        ),
        (
            "- id: a\n  trigers: []\n  actions: {}\n",
            [
                "CONFIG/automations.yaml, line 2: [0].trigers: unknown key; did you mean `triggers`?",
                "CONFIG/automations.yaml, line 3: [0].actions: expected a list, each entry begins with `- `",
            ],
        ),
        ("- id: a\n\tb: 1", ["CONFIG/automations.yaml, line 2: a tab in the indent, use spaces"]),
    ],
)
def test_what_is_wrong(tmp_path: Path, text: str, told: list[str]) -> None:
    assert check(tmp_path, text)[1] == told
