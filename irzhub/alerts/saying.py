"""What the hub says of its troubles, known again: its code, what varies in it, and the same in Russian.

Parts, channels and rules say in English what is wrong, and so it is kept, logged and told to programs. Who shows it to
people finds here which saying it is. Sayings stand in each other (`part 2 of 3: no network`), behind the name of what
they are about (`main: no network`), and beside each other (`a; b`). Texts of libraries and of other programs have no
saying: they stay as they came.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Final

_PLACE: Final = re.compile(r"\{([a-z_]+)(?::([dw]))?\}")
_KINDS: Final = {None: r".+?", "d": r"-?[0-9][0-9.]*", "w": r"\S+"}
_LONGEST: Final = 600
_DEEPEST: Final = 4
_KEPT: Final = 4096
SEVERAL: Final = "several"
"""The code of sayings that stand beside each other."""


@dataclass(frozen=True, slots=True)
class Saying:
    """One thing that is said.

    Args:
        code: its name, for pages and programs.
        english: as it is made, with `{place}` for what varies: any text; `{place:d}` a number, `{place:w}` one word.
        russian: the same for people, with places of the same names.
    """

    code: str
    english: str
    russian: str


@dataclass(frozen=True, slots=True)
class Said:
    """A text that is known: the code of its saying, what stood in its places, and about what it was said, if named."""

    code: str
    values: Mapping[str, str] = field(default_factory=dict)
    russian: str = ""


class Sayings:
    """Knows a table of sayings; what is asked again is answered from memory."""

    def __init__(self, sayings: Iterable[Saying]) -> None:
        # The more of a saying is fixed, the surer it is: `a text such as {example}` goes before `{what} such as {x}`.
        rows = sorted(sayings, key=lambda each: -len(_PLACE.sub("", each.english)))
        self._rows = tuple((_pattern(each.english), each) for each in rows)
        self.know = lru_cache(maxsize=_KEPT)(self._know)

    def words(self, text: str, language: str) -> str:
        """Return a text in a language; what has no words in it stays as it came."""
        if language != "ru" or (said := self.know(text)) is None:
            return text
        return said.russian

    def _know(self, text: str, depth: int = 0) -> Said | None:
        """Return what a text says, None where no saying is known for it."""
        if not text or len(text) > _LONGEST or depth > _DEEPEST:
            return None
        for pattern, saying in self._rows:
            if (found := pattern.fullmatch(text)) is not None:
                return self._said(saying, found.groupdict(), depth)
        return self._several(text, depth) or self._named(text, depth)

    def _said(self, saying: Saying, values: Mapping[str, str], depth: int) -> Said:
        inner = {name: self._inner(value, depth) for name, value in values.items()}
        russian = _PLACE.sub(lambda place: inner.get(place[1], place[0]), saying.russian)
        return Said(saying.code, MappingProxyType(dict(values)), russian)

    def _several(self, text: str, depth: int) -> Said | None:
        parts = text.split("; ")
        known = [self._know(each, depth + 1) for each in parts] if len(parts) > 1 else []
        if not any(known):
            return None
        told = [part if said is None else said.russian for part, said in zip(parts, known, strict=True)]
        return Said(SEVERAL, MappingProxyType({}), "; ".join(told))

    def _named(self, text: str, depth: int) -> Said | None:
        name, between, rest = text.partition(": ")
        said = self._know(rest, depth + 1) if between else None
        if said is None:
            return None
        return Said(said.code, MappingProxyType({"about": name, **said.values}), f"{name}: {said.russian}")

    def _inner(self, value: str, depth: int) -> str:
        said = self._know(value, depth + 1)
        return value if said is None else said.russian


def _pattern(english: str) -> "re.Pattern[str]":
    written, at = "", 0
    for place in _PLACE.finditer(english):
        written += f"{re.escape(english[at : place.start()])}(?P<{place[1]}>{_KINDS[place[2]]})"
        at = place.end()
    return re.compile(written + re.escape(english[at:]), re.DOTALL | re.ASCII)
