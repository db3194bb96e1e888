"""Joins the parts of incoming SMS; bounded, because anybody may send parts that never get complete."""

from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from .pdu import Deliver, join_texts

_MOST_OPEN: Final = 64
_MOST_OF_ONE: Final = 8
_PATIENCE_S: Final = 3600.0
MISSING: Final = "[…]"
"""Stands in a text for parts that never came."""


@dataclass(slots=True)
class _Open:
    """A text of which parts are missing."""

    number: str
    total: int
    since: float
    sent_at: datetime | None
    texts: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Whole:
    """A text that came: all of it, or as much as came in time."""

    number: str
    text: str
    sent_at: datetime | None
    is_complete: bool = True


class Reassembly:
    """Keeps at most 64 unfinished texts, 8 of one sender, for an hour each; what is given up is handed on as it is."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[str, int, int, bool], _Open] = OrderedDict()

    def add(self, message: Deliver, now: float) -> list[Whole]:
        """Take an SMS or a part of one; return the texts that are finished or given up by it."""
        part = message.part
        if part is None:
            return [Whole(message.number, join_texts([message.text]), message.sent_at)]
        key = (message.number, part.reference, part.total, part.is_wide)
        found = self.expire(now)
        if key not in self._open:
            found += self._make_room(message.number)
            self._open[key] = _Open(message.number, part.total, now, message.sent_at)
        unfinished = self._open[key]
        unfinished.texts.setdefault(part.number, message.text)
        if len(unfinished.texts) == unfinished.total:
            del self._open[key]
            found.append(_join(unfinished))
        return found

    def expire(self, now: float) -> list[Whole]:
        """Give up what waits for too long; return it with gaps."""
        late = [key for key, each in self._open.items() if now - each.since >= _PATIENCE_S]
        return [_join(self._open.pop(key)) for key in late]

    def __len__(self) -> int:
        return len(self._open)

    def _make_room(self, number: str) -> list[Whole]:
        own = [key for key in self._open if key[0] == number]
        given_up = own[: max(0, len(own) - _MOST_OF_ONE + 1)]
        found = [_join(self._open.pop(key)) for key in given_up]
        while len(self._open) >= _MOST_OPEN:
            found.append(_join(self._open.popitem(last=False)[1]))
        return found


def _join(unfinished: _Open) -> Whole:
    texts, previous = [], 0
    for place in sorted(unfinished.texts):
        if place != previous + 1:
            texts.append(MISSING)
        texts.append(unfinished.texts[place])
        previous = place
    if previous != unfinished.total:
        texts.append(MISSING)
    is_complete = len(unfinished.texts) == unfinished.total
    return Whole(unfinished.number, join_texts(texts), unfinished.sent_at, is_complete)
