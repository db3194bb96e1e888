"""The backup file: a zip of JSON lines, one part for each table, and a manifest that says what must be in them."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Final, Self

from irzhub.core.clock import format_time, parse_time
from irzhub.storage.dump_rows import SECTIONS
from irzhub.storage.errors import BackupError
from irzhub.storage.types import to_json

FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
_MANIFEST_LIMIT: Final = 1024 * 1024
_LINE_LIMIT: Final = 4 * 1024 * 1024
_TOTAL_LIMIT: Final = 1024**4
_RATIO_LIMIT: Final = 200
_FAULTS: Final = (zipfile.BadZipFile, OSError, EOFError, RuntimeError, zlib.error)
"""What a damaged zip raises: an encrypted part or an unknown method are RuntimeErrors."""


@dataclass(frozen=True, slots=True)
class Part:
    """What is in one part: rows, and the SHA-256 of its lines."""

    rows: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a backup says of itself; `last_seq` is the highest event number that may have been given."""

    version: str
    created_at: str
    hub: str
    last_seq: int
    schema: dict[str, str]
    format: int = FORMAT
    parts: dict[str, Part] = field(default_factory=dict)


class RowHash:
    """Counts rows and hashes them in their one JSON form."""

    def __init__(self) -> None:
        self.rows = 0
        self._hash = hashlib.sha256()

    def add(self, row: Any) -> bytes:
        """Take a row in; return its line."""
        line = to_json(row).encode() + b"\n"
        self.add_line(line)
        return line

    def add_line(self, line: bytes) -> None:
        """Take a line in as it is."""
        self.rows += 1
        self._hash.update(line)

    @property
    def part(self) -> Part:
        """What was taken in so far."""
        return Part(self.rows, self._hash.hexdigest())


class BackupWriter:
    """Writes the parts one after the other, the manifest last."""

    def __init__(self, file: IO[bytes]) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        self.parts: dict[str, Part] = {}

    def write_part(self, name: str, rows: Iterable[Any]) -> Part:
        """Write all rows of one section."""
        summary = RowHash()
        with self._zip.open(_member(name), "w", force_zip64=True) as out:
            for row in rows:
                out.write(summary.add(row))
        self.parts[name] = summary.part
        return summary.part

    def finish(self, manifest: Manifest) -> None:
        """Write the manifest and the zip's own end."""
        self._zip.writestr(_MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False, indent=2))
        self._zip.close()


class BackupReader:
    """Reads a backup that nobody vouches for: fixed names, bounded sizes, every line checked against the manifest.

    Raises (on entering):
        BackupError: it is not a backup, is damaged, or comes from a newer version.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self.manifest = Manifest(version="", created_at="", hub="", last_seq=0, schema={})
        self._zip: zipfile.ZipFile | None = None

    def __enter__(self) -> Self:
        try:
            self._zip = zipfile.ZipFile(self.file)
            self._check_members(self._zip)
            self.manifest = _parse_manifest(self._read_manifest(self._zip))
        except _FAULTS as error:
            self.__exit__(None, None, None)
            raise BackupError(f"{self.file} cannot be read as a backup: {error}") from error
        except BackupError:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._zip is not None:
            self._zip.close()

    def read_part(self, name: str) -> Iterator[Any]:
        """Give the rows of a part; the last is given only when count and checksum are right.

        Raises:
            BackupError: the part is damaged, cut or longer than it says.
        """
        assert self._zip is not None
        expected, summary = self.manifest.parts[name], RowHash()
        held: list[Any] = []
        try:
            with self._zip.open(_member(name)) as lines:
                while line := lines.readline(_LINE_LIMIT):
                    summary.add_line(line)
                    if not line.endswith(b"\n") or summary.rows > expected.rows:
                        raise BackupError(f"{self.file}: {name} is damaged in line {summary.rows}")
                    yield from held
                    held = [_parse_line(line, name)]
        except _FAULTS as error:
            raise BackupError(f"{self.file}: {name} cannot be read: {error}") from error
        if summary.part != expected:
            raise BackupError(f"{self.file}: {name} has {summary.rows} rows and not the checksum of the manifest")
        yield from held

    def verify(self) -> None:
        """Read everything once.

        Raises:
            BackupError: something is damaged.
        """
        for name in self.manifest.parts:
            for _ in self.read_part(name):
                pass

    def _check_members(self, archive: zipfile.ZipFile) -> None:
        allowed = {_MANIFEST, *(_member(name) for name in SECTIONS)}
        names = [member.filename for member in archive.infolist()]
        if len(names) != len(set(names)) or (strange := set(names) - allowed) or _MANIFEST not in names:
            what = "a part twice" if len(names) != len(set(names)) else f"{sorted(strange)[:3] or 'no manifest'}"
            raise BackupError(f"{self.file} is not a backup of irzhub: it holds {what}")
        for member in archive.infolist():
            if member.file_size > max(_RATIO_LIMIT * member.compress_size, _MANIFEST_LIMIT):
                raise BackupError(f"{self.file}: {member.filename} would grow to {member.file_size} bytes")
        if sum(member.file_size for member in archive.infolist()) > _TOTAL_LIMIT:
            raise BackupError(f"{self.file} would grow beyond {_TOTAL_LIMIT} bytes")

    def _read_manifest(self, archive: zipfile.ZipFile) -> Any:
        if archive.getinfo(_MANIFEST).file_size > _MANIFEST_LIMIT:
            raise BackupError(f"{self.file}: the manifest is larger than {_MANIFEST_LIMIT} bytes")
        return _parse_line(archive.read(_MANIFEST), _MANIFEST)


def _member(name: str) -> str:
    return f"{name}.jsonl"


def _parse_line(line: bytes, name: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BackupError(f"{name}: expected JSON, got {line[:80]!r}") from error


def _parse_manifest(data: Any) -> Manifest:
    try:
        if data["format"] != FORMAT:
            raise BackupError(f"expected a backup of format {FORMAT}, got {data['format']!r}: a newer irzhub made it")
        parts = {name: Part(int(part["rows"]), str(part["sha256"])) for name, part in data["parts"].items()}
        if parts.keys() != SECTIONS.keys():
            raise BackupError(f"expected the parts {sorted(SECTIONS)}, got {sorted(parts)}")
        if not 0 <= (last_seq := int(data["last_seq"])) < 1 << 62:
            raise ValueError(f"last_seq {data['last_seq']!r:.40}")
        return Manifest(
            version=str(data["version"]),
            created_at=format_time(parse_time(data["created_at"])),
            hub=str(data["hub"]),
            last_seq=last_seq,
            schema={str(area): str(revision) for area, revision in data["schema"].items()},
            parts=parts,
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise BackupError(f"the manifest is not one of a backup: {error!r}") from error
