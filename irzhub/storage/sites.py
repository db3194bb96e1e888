"""Sites: where modems stand, and how people get there."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, delete, select

from irzhub.storage.rows import row_values, upsert
from irzhub.storage.tables_local import sites

_UPSERT: Final = upsert(sites)


@dataclass(frozen=True, slots=True)
class SiteRow:
    """One site; texts are empty and coordinates None while unknown.

    Args:
        organisation: id of the one that it belongs to, empty for none.
        latitude, longitude: degrees, WGS 84.
        phones: numbers of people there. access_notes: keys, opening hours, dogs.
    """

    id: str
    name: str
    created_at: datetime
    organisation: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    contact: str = ""
    phones: list[str] = field(default_factory=list)
    access_notes: str = ""
    time_zone: str = ""
    comment: str = ""


def load_sites(connection: Connection) -> list[SiteRow]:
    """Return all sites, by id."""
    return [SiteRow(**row) for row in connection.execute(select(sites).order_by(sites.c.id)).mappings()]


def save_site(connection: Connection, row: SiteRow) -> None:
    """Add a site, or replace what is known of it."""
    connection.execute(_UPSERT, row_values(row))


def delete_site(connection: Connection, id_: str) -> None:
    """Forget a site."""
    connection.execute(delete(sites).where(sites.c.id == id_))
