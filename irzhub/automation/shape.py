"""The shape of what operators write: one description that validates, builds and tells editors (JSON Schema).

A shape reads a plain value at a path, complains of what is wrong with it (all of it, not the first thing), and
returns what the engine uses. What it returns after a complaint is of no use: ask `Complaints.is_clean` first.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from irzhub.automation.templates import TemplateRefused, check_template
from irzhub.config.durations import parse_duration
from irzhub.config.tree import KeyPath

Schema = dict[str, Any]
_SHOWN: Final = 60


@dataclass(slots=True)
class Complaints:
    """What is wrong, and where; at most `limit` of it, as nobody reads more.

    Args:
        is_hidden: says whether the value at a path is a secret, which must not be shown.
    """

    limit: int = 200
    is_hidden: Callable[[KeyPath], bool] = lambda _path: False
    found: list[tuple[KeyPath, str]] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong so far."""
        return not self.found

    def say(self, path: KeyPath, text: str) -> None:
        """Note what is wrong at a path."""
        if len(self.found) < self.limit:
            self.found.append((path, text))

    def expect(self, path: KeyPath, expected: str, value: Any) -> None:
        """Note that something else came than was expected."""
        self.say(path, f"expected {expected}, came {'a secret' if self.is_hidden(path) else show(value)}")


def show(value: Any) -> str:
    """Return a value as a message shows it, short."""
    if isinstance(value, dict | list):
        return "a mapping" if isinstance(value, dict) else "a list"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


class Shape(Protocol):
    """What a value may be."""

    @property
    def expected(self) -> str:
        """What the operator must write, in words."""

    def read(self, value: Any, path: KeyPath, complaints: Complaints) -> Any:
        """Return the value as the engine uses it."""

    def schema(self) -> Schema:
        """Return it as JSON Schema."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text; `pattern` must match the whole of it."""

    expected: str = "a text"
    pattern: str = r"(?s).+"
    longest: int = 1000

    def read(self, value: Any, path: KeyPath, complaints: Complaints) -> Any:
        if isinstance(value, str) and len(value) <= self.longest and re.fullmatch(self.pattern, value, re.ASCII):
            return value
        hint = ", in quotes" if isinstance(value, int | float) else ""
        complaints.expect(path, self.expected + hint, value)
        return ""

    def schema(self) -> Schema:
        is_any = self.pattern.startswith("(?s)")
        return {"type": "string", "maxLength": self.longest} | ({} if is_any else {"pattern": f"^(?:{self.pattern})$"})


@dataclass(frozen=True, slots=True)
class Template:
    """A text in which `{{ ... }}` stands for values."""

    longest: int = 8000
    expected: str = "a text, with {{ ... }} where values are to stand"

    def read(self, value: Any, path: KeyPath, complaints: Complaints) -> Any:
        if not isinstance(value, str) or len(value) > self.longest:
            complaints.expect(path, self.expected + (", in quotes" if isinstance(value, int | float) else ""), value)
            return ""
        try:
            return check_template(value)
        except TemplateRefused as error:
            complaints.say(path, str(error))
            return ""

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": self.longest}


@dataclass(frozen=True, slots=True)
class Number:
    """A number from `least` to `most`; a whole one unless `is_float`."""

    least: float
    most: float
    is_float: bool = False

    @property
    def expected(self) -> str:
        return f"a {'' if self.is_float else 'whole '}number from {self.least:g} to {self.most:g}"

    def read(self, value: Any, path: KeyPath, complaints: Complaints) -> Any:
        kinds = int | float if self.is_float else int
        if isinstance(value, kinds) and not isinstance(value, bool) and self.least <= value <= self.most:
            return float(value) if self.is_float else value
        complaints.expect(path, self.expected, value)
        return self.least

    def schema(self) -> Schema:
        return {"type": "number" if self.is_float else "integer", "minimum": self.least, "maximum": self.most}


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false, and nothing that merely looks like it."""

    expected: str = "true or false"

    def read(self, value: Any, path: KeyPath, complaints: Complaints) -> Any:
        if not isinstance(value, bool):
            complaints.expect(path, self.expected, value)
        return bool(value)

    def schema(self) -> Schema:
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words; `values` gives another value for some of them."""

    words: tuple[str, ...]
    values: Mapping[str, Any] = field(default_factory=dict)
    ignores_case: bool = False

    @property
    def expected(self) -> str:
        return " or ".join((", ".join(self.words[:-1]), self.words[-1])) if len(self.words) > 1 else self.words[0]

    def read(self, value: Any, path: KeyPath, complaints: Complaints) -> Any:
        word = value.lower() if self.ignores_case and isinstance(value, str) else value
        if isinstance(word, str) and word in self.words:
            return self.values.get(word, word)
        hint = " (in quotes)" if isinstance(value, bool) else ""
        complaints.expect(path, self.expected + hint, value)
        return self.words[0]

    def schema(self) -> Schema:
        words = [*self.words, *(word.upper() for word in self.words)] if self.ignores_case else list(self.words)
        return {"enum": words}


