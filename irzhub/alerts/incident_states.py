"""How an incident stands, as one table.

1. Everything that changes how an incident stands is in this table; nothing else may.
2. A closed incident stays closed: what is bad again is another incident.
3. An incident that turned good does not close at once: only when it has stayed good, so that what flaps is one
   incident with a count, and people hear twice of it, not two hundred times.
"""

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final


class Standing(enum.StrEnum):
    """How an incident stands."""

    NONE = "none"
    OPEN = "open"
    RECOVERING = "recovering"
    CLOSED = "closed"


class Signal(enum.StrEnum):
    """What is told of its subject: it is bad, it is good, it has stayed good for long enough, somebody closes it."""

    BAD = "bad"
    GOOD = "good"
    HELD = "held"
    CLOSE = "close"


_N, _O, _R, _C = Standing.NONE, Standing.OPEN, Standing.RECOVERING, Standing.CLOSED

TABLE: Final[Mapping[tuple[Standing, Signal], Standing]] = MappingProxyType(
    {
        (_N, Signal.BAD): _O,
        (_N, Signal.GOOD): _N,
        (_N, Signal.HELD): _N,
        (_N, Signal.CLOSE): _N,
        (_O, Signal.BAD): _O,
        (_O, Signal.GOOD): _R,
        (_O, Signal.HELD): _O,
        (_O, Signal.CLOSE): _C,
        (_R, Signal.BAD): _O,
        (_R, Signal.GOOD): _R,
        (_R, Signal.HELD): _C,
        (_R, Signal.CLOSE): _C,
        (_C, Signal.BAD): _C,
        (_C, Signal.GOOD): _C,
        (_C, Signal.HELD): _C,
        (_C, Signal.CLOSE): _C,
    }
)


def after(standing: Standing, signal: Signal) -> Standing:
    """Return how an incident stands after a signal."""
    return TABLE[standing, signal]
