"""From the text of `automations.yaml` to rules, or to all that is wrong with it: file, line, key, what was expected."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from irzhub.automation.blueprints import FOLDER, Blueprint, Blueprints, fill, marks
from irzhub.automation.rule import Rule
from irzhub.automation.schema import BLUEPRINT_USE, read_rule
from irzhub.automation.shape import Complaints
from irzhub.config.load import read_secrets
from irzhub.config.tree import KeyPath, Place, Problem, Tree
from irzhub.config.yaml_file import MAX_BYTES, FindSecret, Unreadable, no_secrets, read_yaml, read_yaml_file

AUTOMATIONS_FILE: Final = "automations.yaml"
RESERVED: Final = "notifications/"
"""What the ids of rules begin with that are made from notification settings."""
MOST_RULES: Final = 10_000


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of one file; with `problems` it is not to be used. `lines` says where each rule stands."""

    rules: tuple[Rule, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_rules_file(config_dir: Path, file: Path | None = None) -> RuleSet:
    """Return the rules of a file, by default of `automations.yaml`; none when it does not exist."""
    file = file or config_dir / AUTOMATIONS_FILE
    try:
        find_secret = read_secrets(config_dir)
        tree, problems = read_yaml_file(file, str(file), find_secret)
    except Unreadable as error:
        return RuleSet(problems=(error.problem,))
    return _rule_set(tree, problems, str(file), Blueprints(config_dir / FOLDER, find_secret))


def read_rules_text(text: str, config_dir: Path | None = None, name: str = AUTOMATIONS_FILE) -> RuleSet:
    """Return the rules of a text, with the secrets and blueprints of a folder; without one there are none."""
    try:
        if len(text.encode("utf-8", "replace")) > MAX_BYTES:
            raise Unreadable(Problem(Place(name), (), f"expected at most {MAX_BYTES} bytes, the text has more"))
        find_secret: FindSecret = no_secrets if config_dir is None else read_secrets(config_dir)
        tree, problems = read_yaml(text.removeprefix("\ufeff"), name, find_secret)
    except Unreadable as error:
        return RuleSet(problems=(error.problem,))
    blueprints = Blueprints(None if config_dir is None else config_dir / FOLDER, find_secret)
    return _rule_set(tree, problems, name, blueprints)


def _rule_set(tree: Tree, problems: list[Problem], name: str, blueprints: Blueprints) -> RuleSet:
    written = [] if tree.value is None else tree.value
    if not isinstance(written, list):
        place = tree.place(()) or Place(name, 1)
        wrong = Problem(place, (), "expected a list of automations, each begins with `- id:`")
        return RuleSet(problems=(*problems, wrong))
    if len(written) > MOST_RULES:
        wrong = Problem(Place(name), (), f"expected at most {MOST_RULES} automations, came {len(written)}")
        return RuleSet(problems=(*problems, wrong))
    reader = _Reader(tree, name, blueprints, list(problems))
    for number, value in enumerate(written):
        reader.read(value, number)
    return RuleSet(tuple(reader.rules), reader.lines, tuple(reader.problems))


@dataclass(slots=True)
class _Reader:
    """Reads one rule after the other."""

    tree: Tree
    name: str
    blueprints: Blueprints
    problems: list[Problem]
    rules: list[Rule] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)

    def read(self, value: Any, number: int) -> None:
        """Take one entry of the list."""
        complaints = Complaints(is_hidden=self.tree.is_hidden)
        if isinstance(value, dict) and "use_blueprint" in value:
            rule = self._from_blueprint(value, number, complaints)
        else:
            rule = read_rule(value, (number,), complaints)
        self._say(complaints, self.tree)
        if rule is None or not self._is_own(rule, number):
            return
        place = self.tree.place((number,))
        self.rules.append(rule)
        self.lines[rule.id] = (place.line if place is not None else None) or 0

    def _is_own(self, rule: Rule, number: int) -> bool:
        before = self.numbers.setdefault(rule.id, number)
        if before != number:
            line = self.lines.get(rule.id)
            self._problem((number, "id"), f"expected an id of its own, {rule.id!r} was given before, in line {line}")
        elif rule.id.startswith(RESERVED):
            self._problem((number, "id"), f"expected an id that does not begin with `{RESERVED}`: the hub has those")
            return False
        return before == number

    def _problem(self, path: KeyPath, text: str) -> None:
        self.problems.append(Problem(self.tree.place(path) or Place(self.name), path, text))

    def _say(self, complaints: Complaints, tree: Tree) -> None:
        told = {problem.path for problem in self.problems}
        for path, text in complaints.found:
            if path not in told:
                self.problems.append(Problem(tree.place(path) or Place(self.name), path, text))

    def _from_blueprint(self, value: dict[str, Any], number: int, complaints: Complaints) -> Rule | None:
        use = BLUEPRINT_USE.read(value, (number,), complaints)
        if use is None:
            return None
        path = (number, "use_blueprint", "path")
        blueprint = self.blueprints.find(use["use_blueprint"]["path"])
        if blueprint is None:
            complaints.say(path, "expected a file under blueprints/ such as door.yaml, there is none of that name")
            return None
        if blueprint.problems:
            complaints.say(path, f"the blueprint cannot be used: {blueprint.problems[0]}")
            return None
        given = use["use_blueprint"].get("inputs", {})
        if not self._are_good(given, blueprint, number, complaints):
            return None
        return self._filled(blueprint, given, use, number, complaints)

    @staticmethod
    def _are_good(given: Mapping[str, Any], blueprint: Blueprint, number: int, complaints: Complaints) -> bool:
        where = (number, "use_blueprint", "inputs")
        unknown = [name for name in given if name not in blueprint.inputs]
        for name in unknown:
            known = ", ".join(blueprint.inputs)
            complaints.say((*where, name), f"the blueprint has no such input; known here: {known}")
        missing = [name for name, each in blueprint.inputs.items() if each.is_required and name not in given]
        for name in missing:
            complaints.say(where, f"expected the input `{name}` too, it is missing")
        return not unknown and not missing

    def _filled(
        self,
        blueprint: Blueprint,
        given: Mapping[str, Any],
        use: Mapping[str, Any],
        number: int,
        complaints: Complaints,
    ) -> Rule | None:
        """Return the rule; what is wrong with an input is said where it was given."""
        own = {key: use[key] for key in ("id", "alias", "description") if key in use}
        own |= {"enabled": use["is_enabled"]} if "is_enabled" in use else {}
        body = fill(blueprint.body, lambda name: given.get(name, blueprint.inputs[name].default))
        sources = {path: mark.name for path, mark in marks(blueprint.tree.value)}

        def source_of(path: KeyPath) -> str | None:
            return next((sources[path[:size]] for size in range(len(path) + 1) if path[:size] in sources), None)

        def is_hidden(path: KeyPath) -> bool:
            given_at = (number, "use_blueprint", "inputs", source_of(path) or "")
            return blueprint.tree.is_hidden(path) or self.tree.is_hidden(given_at)

        inner = Complaints(is_hidden=is_hidden)
        rule = read_rule({"alias": blueprint.name, **body, **own}, (), inner)
        for path, text in inner.found:
            name = source_of(path)
            if name is not None and name in given:
                complaints.say((number, "use_blueprint", "inputs", name), text)
            else:
                place = blueprint.tree.place(path) or Place(blueprint.path)
                complaints.say((number, "use_blueprint", "path"), str(Problem(place, path, text)))
        return rule
