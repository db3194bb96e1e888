"""`irzhub backup FILE` and what it says; tests/storage/test_dump.py proves what is in the file."""

import zipfile
from pathlib import Path

from tests.cli.conftest import Irzhub


def test_nothing_to_save(irzhub: Irzhub, tmp_path: Path) -> None:
    done = irzhub("backup", "hub.zip")

    assert done.status == 1
    assert "there is nothing to back up" in done.err
    assert not (tmp_path / "hub.zip").exists()


def test_a_backup_beside_a_hub_that_never_ran_long(irzhub: Irzhub, tmp_path: Path) -> None:
    irzhub("token", "add", "scada", "--role", "viewer")
    done = irzhub("backup", "hub.zip")

    # Only the hub itself makes the history database, so an account alone cannot be saved yet.
    assert done.status == 1
    assert "start the hub once" in done.err
    assert not zipfile.is_zipfile(tmp_path / "hub.zip")
