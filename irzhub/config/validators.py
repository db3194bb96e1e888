"""What a value may be. Each validator says what it expects and returns the value as the hub uses it.

They raise `voluptuous.Invalid` with what was expected; the loader adds what came and where.
"""

import ipaddress
import re
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import voluptuous as vol

from irzhub.config.cron import WrongCron, check_cron
from irzhub.config.durations import parse_duration, parse_rate

_SIZE: Final = re.compile(r"([0-9]{1,9})(KiB|MiB|GiB)", re.ASCII)
_SIZE_UNITS: Final = {"KiB": 1024, "MiB": 1024**2, "GiB": 1024**3}
KEY_ERROR: Final = "key"


@dataclass(frozen=True, slots=True)
class Text:
    """A text; `pattern` must match the whole of it. A text from the environment is taken as it stands."""

    expected: str = "a text"
    pattern: str = r"(?s).+"
    longest: int = 1000

    def __call__(self, value: Any) -> str:
        if isinstance(value, str) and len(value) <= self.longest and re.fullmatch(self.pattern, value, re.ASCII):
            return value
        hint = ", in quotes" if isinstance(value, int | float) else ""
        raise vol.Invalid(f"expected {self.expected}{hint}")


@dataclass(frozen=True, slots=True)
class Name:
    """A key that the operator chooses; an error is about the key itself, not about what it holds."""

    expected: str
    pattern: str

    def __call__(self, key: Any) -> str:
        if isinstance(key, str) and re.fullmatch(self.pattern, key):
            return key
        raise vol.Invalid(f"expected {self.expected} as key", error_type=KEY_ERROR)


@dataclass(frozen=True, slots=True)
class Number:
    """A whole number from `least` to `most`."""

    least: int
    most: int

    @property
    def expected(self) -> str:
        """What the operator must write."""
        return f"a whole number from {self.least} to {self.most}"

    def __call__(self, value: Any) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and self.least <= value <= self.most:
            return value
        raise vol.Invalid(f"expected {self.expected}")


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false, and nothing that merely looks like it."""

    expected: str = "true or false"

    def __call__(self, value: Any) -> bool:
        if isinstance(value, bool):
            return value
        raise vol.Invalid(f"expected {self.expected}{self._hint(value)}")

    @staticmethod
    def _hint(value: Any) -> str:
        if not isinstance(value, str):
            return ""
        meant = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(value.lower())
        return f" (write {meant})" if meant else ""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    words: tuple[str, ...]

    @property
    def expected(self) -> str:
        """What the operator must write."""
        return " or ".join((", ".join(self.words[:-1]), self.words[-1])) if len(self.words) > 1 else self.words[0]

    def __call__(self, value: Any) -> str:
        if isinstance(value, str) and value in self.words:
            return value
        raise vol.Invalid(f"expected {self.expected}")


@dataclass(frozen=True, slots=True)
class Duration:
    """A duration with its unit, from `least_s` to `most_s`; becomes seconds."""

    least_s: float = 0.0
    most_s: float = 366 * 86400.0
    expected: str = "a duration such as 130s, 10m, 2h or 00:02:10"

    def __call__(self, value: Any) -> float:
        try:
            seconds = parse_duration(value) if isinstance(value, str) else None
        except ValueError:
            seconds = None
        if seconds is None:
            raise vol.Invalid(f"expected {self.expected}")
        if not self.least_s <= seconds <= self.most_s:
            raise vol.Invalid(f"expected a duration from {self.least_s:g}s to {self.most_s:g}s")
        return seconds


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression of five fields, such as `0 3 * * *`."""

    expected: str = "a cron expression such as 0 3 * * *"

    def __call__(self, value: Any) -> str:
        if not isinstance(value, str):
            raise vol.Invalid(f"expected {self.expected}, in quotes")
        try:
            return check_cron(value)
        except WrongCron as error:
            raise vol.Invalid(str(error)) from None


@dataclass(frozen=True, slots=True)
class Size:
    """A number of bytes, plain or with KiB, MiB, GiB."""

    expected: str = "a size such as 16KiB or 64MiB"

    def __call__(self, value: Any) -> int:
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**40:
            return value
        if isinstance(value, str) and (found := _SIZE.fullmatch(value)) is not None:
            return int(found[1]) * _SIZE_UNITS[found[2]]
        raise vol.Invalid(f"expected {self.expected}")


