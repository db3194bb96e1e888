"""Images on the disk: kept whole and checked, or not at all."""

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from irzhub.core.clock import SystemClock
from irzhub.fleet.firmware import FirmwareImages, FirmwareRefused
from irzhub.storage.local import LocalStore

DATA = b"firmware" * 100


@pytest.fixture
async def images(tmp_path: Path) -> AsyncIterator[FirmwareImages]:
    async with LocalStore(tmp_path) as store:
        yield FirmwareImages(store, SystemClock(), largest_bytes=1000)


async def receive(images: FirmwareImages, *chunks: bytes, fails: bool = False, **changes: Any) -> str:
    async def pieces() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk
        if fails:
            raise ConnectionResetError("gone")

    values: dict[str, Any] = {"sha256": hashlib.sha256(b"".join(chunks)).hexdigest(), "model": "atm31", "name": "x"}
    row = await images.receive(pieces(), **{**values, "version": "", "comment": "", "by": "anna", **changes})
    return row.id


def files(images: FirmwareImages) -> list[str]:
    return sorted(file.name for file in images.folder.iterdir())


async def test_pages_are_the_image_again_also_after_a_restart(images: FirmwareImages) -> None:
    id_ = await receive(images, DATA[:300], DATA[300:])
    again = FirmwareImages(images.store, SystemClock(), largest_bytes=1000)
    (images.folder / "left.part").write_bytes(b"half")
    await again.load()
    pages = await again.pages(id_, 512)
    assert (b"".join(pages), [len(page) for page in pages]) == (DATA, [512, 288])
    assert [row.model for row in again.all()] == ["ATM31"]
    assert files(again) == [f"{id_}.bin"]
    await again.delete(id_)
    assert files(again) == []


@pytest.mark.parametrize(
    ("chunks", "changes", "complaint"),
    [
        ((b"x" * 600, b"x" * 600), {}, "at most 1000 bytes"),
        ((), {}, "got none"),
        ((DATA,), {"sha256": "0" * 64}, "the bytes that came have"),
        ((DATA,), {"sha256": "zz"}, "64 hex digits"),
        ((DATA,), {"model": "../x"}, "beginning of a model"),
    ],
)
async def test_what_is_not_good_leaves_nothing(
    images: FirmwareImages, chunks: tuple[bytes, ...], changes: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(FirmwareRefused, match=complaint):
        await receive(images, *chunks, **changes)
    assert images.all() == []
    assert not images.folder.exists() or files(images) == []


async def test_an_upload_that_breaks_off_leaves_nothing(images: FirmwareImages) -> None:
    with pytest.raises(ConnectionResetError):
        await receive(images, DATA, fails=True)
    assert (images.all(), files(images)) == ([], [])


async def test_an_altered_or_missing_file_is_refused(images: FirmwareImages) -> None:
    id_ = await receive(images, DATA)
    (images.folder / f"{id_}.bin").write_bytes(DATA.upper())
    with pytest.raises(FirmwareRefused, match="its SHA-256 has changed"):
        await images.pages(id_, 512)
    (images.folder / f"{id_}.bin").unlink()
    with pytest.raises(FirmwareRefused, match="cannot be read"):
        await images.pages(id_, 512)
