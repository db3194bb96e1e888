"""The catalogue of images comes back as it was stored."""

from datetime import UTC, datetime

from irzhub.storage.firmware import FirmwareRow, add_image, delete_image, load_images
from irzhub.storage.local import LocalStore

ROW = FirmwareRow(
    id="01JD0000000000000000000001",
    name="atm31-1.5.bin",
    model="ATM31",
    version="1.5",
    sha256="0" * 64,
    size_bytes=4,
    created_at=datetime(2026, 11, 22, 12, 0, tzinfo=UTC),
    created_by="anna",
)


async def test_an_image_is_kept_and_removed(store: LocalStore) -> None:
    await store.write(lambda c: add_image(c, ROW))
    before = await store.read(load_images)
    await store.write(lambda c: delete_image(c, ROW.id))
    assert (before, await store.read(load_images)) == ([ROW], [])
