"""Reads YAML from strangers: small, flat, without aliases or tags, and with the line of every key.

The event stream of the parser is turned into plain values without recursion, so neither a bomb of
aliases nor a hundred thousand brackets costs anything: both are refused where they stand.
"""

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from irzhub.config.scalars import resolve_scalar
from irzhub.config.tree import KeyPath, Place, Problem, Tree

MAX_BYTES: Final = 1_000_000
MAX_DEPTH: Final = 50
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT_TAG: Final = "tag:yaml.org,2002:str"
_ENCODINGS: Final = ((codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"))


@dataclass(frozen=True, slots=True)
class InputMark:
    """Stands where a blueprint has `!input name`, until somebody gives the value."""

    name: str


FindSecret = Callable[[str], str]
"""Returns the secret of a name; raises `KeyError` with a text for the operator."""


class Unreadable(Exception):
    """A file that is not YAML as the hub takes it; carries the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def no_secrets(name: str) -> str:
    """Stand in for the secrets where none may be used."""
    raise KeyError(f"`!secret {name}` cannot be used here, write the value itself")


def read_yaml_file(
    file: Path, name: str, find_secret: FindSecret = no_secrets, *, takes_inputs: bool = False
) -> tuple[Tree, list[Problem]]:
    """Return what `file` says and what is wrong with it but does not make it unreadable.

    Args:
        file: need not exist; then the tree is empty.
        name: how to call the file in messages.
        find_secret: answers `!secret name`.
        takes_inputs: whether `!input name` may stand for a value, as in blueprints.

    Raises:
        Unreadable: too large, wrong encoding, broken syntax, aliases, foreign tags, too deep.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return Tree(), []
    except OSError as error:
        raise Unreadable(Problem(Place(name), (), f"cannot be read: {error.strerror}")) from error
    if len(content) > MAX_BYTES:
        raise Unreadable(Problem(Place(name), (), f"expected at most {MAX_BYTES} bytes, the file has more"))
    return read_yaml(_decode(content, name), name, find_secret, takes_inputs=takes_inputs)


def read_yaml(
    text: str, name: str, find_secret: FindSecret = no_secrets, *, takes_inputs: bool = False
) -> tuple[Tree, list[Problem]]:
    """Return what a YAML text says, as `read_yaml_file` does."""
    reader = _Reader(name, find_secret, takes_inputs)
    try:
        for event in _events(text):
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        raise Unreadable(_syntax_problem(error, text, name)) from error
    except yaml.YAMLError as error:
        raise Unreadable(_character_problem(error, text, name)) from error
    return reader.tree, reader.problems


def _events(text: str) -> Iterator[yaml.Event]:
    yield from yaml.parse(text, Loader=_LOADER)


@dataclass(slots=True)
class _Level:
    """A mapping or list that is being read; `key` waits for its value."""

    path: KeyPath
    value: dict[str, Any] | list[Any]
    key: str | None = None
    is_duplicate: bool = False


@dataclass(slots=True)
class _Reader:
    """Builds the tree from the parser's events; `problems` are those that do not end the reading."""

    name: str
    find_secret: FindSecret
    takes_inputs: bool = False
    tree: Tree = field(default_factory=Tree)
    problems: list[Problem] = field(default_factory=list)
    _levels: list[_Level] = field(default_factory=list)
    _documents: int = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next event of the parser."""
        mark = event.start_mark
        place = Place(self.name, mark.line + 1 if mark is not None else None)
        match event:
            case yaml.AliasEvent():
                raise Unreadable(Problem(place, self._path(), "aliases (`*name`) are not allowed, write the value out"))
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise Unreadable(Problem(place, (), "expected one document, a second one starts here (`---`)"))
            case yaml.ScalarEvent():
                self._take_scalar(event, place)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._open({} if isinstance(event, yaml.MappingStartEvent) else [], event.tag, place)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._levels.pop()
            case _:
                pass  # starts and ends of the stream and the document carry nothing

    def _path(self) -> KeyPath:
        if not self._levels:
            return ()
        level = self._levels[-1]
        if isinstance(level.value, list):
            return (*level.path, len(level.value))
        return level.path if level.key is None else (*level.path, level.key)

    def _take_scalar(self, event: yaml.ScalarEvent, place: Place) -> None:
        level = self._levels[-1] if self._levels else None
        if level is not None and isinstance(level.value, dict) and level.key is None:
            self._take_key(level, event.value, place)
            return
        path = self._path()
        if event.tag == "!secret":
            self._add(self._secret(event.value, path, place), place)
            self.tree.hidden.add(path)
        elif event.tag == "!input" and self.takes_inputs:
            self._add(InputMark(event.value), place)
        elif event.tag in (None, "!", _TEXT_TAG):
            is_plain = event.implicit[0] and event.tag is None
            self._add(resolve_scalar(event.value) if is_plain else event.value, place)
        else:
            raise Unreadable(_tag_problem(event.tag, path, place))

    def _take_key(self, level: _Level, key: str, place: Place) -> None:
        level.key = key
        level.is_duplicate = key in level.value
        path = (*level.path, key)
        if level.is_duplicate:
            first = self.tree.places[path]
            self.problems.append(Problem(place, path, f"this key was given before, in line {first.line}"))
        else:
            self.tree.places[path] = place

    def _secret(self, name: str, path: KeyPath, place: Place) -> str | None:
        try:
            return self.find_secret(name)
        except KeyError as error:
            self.problems.append(Problem(place, path, str(error.args[0])))
            return None

    def _open(self, value: dict[str, Any] | list[Any], tag: str | None, place: Place) -> None:
        path = self._path()
        if tag is not None:
            raise Unreadable(_tag_problem(tag, path, place))
        if self._levels and isinstance(self._levels[-1].value, dict) and self._levels[-1].key is None:
            raise Unreadable(Problem(place, path, "expected a word as key, came a list or mapping"))
        if len(self._levels) >= MAX_DEPTH:
            raise Unreadable(Problem(place, (), f"expected at most {MAX_DEPTH} levels inside each other, came more"))
        self._add(value, place)
        self._levels.append(_Level(path, value))

    def _add(self, value: Any, place: Place) -> None:
        if not self._levels:
            self.tree.value = value
            self.tree.places[()] = place
            return
        level = self._levels[-1]
        if isinstance(level.value, list):
            self.tree.places[(*level.path, len(level.value))] = place
            level.value.append(value)
        else:
            assert level.key is not None
            if not level.is_duplicate:
                level.value[level.key] = value
            level.key = None


def _decode(content: bytes, name: str) -> str:
    for mark, encoding in _ENCODINGS:
        if content.startswith(mark):
            raise Unreadable(Problem(Place(name), (), f"the file is {encoding}, save it as UTF-8"))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        text = f"expected UTF-8, came byte 0x{content[error.start]:02X}"
        text += "; the file looks like Windows-1251 (ANSI), save it as UTF-8"
        raise Unreadable(Problem(Place(name, line), (), text)) from error


def _tag_problem(tag: str, path: KeyPath, place: Place) -> Problem:
    return Problem(place, path, f"expected a plain value or `!secret name`, came the tag {tag!r}")


def _syntax_problem(error: yaml.MarkedYAMLError, text: str, name: str) -> Problem:
    mark = error.problem_mark or error.context_mark
    number = mark.line if mark is not None else 0
    lines = text.splitlines()
    indent = lines[number][: len(lines[number]) - len(lines[number].lstrip())] if number < len(lines) else ""
    if "\t" in indent or "'\\t'" in str(error.problem):
        return Problem(Place(name, number + 1), (), "a tab in the indent, use spaces")
    words = ", ".join(str(part) for part in (error.context, error.problem) if part)
    return Problem(Place(name, number + 1), (), f"not YAML: {words} (column {mark.column + 1 if mark else 1})")


def _character_problem(error: yaml.YAMLError, text: str, name: str) -> Problem:
    for number, line in enumerate(text.split("\n"), start=1):
        for char in line:
            if (char < " " and char not in "\t\r") or "\x7f" <= char < "\xa0":
                return Problem(Place(name, number), (), f"a control character (U+{ord(char):04X}) in the text")
    return Problem(Place(name), (), f"not YAML: {str(error).splitlines()[0]}")
