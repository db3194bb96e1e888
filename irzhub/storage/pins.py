"""The last known level of each pin, committed together with the event that changed it (ARCHITECTURE D7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select

from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_local import pins

_UPSERT: Final = upsert(pins)


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
    return [PinRow(**row) for row in connection.execute(select(pins).order_by(pins.c.modem, pins.c.pin)).mappings()]


def save_pins(connection: Connection, rows: Sequence[PinRow]) -> None:
    """Add pins, or replace what is known of them."""
    if rows:
        connection.execute(_UPSERT, [row_values(row) for row in rows])


def delete_pin(connection: Connection, modem: str, pin: int) -> None:
    """Forget a pin: its next value is the first one again."""
    connection.execute(delete(pins).where(pins.c.modem == modem, pins.c.pin == pin))
