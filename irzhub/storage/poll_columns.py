"""What is stored of a day's polls of one meter by one program, the same in both databases."""

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, String

from irzhub.storage.types import UtcDateTime


def poll_columns() -> list[Column[Any]]:
    """Return new columns: counts by outcome, milliseconds waited, hours of the day as bits (bit 0: midnight to one)."""
    counts = ("asked", "answered", "silent", "lost", "away", "busy", "refused", "hours_asked", "hours_answered")
    return [
        Column("protocol", String(20), nullable=False),
        *(Column(name, Integer, nullable=False) for name in counts),
        Column("wait_ms", BigInteger, nullable=False),
        Column("longest_ms", Integer, nullable=False),
        Column("first_asked", UtcDateTime, nullable=False),
        Column("last_asked", UtcDateTime, nullable=False),
        Column("last_answered", UtcDateTime),
        Column("other", String(40), nullable=False),
    ]
