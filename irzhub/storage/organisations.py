"""Organisations that share the hub: each sees its own modems only."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, RowMapping, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from irzhub.storage.errors import StorageError
from irzhub.storage.rows import row_values
from irzhub.storage.tables_local import modems, organisations, users


class OrganisationExists(StorageError):
    """There is one of that id already."""


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One organisation; `id` is what users and modems say, and never changes."""

    id: str
    name: str
    comment: str
    created_at: datetime


def add_organisation(connection: Connection, row: OrganisationRow) -> None:
    """Add an organisation.

    Raises:
        OrganisationExists: the id is taken.
    """
    try:
        connection.execute(insert(organisations), row_values(row))
    except IntegrityError as error:
        raise OrganisationExists(f"there is an organisation {row.id!r} already") from error


def list_organisations(connection: Connection) -> list[OrganisationRow]:
    """Return all organisations by id."""
    statement = select(organisations).order_by(organisations.c.id)
    return [_organisation(row) for row in connection.execute(statement).mappings()]


def get_organisation(connection: Connection, id_: str) -> OrganisationRow | None:
    """Return one organisation, None when there is none of that id."""
    row = connection.execute(select(organisations).where(organisations.c.id == id_)).mappings().one_or_none()
    return None if row is None else _organisation(row)


def save_organisation(connection: Connection, row: OrganisationRow) -> bool:
    """Replace an organisation's row; say whether there was one of that id."""
    return connection.execute(update(organisations).where(organisations.c.id == row.id), row_values(row)).rowcount == 1


def remove_organisation(connection: Connection, id_: str) -> bool:
    """Remove an organisation; say whether there was one."""
    return connection.execute(delete(organisations).where(organisations.c.id == id_)).rowcount == 1


def members(connection: Connection, id_: str) -> tuple[int, int]:
    """Return how many modems and how many users belong to an organisation."""
    of_modems = select(func.count()).select_from(modems).where(modems.c.organisation == id_)
    of_users = select(func.count()).select_from(users).where(users.c.organisation == id_)
    return connection.scalar(of_modems) or 0, connection.scalar(of_users) or 0


def _organisation(row: RowMapping) -> OrganisationRow:
    return OrganisationRow(row["id"], row["name"], row["comment"], row["created_at"])
