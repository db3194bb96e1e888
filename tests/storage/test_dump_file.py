import io
import zipfile
from pathlib import Path

import pytest

from irzhub.storage.dump_file import BackupReader, BackupWriter, Manifest, RowHash
from irzhub.storage.dump_rows import SECTIONS
from irzhub.storage.errors import BackupError


def written(rows: list[object]) -> bytes:
    out = io.BytesIO()
    writer = BackupWriter(out)
    for name in SECTIONS:
        writer.write_part(name, rows if name == "local/meta" else [])
    writer.finish(
        Manifest(
            version="1", created_at="2026-11-21T18:57:03.120Z", hub="main", last_seq=7, schema={}, parts=writer.parts
        )
    )
    return out.getvalue()


def test_what_was_written_is_read(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(written([{"a": "дверь"}, {"a": None}]))

    with BackupReader(tmp_path / "x.zip") as reader:
        reader.verify()
        assert reader.manifest.last_seq == 7
        assert list(reader.read_part("local/meta")) == [{"a": "дверь"}, {"a": None}]
        assert list(reader.read_part("local/users")) == []


def test_a_file_cut_anywhere_is_refused(tmp_path: Path) -> None:
    whole = written([{"a": number} for number in range(200)])
    for length in range(0, len(whole), 97):
        (tmp_path / "x.zip").write_bytes(whole[:length])
        with pytest.raises(BackupError), BackupReader(tmp_path / "x.zip") as reader:
            reader.verify()


def test_a_changed_byte_never_gives_other_rows(tmp_path: Path) -> None:
    rows: list[object] = [{"a": number} for number in range(50)]
    whole = written(rows)
    for position in range(0, len(whole), 41):
        damaged = bytearray(whole)
        damaged[position] ^= 0x55
        (tmp_path / "x.zip").write_bytes(damaged)
        try:
            with BackupReader(tmp_path / "x.zip") as reader:
                reader.verify()
                assert list(reader.read_part("local/meta")) == rows
        except BackupError:
            continue


def test_a_part_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(written([]))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(tmp_path / "x.zip", "a") as archive:
        archive.writestr("local/meta.jsonl", b"{}\n")

    with pytest.raises(BackupError, match="a part twice"), BackupReader(tmp_path / "x.zip"):
        pass


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b'"last_seq":7', b'"last_seq":-1'),
        (b'"last_seq":7', b'"last_seq":1e999'),
        (b'"last_seq":7', b'"last_seq":' + b"9" * 30),
        (b'"last_seq":7', b'"last_seq":null'),
        (b'"created_at":"2026', b'"created_at":"yesterday, 2026'),
        (b'"created_at":"2026-11-21T18:57:03.120Z"', b'"created_at":"0001-01-01T00:00:00+01:00"'),
        (b'"rows":0', b'"rows":1e999'),
        (b'"rows":0', b'"rows":[]'),
        (b'"schema":{}', b'"schema":[]'),
        (b"{", b"["),
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(tmp_path: Path, good: bytes, bad: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(written([]))) as whole, zipfile.ZipFile(tmp_path / "x.zip", "w") as changed:
        for name in whole.namelist():
            changed.writestr(name, whole.read(name).replace(b'": ', b'":').replace(good, bad))

    with pytest.raises(BackupError, match=r"manifest"), BackupReader(tmp_path / "x.zip"):
        pass


def test_a_line_without_end_is_not_kept_in_memory(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(written([{"a": "x" * (5 * 1024 * 1024)}]))

    with pytest.raises(BackupError), BackupReader(tmp_path / "x.zip") as reader:
        reader.verify()


def test_the_hash_depends_on_every_row_and_their_order() -> None:
    one, other = RowHash(), RowHash()
    for row in ({"a": 1}, {"a": 2}):
        one.add(row)
    for row in ({"a": 2}, {"a": 1}):
        other.add(row)

    assert one.part.rows == other.part.rows == 2
    assert one.part.sha256 != other.part.sha256


def test_rows_that_the_manifest_does_not_vouch_for_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(written([{"a": 1}]))) as good, zipfile.ZipFile(tmp_path / "x.zip", "w") as changed:
        for name in good.namelist():
            changed.writestr(name, good.read(name).replace(b'{"a":1}', b'{"a":2}'))

    with (
        pytest.raises(BackupError, match="not the checksum of the manifest"),
        BackupReader(tmp_path / "x.zip") as reader,
    ):
        reader.verify()
