"""Filter, order and pages of the list of modems.

A page begins behind a place (the last row's sort value and id), not at a count, so rows that come and go
meanwhile neither repeat nor hide others.
"""

import base64
import binascii
import bisect
import fnmatch
import functools
import json
import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from irzhub.core.clock import format_time
from irzhub.core.groups import lineage
from irzhub.core.state import ModemState
from irzhub.web.modem_json import is_stale
from irzhub.web.problem import FieldError, Problem
from irzhub.web.search import plain_text

Value: TypeAlias = str | int | None
Test: TypeAlias = Callable[[ModemState], bool]

READ: Final[dict[str, Callable[[ModemState], Value]]] = {
    "modem": lambda state: state.modem,
    "imei": lambda state: state.imei,
    "channel": lambda state: state.channel,
    "name": lambda state: state.name.casefold(),
    "group": lambda state: state.group.casefold(),
    "organisation": lambda state: state.organisation or None,
    "site": lambda state: state.site or None,
    "comment": lambda state: state.comment.casefold(),
    "phone_sim1": lambda state: state.phone_sim1 or None,
    "phone_sim2": lambda state: state.phone_sim2 or None,
    "commissioning": lambda state: _word(state.commissioning),
    "state": lambda state: state.link,
    "stale": lambda state: _word(is_stale(state)),
    "port": lambda state: state.port,
    "clients": lambda state: state.clients,
    "model": lambda state: state.model,
    "firmware": lambda state: state.firmware,
    "sim": lambda state: state.sim,
    "iccid": lambda state: state.iccid,
    "csq": lambda state: state.csq,
    "rssi_dbm": lambda state: state.rssi_dbm,
    "temperature_c": lambda state: state.temperature_c,
    "cell": lambda state: None if state.cell is None else str(state.cell),
    "rx_bytes": lambda state: state.rx_bytes,
    "tx_bytes": lambda state: state.tx_bytes,
    "last_seen": lambda state: None if state.last_seen is None else format_time(state.last_seen),
    "observed_at": lambda state: None if state.observed_at is None else format_time(state.observed_at),
    "registered_at": lambda state: None if state.registered_at is None else format_time(state.registered_at),
    "default_password": lambda state: _word(state.default_password),
    "presence": lambda state: state.presence,
    "expected": lambda state: _word(state.is_expected),
    "problem": lambda state: state.problem,
}
"""What can be filtered and sorted by, and how it is read. Texts compare without case."""

_TERMS: Final = 10


@functools.total_ordering
@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in an order; unknown values stand last in both directions."""

    value: Value
    modem: str
    descending: bool

    def __lt__(self, other: "Place") -> bool:
        if self.value == other.value:
            return self.modem < other.modem
        if self.value is None or other.value is None:
            return other.value is None
        before = self.value < other.value  # type: ignore[operator]  # one field gives one type
        return before != self.descending


@dataclass(frozen=True, slots=True)
class Order:
    """By which field, and whether from high to low."""

    field: str
    descending: bool

    def place(self, state: ModemState) -> Place:
        """Return where a modem stands."""
        return Place(READ[self.field](state), state.modem, self.descending)


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its rows, the cursor of the next one, and how many rows there are in all."""

    rows: list[ModemState]
    next: str | None
    total: int


def take_page(states: Iterable[ModemState], test: Test, order: Order, cursor: str | None, limit: int) -> Page:
    """Return the page of `limit` modems that begins behind `cursor`.

    Raises:
        Problem: 400, the cursor is none of this order.
    """
    after = None if cursor is None else read_cursor(cursor, order)
    matching = [state for state in states if test(state)]
    ordered = _sort(matching, order)
    # Halving: a page far behind costs no more than the first one.
    start = 0 if after is None else bisect.bisect_right(ordered, after, key=order.place)
    rows = ordered[start : start + limit]
    following = write_cursor(order.place(rows[-1]), order) if len(ordered) > start + limit else None
    return Page(rows, following, len(matching))


def _sort(states: list[ModemState], order: Order) -> list[ModemState]:
    """Return modems in order: three sorts of plain values, each of which keeps the order of the one before."""
    read = READ[order.field]
    pairs: list[tuple[Any, ModemState]] = [
        (read(state), state) for state in sorted(states, key=lambda state: state.modem)
    ]
    known = [pair for pair in pairs if pair[0] is not None]
    known.sort(key=lambda pair: pair[0], reverse=order.descending)
    return [state for _, state in known] + [state for value, state in pairs if value is None]


