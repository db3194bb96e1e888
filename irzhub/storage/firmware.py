"""The catalogue of firmware images; the images themselves are files under `data_dir/firmware`."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from irzhub.storage.rows import row_values
from irzhub.storage.tables_local import firmware_images


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmwareRow:
    """One image: `id` is also the name of its file. `model`: beginning of the models that it is for."""

    id: str
    name: str
    model: str
    version: str
    comment: str = ""
    sha256: str
    size_bytes: int
    created_at: datetime
    created_by: str


def load_images(connection: Connection) -> list[FirmwareRow]:
    """Return all images, from old to new."""
    found = connection.execute(select(firmware_images).order_by(firmware_images.c.id))
    return [FirmwareRow(**row) for row in found.mappings()]


def add_image(connection: Connection, row: FirmwareRow) -> None:
    """Add an image whose file is there."""
    connection.execute(insert(firmware_images), row_values(row))


def delete_image(connection: Connection, id_: str) -> None:
    """Remove an image from the catalogue."""
    connection.execute(delete(firmware_images).where(firmware_images.c.id == id_))
