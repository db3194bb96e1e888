from pathlib import Path

import pytest

from irzhub.core.exceptions import StartError
from irzhub.storage.lock import DataDirLock


def test_only_one_holds_it(tmp_path: Path) -> None:
    first, second = DataDirLock(tmp_path), DataDirLock(tmp_path)

    assert first.try_acquire()
    assert not second.try_acquire()
    first.release()
    assert second.try_acquire()
    second.release()


def test_a_refusal_names_the_process_and_the_way_out(tmp_path: Path) -> None:
    first = DataDirLock(tmp_path)
    first.acquire()

    with pytest.raises(StartError, match=r"another irzhub \(process \d+\) runs on .*: stop it, or .* `hub\.data_dir`"):
        DataDirLock(tmp_path).acquire()
    first.release()


def test_a_lock_file_with_rubbish_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "hub.lock").write_bytes(b"\xff\xfe rubbish")
    lock = DataDirLock(tmp_path)

    assert lock.try_acquire()
    lock.release()
    lock.release()
