"""Servers and file systems of their own for tests that harm them."""

import subprocess
import tempfile
import time
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
_taken: list[Mapping[str, Any]] = []
_outcomes: Counter[str] = Counter()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of this folder the time that a busy machine needs."""
    for item in items:
        if _HERE in item.path.parents:
            item.add_marker(pytest.mark.timeout(PATIENCE_S))


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
