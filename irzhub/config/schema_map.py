"""The schema as a list of keys: which there are, and what the environment and the docs must know of each."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import voluptuous as vol

from irzhub.config.schema import ROOT
from irzhub.config.schema_keys import About
from irzhub.config.tree import KeyPath
from irzhub.config.validators import Items, OrNull, OrWord, Text, describe


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """One key: where it stands, what it is for, what it takes and what it is by default.

    `is_text`: its value is a text as it stands. `is_section`: it holds further keys.
    """

    path: KeyPath
    about: About
    expected: str
    default: Any
    is_required: bool
    is_text: bool
    is_nullable: bool
    is_secret: bool
    is_section: bool


@dataclass(frozen=True, slots=True)
class KeyIndex:
    """Keys by their path; list positions stand as `0`."""

    keys: Mapping[KeyPath, KeyFacts]

    def find(self, path: KeyPath) -> KeyFacts | None:
        """Return the key at `path`, None when there is none."""
        return self.keys.get(path)

    def known(self, path: KeyPath) -> list[str]:
        """Return the names of the keys that the mapping at `path` may have."""
        depth = len(path)
        general: KeyPath = tuple(0 if isinstance(part, int) else part for part in path)
        return [str(each[depth]) for each in self.keys if len(each) == depth + 1 and each[:depth] == general]

    def beside(self, others: Mapping[KeyPath, KeyFacts]) -> "KeyIndex":
        """Return these keys and further ones."""
        return KeyIndex({**self.keys, **others})


@cache
def hub_keys() -> KeyIndex:
    """Return the keys of the hub itself, those of no integration."""
    return KeyIndex(keys_below(ROOT, ()))


def keys_below(schema: dict[Any, Any], path: KeyPath) -> dict[KeyPath, KeyFacts]:
    """Return the keys of a schema that stands at `path`, in its order."""
    return {facts.path: facts for facts in _walk(schema, path)}


def find_key(path: KeyPath) -> KeyFacts | None:
    """Return the key at `path`, None when the schema has none there."""
    return hub_keys().find(path)


def known_keys(path: KeyPath) -> list[str]:
    """Return the names of the keys that the mapping at `path` may have; list positions stand as `0`."""
    return hub_keys().known(path)


def all_keys() -> list[KeyFacts]:
    """Return every key in the order of the schema; those inside lists stand under position 0."""
    return list(hub_keys().keys.values())


def _walk(schema: dict[Any, Any], path: KeyPath) -> Iterator[KeyFacts]:
    for marker, validator in schema.items():
        if not isinstance(marker, vol.Marker):
            continue  # a free name, such as that of a contact
        here: KeyPath = (*path, str(marker.schema))
        about, inner = marker.description, _inner(validator)
        assert isinstance(about, About), f"the key {here} says nothing about itself"
        is_section = isinstance(validator, dict)
        yield KeyFacts(
            path=here,
            about=about,
            expected="" if is_section else describe(validator),
            default=marker.default() if isinstance(marker, vol.Optional) and callable(marker.default) else None,
            is_required=isinstance(marker, vol.Required),
            is_text=isinstance(_core(validator), Text),
            is_nullable=isinstance(validator, OrNull),
            is_secret=about.is_secret,
            is_section=is_section,
        )
        if inner is not None:
            yield from _walk(inner, here if is_section or isinstance(validator, OrNull) else (*here, 0))


def _core(validator: Any) -> Any:
    while isinstance(validator, OrNull | OrWord):
        validator = validator.other
    return validator


def _inner(validator: Any) -> dict[Any, Any] | None:
    core = _core(validator)
    if isinstance(core, Items):
        core = core.item
    if isinstance(core, vol.Schema):
        core = core.schema
    return core if isinstance(core, dict) else None