@dataclass(frozen=True, slots=True)
class Duration:
    """A duration with its unit; becomes seconds. `off` may stand for none."""

    least_s: float = 0.0
    most_s: float = 31 * 86400.0
    may_be_off: bool = False

    @property
    def expected(self) -> str:
        return "a duration such as 30s, 10m, 2h or 00:02:10" + (", or off" if self.may_be_off else "")

    def read(self, value: Any, path: KeyPath, complaints: Complaints) -> Any:
        if self.may_be_off and value == "off":
            return 0.0
        try:
            seconds = parse_duration(value) if isinstance(value, str) else None
        except ValueError:
            seconds = None
        if seconds is None:
            complaints.expect(path, self.expected, value)
        elif not self.least_s <= seconds <= self.most_s:
            complaints.expect(path, f"a duration from {self.least_s:g}s to {self.most_s:g}s", value)
        return seconds or 0.0

    def schema(self) -> Schema:
        pattern = r"[0-9]{1,9}(\.[0-9]{1,3})?(ms|s|m|h|d)|[0-9]{1,4}:[0-5][0-9]:[0-5][0-9]"
        return {"type": "string", "pattern": f"^({pattern}{'|off' if self.may_be_off else ''})$"}


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text that `parse` reads; it raises `ValueError` when it cannot."""

    expected: str
    parse: Callable[[str], Any]
    longest: int = 200

    def read(self, value: Any, path: KeyPath, complaints: Complaints) -> Any:
        if isinstance(value, str) and len(value) <= self.longest:
            try:
                return self.parse(value)
            except ValueError as error:
                text = str(error)
                if text.startswith("expected "):
                    complaints.expect(path, text.removeprefix("expected "), value)
                    return None
        complaints.expect(path, self.expected + (", in quotes" if isinstance(value, int | float) else ""), value)
        return None

    def schema(self) -> Schema:
        return {"type": "string", "maxLength": self.longest, "description": self.expected}


@dataclass(frozen=True, slots=True)
class Anything:
    """A value that somebody else judges: plain JSON, texts in it are templates."""

    expected: str = "a value"
    longest: int = 8000

    def read(self, value: Any, path: KeyPath, complaints: Complaints) -> Any:
        text = Template(self.longest)
        match value:
            case str():
                return text.read(value, path, complaints)
            case dict():
                return {key: self.read(inner, (*path, key), complaints) for key, inner in value.items()}
            case list():
                return [self.read(inner, (*path, number), complaints) for number, inner in enumerate(value)]
            case _:
                return value

    def schema(self) -> Schema:
        return {}


@dataclass(frozen=True, slots=True)
class Named:
    """Names and values; becomes a dict."""

    expected: str = "a mapping of names and values"
    pattern: str = r"[A-Za-z][A-Za-z0-9_]{0,39}(?<!_)"

    def read(self, value: Any, path: KeyPath, complaints: Complaints) -> Any:
        if not isinstance(value, dict):
            complaints.expect(path, self.expected, value)
            return {}
        for key in value:
            if not re.fullmatch(self.pattern, key, re.ASCII):
                complaints.say((*path, key), "expected a name of Latin letters, digits and _ inside")
        return Anything().read(value, path, complaints)

    def schema(self) -> Schema:
        return {"type": "object"}
