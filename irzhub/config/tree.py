"""Values as they were written, and where each of them was written."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from irzhub.core.printable import printable

KeyPath: TypeAlias = tuple[str | int, ...]
"""Where a value stands: the keys and list positions that lead to it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the operator wrote something: a file and its line, a variable, or the command line."""

    source: str
    line: int | None = None

    def __str__(self) -> str:
        return self.source if self.line is None else f"{self.source}, line {self.line}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that the operator must change; `path` is empty when it is about the file as a whole."""

    place: Place
    path: KeyPath
    text: str

    def __str__(self) -> str:
        key = f"{show_path(self.path)}: " if self.path else ""
        return printable(f"{self.place}: {key}{self.text}")


@dataclass(slots=True)
class Tree:
    """What was written: plain values, the place of each, and the paths whose values are secret."""

    value: Any = None
    places: dict[KeyPath, Place] = field(default_factory=dict)
    hidden: set[KeyPath] = field(default_factory=set)

    def place(self, path: KeyPath) -> Place | None:
        """Return where `path`, or the nearest thing around it, was written; None when nothing of it was."""
        for size in range(len(path), 0, -1):
            if (found := self.places.get(path[:size])) is not None:
                return found
        return self.places.get(())

    def is_hidden(self, path: KeyPath) -> bool:
        """Whether the value at `path` or around it came from a secret and must not be shown."""
        return any(path[:size] in self.hidden for size in range(len(path) + 1))

    def overlay(self, path: KeyPath, other: "Tree") -> None:
        """Lay `other` over what stands at `path`: mappings are merged, everything else is replaced."""
        self._put(path, other.value)
        if (start := other.places.get(())) is not None:
            for size in range(1, len(path)):
                self.places.setdefault(path[:size], start)
        for inner, place in other.places.items():
            self.places[path + inner] = place
        self.hidden.update(path + inner for inner in other.hidden)

    def _put(self, path: KeyPath, value: Any) -> None:
        if isinstance(value, dict) and value:
            for key, inner in value.items():
                self._put((*path, key), inner)
            return
        if not path:
            return
        node = self.value = self.value if isinstance(self.value, dict) else {}
        for key in path[:-1]:
            if not isinstance(node.get(key), dict):
                node[key] = {}
            node = node[key]
        if not (isinstance(value, dict) and isinstance(node.get(path[-1]), dict)):
            node[path[-1]] = value
            self._forget(path)

    def _forget(self, path: KeyPath) -> None:
        for known in [each for each in self.places if each[: len(path)] == path]:
            del self.places[known]
        self.hidden = {each for each in self.hidden if each[: len(path)] != path}


def find_value(value: Any, path: KeyPath) -> Any:
    """Return what stands at `path` in plain values, None where nothing does."""
    for key in path:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            return None
    return value


def show_path(path: KeyPath) -> str:
    """Return a path as people write it: `relay.polling.pools[0].first`."""
    return "".join(_parts(path))


def _parts(path: KeyPath) -> Iterator[str]:
    for position, key in enumerate(path):
        if isinstance(key, int):
            yield f"[{key}]"
        else:
            yield f".{key}" if position else key
