"""Meters as people enter them, lines as the hub hears them, and the names of polling programs."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypedDict

from sqlalchemy import Connection, delete, select

from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_local import meter_lines, meters, programs

_METER: Final = upsert(meters)
_LINE: Final = upsert(meter_lines)
_PROGRAM: Final = upsert(programs)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterRow:
    """A meter behind a modem. `address`: on its line, as programs ask for it; empty when it is alone there."""

    id: str
    modem: str
    type: str = ""
    serial: str = ""
    address: str = ""
    comment: str = ""
    created_at: datetime


class MeterTexts(TypedDict, total=False):
    """What people say of a meter."""

    type: str
    serial: str
    address: str
    comment: str


class MeterEdit(MeterTexts, total=False):
    """What people change of a meter; `modem`: behind which it stands."""

    modem: str


@dataclass(slots=True, kw_only=True)
class MeterLineRow:
    """What the hub has heard of one address of a line.

    Args:
        in_vain: questions without an answer since the last one. usual_in_vain: how many of them are nothing new.
        silent_since: when its silence was told, None while it answers. identity: what it last said it is.
    """

    modem: str
    address: str
    protocol: str
    first_asked: datetime
    last_asked: datetime
    last_answered: datetime | None = None
    in_vain: int = 0
    usual_in_vain: float = 0.0
    silent_since: datetime | None = None
    identity: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramRow:
    """How people call the polling programs of one address."""

    program: str
    name: str
    comment: str = ""


def load_meters(connection: Connection) -> list[MeterRow]:
    """Return all meters in the order in which they were entered."""
    return [MeterRow(**row) for row in connection.execute(select(meters).order_by(meters.c.id)).mappings()]


def save_meter(connection: Connection, row: MeterRow) -> None:
    """Add a meter, or replace it."""
    connection.execute(_METER, row_values(row))


def delete_meter(connection: Connection, id_: str) -> None:
    """Remove a meter."""
    connection.execute(delete(meters).where(meters.c.id == id_))


def load_meter_lines(connection: Connection) -> list[MeterLineRow]:
    """Return what was heard of all addresses."""
    return [MeterLineRow(**row) for row in connection.execute(select(meter_lines)).mappings()]


def save_meter_lines(connection: Connection, rows: Iterable[MeterLineRow]) -> None:
    """Write rows, in place of what was stored for them."""
    if values := [row_values(row) for row in rows]:
        connection.execute(_LINE, values)


def forget_meters_of(connection: Connection, modem: str) -> None:
    """Remove all that is known of the meters of a modem."""
    connection.execute(delete(meters).where(meters.c.modem == modem))
    connection.execute(delete(meter_lines).where(meter_lines.c.modem == modem))


def load_programs(connection: Connection) -> list[ProgramRow]:
    """Return the named programs."""
    return [ProgramRow(**row) for row in connection.execute(select(programs).order_by(programs.c.program)).mappings()]


def save_program(connection: Connection, row: ProgramRow) -> None:
    """Name a program, or name it anew."""
    connection.execute(_PROGRAM, row_values(row))
