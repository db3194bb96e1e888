"""The journal under SIGKILL: a test of the whole part (docs: committed before acknowledged)."""

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from irzhub.storage.local import open_beside
from irzhub.storage.pins import load_pins

CHILD = Path(__file__).with_name("crash_child.py")
ROOT = CHILD.parent.parent.parent
SEED = 20261121


def acknowledged(output: bytes) -> dict[int, tuple[str, bool]]:
    """Return what a child said it had published: id and durability by number."""
    whole = output[: output.rfind(b"\n") + 1].decode().split("\n")[:-1]
    return {int(seq): (id_, durable == "1") for seq, id_, durable in (line.split() for line in whole)}


def run_and_kill(data_dir: Path, after_s: float, hold_lock: bool = False) -> dict[int, tuple[str, bool]]:
    out = data_dir / "out"
    with out.open("wb") as log:
        child = subprocess.Popen(
            [sys.executable, str(CHILD), str(data_dir)],
            stdout=log,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
            start_new_session=True,
        )
        try:
            deadline = time.monotonic() + 30
            while not out.stat().st_size:
                assert time.monotonic() < deadline
                assert child.poll() is None
                time.sleep(0.01)  # noqa: TID251
            if hold_lock:
                with closing(sqlite3.connect(data_dir / "hub.db", isolation_level=None, timeout=5)) as other:
                    other.execute("BEGIN IMMEDIATE")
                    time.sleep(after_s)  # noqa: TID251
                    child.kill()
                    child.wait()
            else:
                time.sleep(after_s)  # noqa: TID251
        finally:
            child.kill()
            child.wait()
    return acknowledged(out.read_bytes())


def stored(data_dir: Path) -> dict[int, str]:
    with closing(sqlite3.connect(data_dir / "hub.db")) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return dict(raw.execute("SELECT seq, id FROM events ORDER BY seq"))


def test_ten_kills_in_a_burst_lose_no_acknowledged_event(tmp_path: Path) -> None:
    choose = random.Random(SEED)
    told: dict[int, str] = {}
    for _ in range(10):
        for seq, (id_, durable) in run_and_kill(tmp_path, choose.uniform(0.01, 0.4)).items():
            assert durable
            assert told.get(seq) is None, f"number {seq} was given twice (seed {SEED})"
            told[seq] = id_
        found = stored(tmp_path)
        assert {seq: found.get(seq) for seq in told} == told, f"an acknowledged event is not stored (seed {SEED})"
        assert list(found) == list(range(1, len(found) + 1)), f"numbers have a gap (seed {SEED})"

    assert len(told) > 200
    newest: dict[str, str] = {}
    with closing(sqlite3.connect(tmp_path / "hub.db")) as raw:
        newest.update(raw.execute("SELECT modem, json_extract(data, '$.level') FROM events ORDER BY seq"))
    with open_beside(tmp_path) as connection:
        assert {pin.modem: pin.level for pin in load_pins(connection)} == newest


def test_numbers_given_without_the_disk_are_not_given_again_after_a_kill(tmp_path: Path) -> None:
    first = run_and_kill(tmp_path, after_s=3.5, hold_lock=True)
    lost = [seq for seq, (_, durable) in first.items() if not durable]
    assert lost, "the journal did not go on without the disk"

    second = run_and_kill(tmp_path, after_s=0.1)

    assert min(second) > max(first)
    assert all(durable for _, durable in second.values())
