"""Servers and file systems of their own for tests that harm them."""

import os
import subprocess
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from tests.faults.tally import COUNTS_FILE, TALLY, summed, write_counts
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


PATIENCE_S = 600
"""How long a test here may take on a machine that others use too."""
_HERE = Path(__file__).parent
_SHARE = int(os.environ.get("IRZHUB_FAULT_SHARE", "1"))
"""One test in so many; which, `IRZHUB_FAULT_SEED` says."""
_SEED = os.environ.get("IRZHUB_FAULT_SEED", "")
_taken: list[Mapping[str, Any]] = []
_outcomes: Counter[str] = Counter()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give the tests of this folder the time that a busy machine needs; keep a share of them, by the seed, if asked."""
    left_out = []
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(PATIENCE_S))
            if zlib.crc32(f"{_SEED} {item.nodeid}".encode()) % _SHARE:
                left_out.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(autouse=True)
def tally(record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Hand on what a test has tried, also from another process."""
    TALLY.take()
    yield
    record_property("tally", TALLY.take())


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Gather what the tests have tried, where all reports come together."""
    if report.when == "teardown":
        _taken.extend(cast("Mapping[str, Any]", value) for name, value in report.user_properties if name == "tally")
    if report.when == "call" or report.outcome != "passed":
        _outcomes[report.outcome] += 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the counts of a whole run, if they are wanted."""
    if COUNTS_FILE is not None and not hasattr(session.config, "workerinput"):
        counts = {**summed(_taken), "tests": dict(_outcomes), "date": time.strftime("%Y-%m-%d", time.gmtime())}
        write_counts(Path(COUNTS_FILE), "faults", counts)