def read_order(text: str) -> Order:
    """Return the order that `name` or `-last_seen` means.

    Raises:
        Problem: 400, no such field.
    """
    field = text.removeprefix("-")
    if field not in READ:
        raise _refuse("sort", f"expected one of {', '.join(READ)}")
    return Order(field, text.startswith("-"))


def read_filter(text: str | None, searched: Callable[[ModemState], str] = plain_text) -> Test:
    """Return the test that a filter means (`ModemQuery.filter`).

    Args:
        text: the filter.
        searched: the text in which a word alone is looked for, without case.

    Raises:
        Problem: 400, an unknown field or too many terms.
    """
    try:
        terms = shlex.split(text or "")
    except ValueError:
        raise _refuse("filter", "a quote is not closed") from None
    if len(terms) > _TERMS:
        raise _refuse("filter", f"expected at most {_TERMS} terms")
    tests = [_read_term(term, searched) for term in terms]
    if len(tests) == 1:
        return tests[0]
    return lambda state: all(test(state) for test in tests)


def read_fields(text: str | None, known: Iterable[str]) -> frozenset[str] | None:
    """Return the names of `fields`, None when all are wanted.

    Raises:
        Problem: 400, an unknown name.
    """
    if text is None:
        return None
    names = frozenset(name.strip() for name in text.split(","))
    if not names <= (all_ := frozenset(known)):
        raise _refuse("fields", f"expected some of {', '.join(sorted(all_))}")
    return names


def write_cursor(place: Place, order: Order) -> str:
    """Return the cursor that continues behind `place`."""
    sign = "-" if order.descending else ""
    raw = json.dumps([sign + order.field, place.value, place.modem], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).rstrip(b"=").decode()


def read_cursor(text: str, order: Order) -> Place:
    """Return the place that a cursor names.

    Raises:
        Problem: 400, it is no cursor of this order.
    """
    try:
        field, value, modem = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True))
    except (ValueError, TypeError, RecursionError, binascii.Error):
        raise _refuse("cursor", "expected the `next` of a page before") from None
    is_of_order = field == ("-" if order.descending else "") + order.field
    if not (is_of_order and isinstance(modem, str) and _has_kind(value, order.field)):
        raise _refuse("cursor", "expected the `next` of a page in the same order")
    return Place(value, modem, order.descending)


def _read_term(term: str, searched: Callable[[ModemState], str]) -> Test:
    field, colon, wanted = term.partition(":")
    if not colon:
        word = term.casefold()
        return lambda state: word in searched(state)
    if (read := READ.get(field)) is None:
        raise _refuse("filter", f"expected one of {', '.join(READ)} before the colon")
    if wanted.startswith("="):
        exact = wanted[1:].casefold()
        return lambda state: _text(read(state)) == exact
    matches = re.compile(fnmatch.translate(wanted.casefold().replace("[", "[[]"))).fullmatch
    if field != "group" and not any(sign in wanted for sign in "*?["):
        exact = wanted.casefold()
        return lambda state: _text(read(state)) == exact
    if field == "group":
        return lambda state: any(matches(group) for group in _groups(_text(read(state))))
    return lambda state: matches(_text(read(state))) is not None


def _groups(path: str) -> tuple[str, ...]:
    return tuple(lineage(path)) or ("",)


def _text(value: Value) -> str:
    return "" if value is None else str(value).casefold()


def _word(claim: bool) -> str:
    return "true" if claim else "false"


_NUMBERS: Final = frozenset(
    {"channel", "port", "clients", "sim", "csq", "rssi_dbm", "temperature_c", "rx_bytes", "tx_bytes"}
)


def _has_kind(value: Any, field: str) -> bool:
    kind = int if field in _NUMBERS else str
    return value is None or (isinstance(value, kind) and not isinstance(value, bool))


def _refuse(field: str, message: str) -> Problem:
    return Problem(
        400, "invalid_query", f"the query has a wrong {field}: {message}", errors=(FieldError(field, message),)
    )
