"""Shapes that hold others: lists, records, and records of several kinds under one key."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from irzhub.automation.shape import Complaints, Schema, Shape
from irzhub.config.tree import KeyPath


@dataclass(frozen=True, slots=True)
class Items:
    """A list; becomes a tuple. With `may_be_one` a single value may stand without the list."""

    item: Shape
    noun: str
    least: int = 0
    most: int = 1000
    may_be_one: bool = False

    @property
    def expected(self) -> str:
        return f"{self.item.expected}, or a list of them" if self.may_be_one else f"a list of {self.noun}"

    def read(self, value: Any, path: KeyPath, complaints: Complaints) -> Any:
        if self.may_be_one and not isinstance(value, list):
            return (self.item.read(value, path, complaints),)
        if not isinstance(value, list):
            complaints.expect(path, f"{self.expected}, each begins with `- `", value)
            return ()
        if not self.least <= len(value) <= self.most:
            complaints.say(path, f"expected {self.least} to {self.most} {self.noun}, came {len(value)}")
            return ()
        return tuple(self.item.read(each, (*path, number), complaints) for number, each in enumerate(value))

    def schema(self) -> Schema:
        items = {"type": "array", "items": self.item.schema(), "minItems": self.least, "maxItems": self.most}
        return {"anyOf": [self.item.schema(), items]} if self.may_be_one else items


@dataclass(frozen=True, slots=True)
class Key:
    """A key of a record. `into` is the argument that `build` gets it as, by default the key's own name."""

    shape: Shape
    is_required: bool = False
    into: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A mapping with known keys; `build` makes of them what the engine uses, left-out keys are its own defaults.

    Args:
        check: says what is wrong with the keys together, None when nothing is.
    """

    noun: str
    keys: Mapping[str, Key]
    build: Callable[..., Any]
    check: Callable[[Mapping[str, Any]], str | None] = lambda _values: None

    @property
    def expected(self) -> str:
        return f"{self.noun}: a mapping with {', '.join(self.keys)}"

    def read(self, value: Any, path: KeyPath, complaints: Complaints) -> Any:
        if not isinstance(value, dict):
            complaints.expect(path, self.expected, value)
            return None
        before = len(complaints.found)
        values: dict[str, Any] = {}
        for key, written in value.items():
            if (known := self.keys.get(key)) is None:
                complaints.say((*path, key), f"unknown key; {_hint(key, tuple(self.keys))}")
            else:
                values[known.into or key] = known.shape.read(written, (*path, key), complaints)
        for key, known in self.keys.items():
            if known.is_required and key not in value:
                complaints.say(path, f"expected the key `{key}` too ({known.shape.expected}), it is missing")
        if len(complaints.found) > before:
            return None
        if (wrong := self.check(values)) is not None:
            complaints.say(path, wrong)
            return None
        return self.build(**values)

    def schema(self) -> Schema:
        return {
            "type": "object",
            "properties": {name: key.shape.schema() for name, key in self.keys.items()},
            "required": [name for name, key in self.keys.items() if key.is_required],
            "additionalProperties": False,
        }


@dataclass(frozen=True, slots=True)
class Tagged:
    """A mapping whose key `tag` says which record it is."""

    tag: str
    records: Mapping[str, Record]
    name: str

    @property
    def expected(self) -> str:
        return f"a mapping with `{self.tag}`: {', '.join(self.records)}"

    def read(self, value: Any, path: KeyPath, complaints: Complaints) -> Any:
        if not isinstance(value, dict) or self.tag not in value:
            complaints.expect(path, self.expected, value)
            return None
        word = value[self.tag]
        if not isinstance(word, str) or (record := self.records.get(word)) is None:
            known = tuple(self.records)
            near = difflib.get_close_matches(word, known, 1) if isinstance(word, str) else []
            hint = f" (did you mean `{near[0]}`?)" if near else ""
            complaints.expect((*path, self.tag), f"{', '.join(known)}{hint}", word)
            return None
        return record.read({key: inner for key, inner in value.items() if key != self.tag}, path, complaints)

    def schema(self) -> Schema:
        return {"$ref": f"#/$defs/{self.name}"}

    def definition(self) -> Schema:
        """Return what the reference of `schema` stands for."""
        return {"oneOf": [self._variant(word, record.schema()) for word, record in self.records.items()]}

    def _variant(self, word: str, schema: Schema) -> Schema:
        properties = {self.tag: {"const": word}, **schema["properties"]}
        return {**schema, "properties": properties, "required": [self.tag, *schema["required"]]}


@dataclass(slots=True)
class Later:
    """A shape that holds itself: it is filled in once all of it is there."""

    shape: Tagged | None = None

    def _known(self) -> Tagged:
        assert self.shape is not None
        return self.shape

    @property
    def expected(self) -> str:
        return self._known().expected

    def read(self, value: Any, path: KeyPath, complaints: Complaints) -> Any:
        return self._known().read(value, path, complaints)

    def schema(self) -> Schema:
        return self._known().schema()


def _hint(key: Any, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(str(key), known, 1)
    return f"did you mean `{near[0]}`?" if near else f"known here: {', '.join(known)}"
