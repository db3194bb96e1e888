"""The catalogue of firmware images: files under names of ours, each with its SHA-256 and model (RELIABILITY S19)."""

import asyncio
import hashlib
import os
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from irzhub.core.clock import Clock
from irzhub.core.exceptions import IrzhubError
from irzhub.core.ulid import new_ulid
from irzhub.storage.firmware import FirmwareRow, add_image, delete_image, load_images
from irzhub.storage.local import LocalStore

FOLDER: Final = "firmware"
IMAGES_LIMIT: Final = 200
_SHA256: Final = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_MODEL: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}", re.ASCII)


class FirmwareRefused(IrzhubError):
    """An image that cannot be taken or used: too large, altered, for another model, not there."""


@dataclass(slots=True)
class FirmwareImages:
    """All images by id; the file of each is `data_dir/firmware/<id>.bin`, never under a name from outside.

    Args:
        largest_bytes: of one image.
    """

    store: LocalStore
    clock: Clock
    largest_bytes: int
    _rows: dict[str, FirmwareRow] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where the files are."""
        return self.store.data_dir / FOLDER

    async def load(self) -> None:
        """Read the catalogue, and remove what a broken-off upload has left."""
        self._rows = {row.id: row for row in await self.store.read(load_images)}
        await asyncio.to_thread(_sweep, self.folder)

    def all(self) -> list[FirmwareRow]:
        """Return every image, from old to new."""
        return list(self._rows.values())

    def get(self, id_: str) -> FirmwareRow | None:
        """Return one image, None when there is none."""
        return self._rows.get(id_)

    async def receive(
        self,
        chunks: AsyncIterator[bytes],
        *,
        sha256: str,
        model: str,
        name: str,
        version: str,
        comment: str,
        by: str,
    ) -> FirmwareRow:
        """Take an image piece by piece; it is in the catalogue only once all of it is on the disk and checked.

        Raises:
            FirmwareRefused: it is too large or empty, its SHA-256 is another one, or the catalogue is full.
        """
        if not _SHA256.fullmatch(sha256):
            raise FirmwareRefused("sha256: expected 64 hex digits")
        if not _MODEL.fullmatch(model):
            raise FirmwareRefused("model: expected the beginning of a model such as ATM31, at most 40 characters")
        if len(self._rows) >= IMAGES_LIMIT:
            raise FirmwareRefused(f"expected at most {IMAGES_LIMIT} images: delete some")
        now = self.clock.now()
        id_ = new_ulid(int(now.timestamp() * 1000))
        partial_file = self.folder / f"{id_}.part"
        try:
            size, digest = await self._write(partial_file, chunks)
            if digest != sha256.lower():
                raise FirmwareRefused(f"sha256: expected {sha256.lower()}, the bytes that came have {digest}")
            row = FirmwareRow(
                id=id_,
                name=name,
                model=model.upper(),
                version=version,
                comment=comment,
                sha256=digest,
                size_bytes=size,
                created_at=now,
                created_by=by,
            )
            await asyncio.to_thread(partial_file.replace, self._file(id_))
            await self.store.write(partial(add_image, row=row))
        except BaseException:
            await asyncio.shield(asyncio.to_thread(_remove, partial_file, self._file(id_)))
            raise
        self._rows[id_] = row
        return row

    async def delete(self, id_: str) -> None:
        """Remove an image and its file (raises `KeyError` for an unknown id)."""
        del self._rows[id_]
        await self.store.write(partial(delete_image, id_=id_))
        await asyncio.to_thread(_remove, self._file(id_))

    async def pages(self, id_: str, page_bytes: int) -> tuple[bytes, ...]:
        """Return an image in pages; its SHA-256 is looked at again each time.

        Raises:
            FirmwareRefused: it is not in the catalogue, its file is gone, or a byte of it has changed.
        """
        if (row := self._rows.get(id_)) is None:
            raise FirmwareRefused("no such firmware image is known, or it was deleted")
        try:
            data = await asyncio.to_thread(self._file(id_).read_bytes)
        except OSError as error:
            raise FirmwareRefused(f"the file of image {row.name} cannot be read: {error.strerror}") from error
        if hashlib.sha256(data).hexdigest() != row.sha256:
            raise FirmwareRefused(f"the file of image {row.name} is not what was uploaded: its SHA-256 has changed")
        return tuple(data[start : start + page_bytes] for start in range(0, len(data), page_bytes))

    def _file(self, id_: str) -> Path:
        return self.folder / f"{id_}.bin"

    async def _write(self, path: Path, chunks: AsyncIterator[bytes]) -> tuple[int, str]:
        digest, size = hashlib.sha256(), 0
        file: Any = await asyncio.to_thread(_create, path)
        try:
            async for chunk in chunks:
                size += len(chunk)
                if size > self.largest_bytes:
                    raise FirmwareRefused(f"expected an image of at most {self.largest_bytes} bytes")
                digest.update(chunk)
                await asyncio.to_thread(file.write, chunk)
        finally:
            await asyncio.shield(asyncio.to_thread(_close, file))
        if not size:
            raise FirmwareRefused("expected the bytes of an image, got none")
        return size, digest.hexdigest()


def _create(path: Path) -> Any:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path.open("xb")


def _close(file: Any) -> None:
    with file:
        file.flush()
        os.fsync(file.fileno())


def _remove(*paths: Path) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    if folder.is_dir():
        _remove(*folder.glob("*.part"))
