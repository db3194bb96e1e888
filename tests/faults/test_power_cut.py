"""The power goes at any moment: what was committed is in the file, which is whole.

A kill is not a power cut: the kernel still writes what it holds. So every write and every sync of the real local
store is recorded by a VFS, and then the file is put together anew as a disk may have it after a cut at any point:
all that was synced, and of what was written since then nothing, all, any part, or any sectors of any part: a disk
writes sectors of 512 bytes, in what order it likes, and a cut may tear a write between two of them.
"""

import contextlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import apsw
import pytest

from irzhub.storage import sqlite as store
from tests.faults.tally import TALLY

COMMITS = 25
SECTOR = 512
Deed = tuple[Literal["write", "truncate", "sync", "delete", "commit"], str, int, bytes]


@dataclass
class Recorder:
    """All that a database did to its files, in order; a `commit` says that its caller was told so."""

    deeds: list[Deed] = field(default_factory=list)

    def committed(self, number: int) -> None:
        """Note that commit `number` has returned."""
        self.deeds.append(("commit", "", number, b""))


def files_after(deeds: list[Deed], kept: Callable[[], bool], *, tears: bool = False) -> dict[str, bytearray]:
    """Return the files after `deeds` when of the unsynced writes only those survive for which `kept()` is true.

    `tears`: it is asked for each sector of a write.
    """
    synced: dict[str, bytearray] = {}
    waiting: dict[str, list[Deed]] = {}
    for deed in deeds:
        kind, name, _, _ = deed
        if kind == "sync":
            for each in waiting.pop(name, []):
                _apply(synced, each)
            synced.setdefault(name, bytearray())
        elif kind == "delete":
            waiting.pop(name, None)
            synced.pop(name, None)
        elif kind != "commit":
            waiting.setdefault(name, []).append(deed)
    for late in waiting.values():
        for each in late:
            if tears and each[0] == "write":
                for sector in _sectors(each):
                    if kept():
                        _apply(synced, sector)
            elif kept():
                _apply(synced, each)
    return synced


def _sectors(deed: Deed) -> Iterator[Deed]:
    """Cut a write where the sectors of the disk do."""
    _, name, place, data = deed
    at = 0
    while at < len(data):
        size = SECTOR - (place + at) % SECTOR
        yield "write", name, place + at, data[at : at + size]
        at += size


def _apply(files: dict[str, bytearray], deed: Deed) -> None:
    kind, name, place, data = deed
    file = files.setdefault(name, bytearray())
    if kind == "truncate":
        del file[place:]
        return
    if len(file) < place:
        file.extend(bytes(place - len(file)))
    file[place : place + len(data)] = data


@contextlib.contextmanager
def recording(folder: Path) -> Iterator[tuple[Recorder, str]]:
    """Register a VFS that does as it is told and notes it; return what it notes and its name."""
    recorder = Recorder()

    class File(apsw.VFSFile):
        def __init__(self, name: Any, flags: Any) -> None:
            self.name = Path(name.filename() if hasattr(name, "filename") else name).name
            super().__init__("", name, flags)

        def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
            recorder.deeds.append(("write", self.name, offset, bytes(data)))
            super().xWrite(data, offset)

        def xTruncate(self, size: int) -> None:  # noqa: N802
            recorder.deeds.append(("truncate", self.name, size, b""))
            super().xTruncate(size)

        def xSync(self, flags: int) -> None:  # noqa: N802
            recorder.deeds.append(("sync", self.name, 0, b""))
            super().xSync(flags)

    class Vfs(apsw.VFS):
        def __init__(self) -> None:
            super().__init__(f"recorder-{folder.name}", "")

        def xOpen(self, name: Any, flags: Any) -> Any:  # noqa: N802
            return File(name, flags)

        def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802
            recorder.deeds.append(("delete", Path(name).name, 0, b""))
            super().xDelete(name, sync)

    vfs = Vfs()
    try:
        yield recorder, f"recorder-{folder.name}"
    finally:
        vfs.unregister()


