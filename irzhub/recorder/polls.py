"""Polls on their way into the history database: only the newest count of each, however long that is away."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from irzhub.storage.polls import PollRow

_LIMIT: Final = 500_000
"""Rows that wait at most: weeks of a large fleet. Beyond these the oldest are left out."""

_Key: TypeAlias = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class PollsCounted:
    """Some rows of the poll book have grown; on the bus, never stored."""

    rows: tuple[PollRow, ...]


@dataclass(slots=True)
class PollsWaiting:
    """What is to be written, once for each meter, program and day."""

    _rows: dict[_Key, PollRow] = field(default_factory=dict)

    def note(self, counted: PollsCounted) -> None:
        """Take in rows; a newer one replaces the older."""
        for row in counted.rows:
            self._rows[_key(row)] = row
        while len(self._rows) > _LIMIT:
            del self._rows[next(iter(self._rows))]

    def take(self, limit: int) -> list[PollRow]:
        """Return at most `limit` rows; they wait no more."""
        keys = [key for key, _ in zip(self._rows, range(limit), strict=False)]
        return [self._rows.pop(key) for key in keys]

    def give_back(self, rows: Iterable[PollRow]) -> None:
        """These could not be written; what has come meanwhile is newer."""
        for row in rows:
            self._rows.setdefault(_key(row), row)

    def __len__(self) -> int:
        return len(self._rows)


def _key(row: PollRow) -> _Key:
    return row.day, row.modem, row.address, row.program
