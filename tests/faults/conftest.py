"""Servers and file systems of their own for tests that harm them."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mariadb import mariadb_template, own_mariadb

__all__ = ["mariadb_template", "own_mariadb"]


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 12 MB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", folder], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("mounting a small disk is not allowed here (it needs CAP_SYS_ADMIN)")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
