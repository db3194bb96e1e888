"""What people set for single inputs: names, inversion, debounce, and which level is normal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, delete, select

from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_local import inputs

_UPSERT: Final = upsert(inputs)


@dataclass(frozen=True, slots=True)
class InputRow:
    """Settings of one pin; `normal` is ON or OFF, None where no level is an alarm."""

    modem: str
    pin: int
    name: str = ""
    invert: bool = False
    debounce_s: float = 0.0
    normal: str | None = None


def load_inputs(connection: Connection) -> list[InputRow]:
    """Return the settings of all inputs, by modem and pin."""
    found = connection.execute(select(inputs).order_by(inputs.c.modem, inputs.c.pin))
    return [InputRow(**row) for row in found.mappings()]


def load_some_inputs(connection: Connection, ids: Sequence[str]) -> dict[str, list[InputRow]]:
    """Return the settings of the inputs of some modems, by modem."""
    found: dict[str, list[InputRow]] = {}
    statement = select(inputs).where(inputs.c.modem.in_(ids)).order_by(inputs.c.modem, inputs.c.pin)
    for row in connection.execute(statement).mappings():
        found.setdefault(row["modem"], []).append(InputRow(**row))
    return found


def save_input(connection: Connection, row: InputRow) -> None:
    """Add the settings of an input, or replace them."""
    connection.execute(_UPSERT, row_values(row))


def delete_input(connection: Connection, modem: str, pin: int) -> None:
    """Forget the settings of an input: it has the defaults again."""
    connection.execute(delete(inputs).where(inputs.c.modem == modem, inputs.c.pin == pin))
