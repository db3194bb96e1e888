"""Blueprints: rules with open places (`!input name`) under `CONFIG/blueprints`, and the rules that are made of them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeAlias

from irzhub.automation.desk import BlueprintView
from irzhub.automation.record import Key, Record
from irzhub.automation.shape import Complaints, Words
from irzhub.config.tree import KeyPath, Place, Problem, Tree
from irzhub.config.yaml_file import FindSecret, InputMark, Unreadable, no_secrets, read_yaml_file

FOLDER: Final = "blueprints"
_HEAD: Final = "blueprint"
_PATH: Final = re.compile(r"(?:[0-9A-Za-z_-]{1,60}/){0,3}[0-9A-Za-z_-]{1,60}\.yaml", re.ASCII)
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)
_MOST: Final = 200
_MISSING: Final = object()
_TEXT: Final = Words("a text", r"(?s).*", 4000)

Give: TypeAlias = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Input:
    """An open place: what it is for, and its value where nobody gives one."""

    description: str = ""
    default: Any = _MISSING

    @property
    def is_required(self) -> bool:
        """Whether a rule must give it."""
        return self.default is _MISSING


_INPUT: Final = Record("an input", {"description": Key(_TEXT)}, Input)


@dataclass(frozen=True, slots=True)
class Blueprint:
    """One file under `blueprints/`; `body` is the rule without its head, with marks where inputs go."""

    path: str
    name: str
    description: str
    inputs: Mapping[str, Input]
    tree: Tree
    problems: tuple[Problem, ...] = ()

    @property
    def body(self) -> dict[str, Any]:
        """The keys of a rule, with the marks."""
        value = self.tree.value
        return {key: each for key, each in value.items() if key != _HEAD} if isinstance(value, dict) else {}

    def view(self) -> BlueprintView:
        """Return it as people see it."""
        inputs = {
            name: {"description": each.description} | ({} if each.is_required else {"default": each.default})
            for name, each in self.inputs.items()
        }
        return BlueprintView(
            path=self.path, name=self.name, description=self.description, inputs=inputs, problems=self.problems
        )


@dataclass(slots=True)
class Blueprints:
    """The blueprints of a folder, each read once; without a folder there are none."""

    folder: Path | None
    find_secret: FindSecret = no_secrets
    _known: dict[str, Blueprint | None] = field(default_factory=dict)

    def find(self, path: str) -> Blueprint | None:
        """Return a blueprint by its path under the folder; None where there is no such file."""
        if path not in self._known:
            self._known[path] = self._read(path) if _PATH.fullmatch(path) else None
        return self._known[path]

    def __iter__(self) -> Iterator[Blueprint]:
        if self.folder is None or not self.folder.is_dir():
            return
        for file in sorted(self.folder.rglob("*.yaml"))[:_MOST]:
            if (found := self.find(file.relative_to(self.folder).as_posix())) is not None:
                yield found

    def _read(self, path: str) -> Blueprint | None:
        file = None if self.folder is None else self.folder / path
        if file is None or not file.is_file():
            return None
        try:
            tree, problems = read_yaml_file(file, str(file), self.find_secret, takes_inputs=True)
        except Unreadable as error:
            return Blueprint(path, path, "", {}, Tree(), (error.problem,))
        return _blueprint(path, str(file), tree, problems)


def _blueprint(path: str, file: str, tree: Tree, problems: list[Problem]) -> Blueprint:
    complaints = Complaints(is_hidden=tree.is_hidden)
    value = tree.value
    head = value.get(_HEAD) if isinstance(value, dict) else None
    if not isinstance(head, dict):
        complaints.say((), f"expected the key `{_HEAD}` with `name` and `inputs`")
        head = {}
    for key in head:
        if key not in ("name", "description", "inputs"):
            complaints.say((_HEAD, key), "unknown key; known here: name, description, inputs")
    name = _TEXT.read(head.get("name", path), (_HEAD, "name"), complaints)
    description = _TEXT.read(head.get("description", ""), (_HEAD, "description"), complaints)
    inputs = _inputs(head.get("inputs") or {}, complaints)
    for where, mark in marks(value):
        if mark.name not in inputs:
            complaints.say(where, f"expected an input of the head, `{mark.name}` is none")
    found = [Problem(tree.place(where) or Place(file), where, text) for where, text in complaints.found]
    return Blueprint(path, name or path, description, inputs, tree, (*problems, *found))


def _inputs(written: Any, complaints: Complaints) -> dict[str, Input]:
    found: dict[str, Input] = {}
    if not isinstance(written, dict):
        complaints.expect((_HEAD, "inputs"), "a mapping of names", written)
        return found
    for name, each in written.items():
        path = (_HEAD, "inputs", name)
        if _NAME.fullmatch(name) is None:
            complaints.say(path, "expected a name of small Latin letters, digits and _")
            continue
        values = {} if each is None else each
        if isinstance(values, dict) and "default" in values:
            default = values["default"]
            values = {key: value for key, value in values.items() if key != "default"}
        else:
            default = _MISSING
        read = _INPUT.read(values, path, complaints)
        found[name] = Input(read.description if read else "", default)
    return found


def marks(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, InputMark]]:
    """Yield the open places in plain values, each with its path."""
    if isinstance(value, InputMark):
        yield path, value
    elif isinstance(value, dict):
        for key, each in value.items():
            yield from marks(each, (*path, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from marks(each, (*path, number))


def fill(value: Any, give: Give) -> Any:
    """Return plain values with every open place filled by what `give` says for its name."""
    if isinstance(value, InputMark):
        return give(value.name)
    if isinstance(value, dict):
        return {key: fill(each, give) for key, each in value.items()}
    if isinstance(value, list):
        return [fill(each, give) for each in value]
    return value
