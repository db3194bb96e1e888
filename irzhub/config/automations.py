"""`automations.yaml` as far as this version reads it: good YAML, a list, an `id` of its own for each."""

import difflib
from pathlib import Path
from typing import Any, Final

from irzhub.config.load import read_secrets
from irzhub.config.tree import Place, Problem, Tree
from irzhub.config.yaml_file import Unreadable, read_yaml_file

AUTOMATIONS_FILE: Final = "automations.yaml"
_KEYS: Final = ("id", "alias", "description", "triggers", "conditions", "actions", "mode", "max", "max_exceeded")
_LISTS: Final = ("triggers", "conditions", "actions")


def check_automations(config_dir: Path) -> tuple[int | None, list[Problem]]:
    """Return how many automations there are, None without the file, and what is wrong with it."""
    file = config_dir / AUTOMATIONS_FILE
    if not file.exists():
        return None, []
    try:
        tree, problems = read_yaml_file(file, str(file), read_secrets(config_dir))
    except Unreadable as error:
        return 0, [error.problem]
    rules = [] if tree.value is None else tree.value
    if not isinstance(rules, list):
        return 0, [
            *problems,
            Problem(Place(str(file), 1), (), "expected a list of automations, each begins with `- id:`"),
        ]
    ids: dict[str, int] = {}
    for number, rule in enumerate(rules):
        problems += _check_rule(rule, number, tree, file, ids)
    return len(rules), problems


def _check_rule(rule: Any, number: int, tree: Tree, file: Path, ids: dict[str, int]) -> list[Problem]:
    place = tree.place((number,)) or Place(str(file))
    if not isinstance(rule, dict):
        return [Problem(place, (number,), "expected a mapping with id, triggers and actions")]
    problems = []
    for key in rule:
        if key not in _KEYS:
            near = difflib.get_close_matches(key, _KEYS, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(_KEYS)}"
            where = tree.place((number, key)) or place
            problems.append(Problem(where, (number, key), f"unknown key; {hint}"))
    name = rule.get("id")
    if not isinstance(name, str) or not name:
        problems.append(Problem(place, (number,), "expected an `id`, a text of its own for each automation"))
    elif name in ids:
        problems.append(
            Problem(place, (number, "id"), f"expected an id of its own, {name!r} is number {ids[name]} too")
        )
    else:
        ids[name] = number
    for key in _LISTS:
        if key in rule and not isinstance(rule[key], list):
            where = tree.place((number, key)) or place
            problems.append(Problem(where, (number, key), "expected a list, each entry begins with `- `"))
    return problems
