"""What people set for single outputs, and what each was told last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select

from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_local import outputs

_UPSERT: Final = upsert(outputs)


@dataclass(frozen=True, slots=True)
class OutputRow:
    """One output of a modem.

    Args:
        pin: the modem's number, 1..8. feedback: the input that shows what the output does, None: none.
        invert: the feedback is at the other level than the output.
        confirm_s: after so many seconds without the expected level the output is stuck.
        commanded: ON or OFF as it was told last, None: never. state: commanded, confirmed or stuck.
    """

    modem: str
    pin: int
    name: str = ""
    feedback: int | None = None
    invert: bool = False
    confirm_s: float = 10.0
    commanded: str | None = None
    commanded_at: datetime | None = None
    state: str | None = None


def load_outputs(connection: Connection) -> list[OutputRow]:
    """Return all of them."""
    return [OutputRow(**row) for row in connection.execute(select(outputs)).mappings()]


def save_outputs(connection: Connection, rows: Sequence[OutputRow]) -> None:
    """Add outputs, or replace what their rows say."""
    if rows:
        connection.execute(_UPSERT, [row_values(row) for row in rows])


def delete_outputs(connection: Connection, modem: str) -> None:
    """Forget a modem's outputs."""
    connection.execute(delete(outputs).where(outputs.c.modem == modem))
