"""The tree of groups: a group is a path of names with `/` between, such as `North/Boilers`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

SEPARATOR: Final = "/"
DEEPEST: Final = 8
LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class GroupMoved:
    """For the bus: a group is called `new` now, with all below it."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class GroupDeleted:
    """For the bus: a group is no more, with all below it."""

    path: str


def normal_path(text: str) -> str:
    """Return a path as it is kept: no spaces around its names, no empty names; an empty text is no group.

    Raises:
        ValueError: it has more than `DEEPEST` names or `LONGEST` characters.
    """
    names = [name for part in text.split(SEPARATOR) if (name := part.strip())]
    path = SEPARATOR.join(names)
    if len(names) > DEEPEST or len(path) > LONGEST:
        raise ValueError(f"expected a group of at most {DEEPEST} names and {LONGEST} characters")
    return path


def lineage(path: str) -> Iterator[str]:
    """Give the groups that a path lies in, from the outermost to itself; none for no group."""
    end = path.find(SEPARATOR)
    while end >= 0:
        yield path[:end]
        end = path.find(SEPARATOR, end + 1)
    if path:
        yield path


def parent_of(path: str) -> str:
    """Return the group that a group lies in; an empty text for an outermost one."""
    return path.rpartition(SEPARATOR)[0]


def is_within(path: str, group: str) -> bool:
    """Say whether `path` is `group` or lies anywhere below it."""
    return path == group or (path.startswith(group) and path[len(group) : len(group) + 1] == SEPARATOR)


def moved(path: str, old: str, new: str) -> str:
    """Return what `path`, which is `old` or lies below it, is called once `old` is called `new`.

    Raises:
        ValueError: the new path is too long or too deep.
    """
    return normal_path(new + path[len(old) :])
