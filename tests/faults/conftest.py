"""Servers and file systems of their own for tests that harm them."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mariadb import mariadb_template, own_mariadb

__all__ = ["mariadb_template", "own_mariadb"]


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A file system of 12 MB of its own; outside of `tmp_path`, which another run of pytest may clear away."""
    folder = Path(tempfile.mkdtemp(prefix="irzhub-disk-"))
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", folder], capture_output=True, check=False)
    if made.returncode:
        folder.rmdir()
        pytest.skip("mounting a small disk is not allowed here (it needs CAP_SYS_ADMIN)")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=True)
        folder.rmdir()
