"""A day's polls of each meter by each program: the last days here, all of them in the history database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select

from irzhub.storage.history_rows import upsert_rows
from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_history import polls as history_polls
from irzhub.storage.tables_local import polls

_UPSERT: Final = upsert(polls)


@dataclass(slots=True, kw_only=True)
class PollRow:
    """How a program's questions to one meter ended on one day.

    Args:
        day: `YYYY-MM-DD` on the hub's clock. address: of the meter on its line, empty for the line as a whole.
        program: address of the program. protocol: as it was recognised last, empty when it was not.
        asked: questions; answered, silent, lost, away, busy, refused: how they ended.
        hours_asked, hours_answered: hours of the day as bits, bit 0 from midnight to one.
        wait_ms, longest_ms: how long the answered ones waited, in all and at most.
        other: the address that answered instead, if one did.
    """

    day: str
    modem: str
    address: str
    program: str
    protocol: str = ""
    asked: int = 0
    answered: int = 0
    silent: int = 0
    lost: int = 0
    away: int = 0
    busy: int = 0
    refused: int = 0
    hours_asked: int = 0
    hours_answered: int = 0
    wait_ms: int = 0
    longest_ms: int = 0
    first_asked: datetime
    last_asked: datetime
    last_answered: datetime | None = None
    other: str = ""


def save_polls(connection: Connection, rows: Iterable[PollRow]) -> None:
    """Write rows, in place of what was stored for them."""
    if values := [row_values(row) for row in rows]:
        connection.execute(_UPSERT, values)


def load_polls(connection: Connection, since_day: str) -> list[PollRow]:
    """Return the rows of that day and later ones."""
    found = connection.execute(select(polls).where(polls.c.day >= since_day))
    return [PollRow(**row) for row in found.mappings()]


def drop_polls(connection: Connection, before_day: str) -> int:
    """Remove the rows of the days before that one; say how many."""
    return connection.execute(delete(polls).where(polls.c.day < before_day)).rowcount


def record_polls(connection: Connection, hub: str, rows: Sequence[PollRow]) -> None:
    """Write rows into the history database, in place of what was stored for them."""
    upsert_rows(connection, history_polls, [{"hub": hub, **row_values(row)} for row in rows])


def read_polls(connection: Connection, hub: str, day: str) -> list[PollRow]:
    """Return a day's rows from the history database."""
    columns = [column for column in history_polls.columns if column.name != "hub"]
    statement = select(*columns).where(history_polls.c.hub == hub, history_polls.c.day == day)
    return [PollRow(**row) for row in connection.execute(statement).mappings()]


def purge_polls(connection: Connection, hub: str, before_day: str, limit: int) -> int:
    """Remove at most some `limit` rows of the days before that one from the history database; say how many."""
    day = select(history_polls.c.day).where(history_polls.c.hub == hub, history_polls.c.day < before_day)
    oldest = connection.scalar(day.order_by(history_polls.c.day).limit(1))
    if oldest is None:
        return 0
    modems = select(history_polls.c.modem).where(history_polls.c.hub == hub, history_polls.c.day == oldest)
    some = list(connection.scalars(modems.distinct().limit(limit)))
    gone = delete(history_polls).where(
        history_polls.c.hub == hub, history_polls.c.day == oldest, history_polls.c.modem.in_(some)
    )
    return connection.execute(gone).rowcount
