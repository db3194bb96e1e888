"""The page as it is served: built once, whoever needs it first; the build itself knows whether its sources changed."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
STATIC: Final = ROOT / "irzhub" / "web" / "static"
_BUILD_S: Final = 300


def build_page() -> None:
    """Build the page where that is due; several test processes wait for one of them.

    `IRZHUB_PAGE_IS_BUILT` takes it as it is, for a machine on which the sources are just being edited.
    """
    if os.environ.get("IRZHUB_PAGE_IS_BUILT"):
        return
    with _alone(ROOT / "frontend" / ".build.lock"):
        done = subprocess.run(
            ["bash", str(ROOT / "frontend" / "build.sh")],
            capture_output=True,
            text=True,
            timeout=_BUILD_S,
            check=False,
            env={**os.environ, "PYTHON": sys.executable},
        )
    assert done.returncode == 0, f"the page cannot be built:\n{done.stdout}{done.stderr}"
    assert (STATIC / "index.html").is_file()


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
