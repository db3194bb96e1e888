"""The filters and tests that templates of rules may use, each bounded in what it makes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, Final

from jinja2.runtime import Undefined

from irzhub.automation.words import duration_words
from irzhub.core.clock import parse_time

LONGEST_TEXT: Final = 20_000


class TemplateFailed(Exception):
    """A template that could not be rendered with the values it was given; says why."""


def short(value: Any) -> Any:
    """Return a value unless it is a text that is too long.

    Raises:
        TemplateFailed: it is.
    """
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        raise TemplateFailed(f"a text grows longer than {LONGEST_TEXT} characters")
    return value


def written(value: Any) -> str:
    """Return a value as it stands in a text: whole, and never longer than a text may be."""
    if isinstance(value, Mapping | list | tuple):
        raise TemplateFailed("expected one value to show, came several: name one of them, or use `| join`")
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(short("" if value is None else str(value)))


def local_time(value: Any, pattern: str = "%d.%m.%Y %H:%M:%S", *, zone: tzinfo) -> str:
    """Return a time on the clock of a zone."""
    if isinstance(value, str):
        try:
            value = parse_time(value)
        except ValueError as error:
            raise TemplateFailed(str(error)) from None
    if not isinstance(value, datetime):
        raise TemplateFailed("`local` takes a time such as trigger.ts")
    if len(pattern) > 100:
        raise TemplateFailed("the pattern of `local` is too long")
    return value.astimezone(zone).strftime(pattern)


def duration(value: Any, *, language: str) -> str:
    """Return a number of seconds as people say it."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TemplateFailed("`duration` takes a number of seconds")
    return duration_words(float(value), language)


def _default(value: Any, other: Any = "", boolean: bool = False) -> Any:  # Jinja2's own order
    is_missing = isinstance(value, Undefined) or value is None or (boolean and not value)
    return other if is_missing else value


def join_texts(value: Any, between: str = ", ") -> str:
    """Return the texts of a list, with another one between them."""
    parts, total = [], 0
    for each in as_list(value):
        part = written(each)
        total += len(part) + len(between)
        if total > LONGEST_TEXT:
            raise TemplateFailed(f"a text grows longer than {LONGEST_TEXT} characters")
        parts.append(part)
    return between.join(parts)


def as_list(value: Any) -> Sequence[Any]:
    """Return what a loop runs over.

    Raises:
        TemplateFailed: it is no list.
    """
    if isinstance(value, Undefined):
        str(value)  # raises, with the name that is missing
    if isinstance(value, list | tuple):
        return value
    if isinstance(value, Mapping):
        return list(value)
    raise TemplateFailed("expected a list")


def _replace(value: Any, old: str, new: str) -> str:
    text = written(value)
    old, new = str(old), str(new)
    if len(text) + text.count(old) * (len(new) - len(old)) > LONGEST_TEXT:
        raise TemplateFailed(f"a text grows longer than {LONGEST_TEXT} characters")
    return text.replace(old, new)


def _truncate(value: Any, length: Any = 160, end: Any = "…") -> str:
    text = written(value)
    if not isinstance(length, int) or not isinstance(end, str) or length < len(end):
        raise TemplateFailed("`truncate` takes a length, and a text for the end")
    return text if len(text) <= length else text[: length - len(end)] + end


def _number(value: Any) -> float | int:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and len(value) <= 40 and value.isascii() and "_" not in value:
        try:
            return float(value)
        except ValueError:
            pass  # said below
    raise TemplateFailed(f"expected a number, came {str(value)[:40]!r}")


def _round(value: Any, digits: Any = 0) -> float | int:
    number = _number(value)
    if not isinstance(digits, int) or not 0 <= digits <= 10 or number != number or abs(number) > 1e15:
        raise TemplateFailed("`round` takes a number and how many digits to keep, up to 10")
    return round(number, digits) if digits else round(number)


def _whole(value: Any) -> int:
    number = _number(value)
    if number != number or abs(number) > 1e15:
        raise TemplateFailed("`int` takes a number")
    return int(number)


FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "default": _default,
    "d": _default,
    "upper": lambda value: written(value).upper(),
    "lower": lambda value: written(value).lower(),
    "capitalize": lambda value: written(value).capitalize(),
    "trim": lambda value: written(value).strip(),
    "string": written,
    "join": join_texts,
    "replace": _replace,
    "truncate": _truncate,
    "round": _round,
    "int": _whole,
    "float": lambda value: float(_number(value)),
    "abs": lambda value: abs(_number(value)),
    "length": lambda value: len(value) if isinstance(value, str) else len(as_list(value)),
    "count": lambda value: len(value) if isinstance(value, str) else len(as_list(value)),
    "first": lambda value: next(iter(as_list(value)), ""),
    "last": lambda value: next(iter(reversed(as_list(value))), ""),
    "sort": lambda value: sorted(as_list(value), key=written),
}
TESTS: Final = ("defined", "undefined", "none", "number", "string", "odd", "even", "in")
