"""JSON from outside, read without the liberties that Python's reader takes."""

import json
import re
from typing import Any, Final, NoReturn

DEPTH_LIMIT: Final = 16
_DIGITS_LIMIT: Final = 20
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class BadJson(ValueError):
    """The text is no JSON that we take; the message says why."""


def parse_json(raw: bytes) -> Any:
    """Return the value that UTF-8 JSON says.

    Refused besides what is no JSON: a name twice in one object, NaN and infinities, whole numbers of more than
    20 digits, nesting deeper than 16, lone surrogates (they cannot be stored).

    Raises:
        BadJson: it is refused.
    """
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadJson(f"expected UTF-8, byte {error.start} is not") from None
    _check_depth(text)
    try:
        value = json.loads(text, object_pairs_hook=_no_duplicates, parse_constant=_no_constant, parse_int=_short_int)
    except json.JSONDecodeError as error:
        raise BadJson(f"{error.msg} at line {error.lineno} column {error.colno}") from None
    _check_text(value)
    return value


def _check_depth(text: str) -> None:
    # Counted before the parser recurses; brackets within strings are left out.
    depth, in_string, escaped = 0, False, False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            if depth > DEPTH_LIMIT:
                raise BadJson(f"nested deeper than {DEPTH_LIMIT} levels")
        elif character in "]}":
            depth -= 1


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise BadJson(f"the name {name!r} stands twice in one object")
        found[name] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise BadJson(f"{name} is no JSON number")


def _short_int(digits: str) -> int:
    if len(digits.removeprefix("-")) > _DIGITS_LIMIT:
        raise BadJson(f"a whole number of more than {_DIGITS_LIMIT} digits")
    return int(digits)


def _check_text(value: Any) -> None:
    if isinstance(value, str):
        if _SURROGATE.search(value):
            raise BadJson("half of a surrogate pair")
    elif isinstance(value, dict):
        for name, each in value.items():
            _check_text(name)
            _check_text(each)
    elif isinstance(value, list):
        for each in value:
            _check_text(each)
    elif isinstance(value, float) and value in (float("inf"), float("-inf")):
        raise BadJson("a number too large")