@dataclass(frozen=True, slots=True)
class Rate:
    """So many in a period; becomes the count and the period in seconds."""

    expected: str = "a rate such as 60/min"

    def __call__(self, value: Any) -> tuple[int, float]:
        try:
            return parse_rate(value if isinstance(value, str) else "")
        except ValueError:
            raise vol.Invalid(f"expected {self.expected}") from None


@dataclass(frozen=True, slots=True)
class Zone:
    """A time zone of the IANA list."""

    expected: str = "a time zone such as Europe/Moscow"

    def __call__(self, value: Any) -> str:
        try:
            if isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_+/-]{1,64}", value, re.ASCII):
                return zoneinfo.ZoneInfo(value).key
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            pass  # not in the list, or a path that escapes it: said below
        raise vol.Invalid(f"expected {self.expected}")


@dataclass(frozen=True, slots=True)
class Network:
    """Who may poll: `private`, `any` or a network in CIDR form; `words` are the words that stand for networks."""

    expected: str = "private, any or a network such as 10.0.0.0/8"
    words: tuple[str, ...] = ("private", "any")

    def __call__(self, value: Any) -> str:
        if value in self.words:
            return str(value)
        try:
            if isinstance(value, str):
                return str(ipaddress.ip_network(value))
        except ValueError:
            pass  # said below, in the operator's words
        raise vol.Invalid(f"expected {self.expected}")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A text that another layer can read; `parse` raises `ValueError` when it cannot."""

    expected: str
    parse: Callable[[str], object]
    longest: int = 200

    def __call__(self, value: Any) -> str:
        try:
            if isinstance(value, str) and len(value) <= self.longest:
                self.parse(value)
                return value
        except ValueError:
            pass  # said below, in the operator's words
        raise vol.Invalid(f"expected {self.expected}")


@dataclass(frozen=True, slots=True)
class OrWord:
    """Another validator's value, or a word that stands for a value of its own (`auto`, `never`)."""

    word: str
    meaning: Any
    other: Callable[[Any], Any]

    @property
    def expected(self) -> str:
        """What the operator must write."""
        return f"{self.word} or {describe(self.other)}"

    def __call__(self, value: Any) -> Any:
        if value == self.word and isinstance(value, str):
            return self.meaning
        try:
            return self.other(value)
        except vol.MultipleInvalid:
            raise  # a list or mapping knows best which of its parts is wrong
        except vol.Invalid:
            raise vol.Invalid(f"expected {self.expected}") from None


@dataclass(frozen=True, slots=True)
class OrNull:
    """Another validator's value, or null."""

    other: Callable[[Any], Any]

    @property
    def expected(self) -> str:
        """What the operator must write."""
        return f"{describe(self.other)}, or null"

    def __call__(self, value: Any) -> Any:
        return None if value is None else self.other(value)


@dataclass(frozen=True, slots=True)
class Items:
    """A list of at least `least` values; becomes a tuple."""

    item: Any
    least: int = 0
    noun: str = "values"

    @property
    def expected(self) -> str:
        """What the operator must write."""
        return f"a list of {self.noun}"

    def __call__(self, value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list) or len(value) < self.least:
            raise vol.Invalid(f"expected {self.expected}" + (f", at least {self.least}" if self.least else ""))
        # voluptuous gives up at the first wrong item; an operator wants to hear of all of them.
        schema, items, errors = vol.Schema(self.item), [], []
        for position, each in enumerate(value):
            try:
                items.append(schema(each))
            except vol.MultipleInvalid as error:
                error.prepend([position])
                errors += error.errors
        if errors:
            raise vol.MultipleInvalid(errors)
        return tuple(items)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values that somebody else judges, such as those of an integration."""

    expected: str = "a mapping of settings"

    def __call__(self, value: Any) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        raise vol.Invalid(f"expected {self.expected}")


def describe(validator: Any) -> str:
    """Return in words what a validator expects."""
    return str(getattr(validator, "expected", "a mapping"))


HOST: Final = Text("a host name or address", r"[0-9A-Za-z_.:%-]{1,253}", 253)
ADDRESS: Final = Text("an address of this machine, such as 0.0.0.0", r"[0-9A-Za-z_.:%-]{1,253}", 253)
PORT: Final = Number(1, 65535)
