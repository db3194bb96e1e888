"""The last known level of each pin, committed together with the event that changed it (ARCHITECTURE D7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete

from irzhub.storage.rows import driver
from irzhub.storage.tables_local import pins
from irzhub.storage.types import parse_utc, utc_text

_LOAD: Final = "SELECT modem, pin, is_output, level, at FROM pins ORDER BY modem, pin"
_SAVE: Final = "INSERT OR REPLACE INTO pins (modem, pin, is_output, level, at) VALUES (?, ?, ?, ?, ?)"


@dataclass(frozen=True, slots=True)
class PinRow:
    """One pin: `level` is ON or OFF as shown, after inversion; `at` is when it was last seen so."""

    modem: str
    pin: int
    is_output: bool
    level: str
    at: datetime


def load_pins(connection: Connection) -> list[PinRow]:
    """Return every known pin, by modem and number."""
    return [
        PinRow(modem, pin, bool(is_output), level, parse_utc(at))
        for modem, pin, is_output, level, at in driver(connection).execute(_LOAD)
    ]


def save_pins(connection: Connection, rows: Sequence[PinRow]) -> None:
    """Add pins, or replace what is known of them."""
    driver(connection).executemany(
        _SAVE, [(row.modem, row.pin, row.is_output, row.level, utc_text(row.at)) for row in rows]
    )


def delete_pin(connection: Connection, modem: str, pin: int) -> None:
    """Forget a pin: its next value is the first one again."""
    connection.execute(delete(pins).where(pins.c.modem == modem, pins.c.pin == pin))
