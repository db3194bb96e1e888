"""The libraries that the hub is made with, their versions and licences, as installed here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from typing import Final

_NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
_CLASSIFIER: Final = "License :: "
_LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class LibraryFacts:
    """One library; an empty licence is one that it does not name."""

    name: str
    version: str
    licence: str


@cache
def libraries() -> tuple[LibraryFacts, ...]:
    """Return the libraries that the hub itself asks for, by name; none where it is not installed as a package."""
    return tuple(sorted(_found(), key=lambda library: library.name.lower()))


def _found() -> Iterator[LibraryFacts]:
    try:
        wanted = metadata.requires("irzhub") or []
    except metadata.PackageNotFoundError:
        return
    for name in sorted({found[0] for text in wanted if "extra ==" not in text and (found := _NAME.match(text))}):
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:  # of another platform
            continue
        yield LibraryFacts(name, metadata.version(name), _licence(about))


def _licence(about: metadata.PackageMetadata) -> str:
    if expression := _first(about, "License-Expression"):
        return expression
    named = [each.rpartition(" :: ")[2] for each in about.get_all("Classifier") or () if each.startswith(_CLASSIFIER)]
    if named:
        return ", ".join(named)
    return _first(about, "License").strip().partition("\n")[0][:_LONGEST]


def _first(about: metadata.PackageMetadata, name: str) -> str:
    return str(next(iter(about.get_all(name) or ()), ""))