def pragmas_of_the_store(folder: Path) -> list[str]:
    """Return the settings that the local store gives each of its connections, as it really sets them."""
    engine = store.open_engine(folder / "asked.db")
    with engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "journal_size_limit")
        }
    engine.dispose()
    return [f"{name}={value}" for name, value in found.items()]


def write_events(folder: Path, pragmas: list[str]) -> Recorder:
    """Commit events with checkpoints between, as the journal does; return what went to the disk."""
    with recording(folder) as (recorder, vfs):
        connection = apsw.Connection(str(folder / "hub.db"), vfs=vfs)
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.execute("PRAGMA wal_autocheckpoint=8").fetchall()  # so that some cuts fall into one
        connection.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY, data TEXT)")
        recorder.committed(0)
        for number in range(1, COMMITS + 1):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO events VALUES (?, ?)", (number, "x" * 700))
            connection.execute("COMMIT")
            recorder.committed(number)
        # Never closed before the end of the record: a cut does not close anything.
        deeds = list(recorder.deeds)
        connection.close()
    return Recorder(deeds)


def losses(folder: Path, recorder: Recorder, chance: random.Random) -> list[str]:
    """Cut the power after every deed, in six ways each; return what was wrong afterwards."""
    complaints = []

    def some() -> bool:
        return chance.random() < 0.5

    ways: dict[str, tuple[Callable[[], bool], bool]] = {
        "nothing": (lambda: False, False),
        "everything": (lambda: True, False),
        "some": (some, False),
        "some sectors": (some, True),
        "few sectors": (lambda: chance.random() < 0.1, True),
        "most sectors": (lambda: chance.random() < 0.9, True),
    }
    for cut in range(len(recorder.deeds) + 1):
        done = recorder.deeds[:cut]
        told = max((number for kind, _, number, _ in done if kind == "commit"), default=-1)
        for way, (kept, tears) in ways.items():
            TALLY.fault("power cut")
            found = reopen(folder / "after", files_after(done, kept, tears=tears))
            if found is None:
                complaints.append(f"cut {cut}, {way} unsynced kept: the file is damaged")
            elif told >= 0 and found < told:
                complaints.append(f"cut {cut}, {way} unsynced kept: {told} commits told, {found} there")
    return complaints


def reopen(folder: Path, files: dict[str, bytearray]) -> int | None:
    """Return the newest event of a database that a cut left; None when it is damaged or has a hole."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, data in files.items():
        if not name.endswith("-shm"):
            (folder / name).write_bytes(data)
    with contextlib.closing(apsw.Connection(str(folder / "hub.db"))) as connection:
        try:
            if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
                return None
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'events'").fetchall():
                return -1
            count, newest = connection.execute("SELECT count(*), coalesce(max(seq), 0) FROM events").fetchall()[0]
        except apsw.Error:
            return None
    return int(str(newest)) if count == newest else None


@pytest.mark.slow
def test_the_store_keeps_every_committed_event_over_a_power_cut_at_any_point(tmp_path: Path) -> None:
    pragmas = pragmas_of_the_store(tmp_path)
    recorder = write_events(tmp_path, pragmas)

    assert "journal_mode=wal" in pragmas
    assert sum(kind == "sync" for kind, *_ in recorder.deeds) >= COMMITS
    assert losses(tmp_path, recorder, random.Random(1)) == []


@pytest.mark.slow
def test_the_test_is_able_to_find_a_loss(tmp_path: Path) -> None:
    """With `synchronous=NORMAL`, which many take for enough, committed events are gone after a cut."""
    recorder = write_events(tmp_path, ["journal_mode=wal", "synchronous=NORMAL"])

    complaints = losses(tmp_path, recorder, random.Random(1))

    assert any("commits told" in each for each in complaints)
    assert not any("damaged" in each for each in complaints if "nothing" in each)
