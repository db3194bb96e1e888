"""The machine under the hub does not do what it should: wall clock, disk and names, see host.c."""

import shutil
import struct
import subprocess
from pathlib import Path

import pytest

COMPILER = shutil.which("cc")
needs_compiler = pytest.mark.skipif(COMPILER is None, reason="no C compiler for the bad host (apt install gcc)")


class BadHost:
    """What one process takes for its machine; all is well with it until told otherwise."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "host"
        self._library = folder / "host.so"
        self._wrong = [0.0, 0.0, 0.0]
        self._write()
        source = Path(__file__).with_name("host.c")
        subprocess.run([COMPILER or "cc", "-shared", "-fPIC", "-O1", "-o", self._library, source, "-ldl"], check=True)

    @property
    def prefix(self) -> tuple[str, ...]:
        """What runs a command on this host."""
        return "env", f"LD_PRELOAD={self._library}", f"BAD_HOST={self._file}"

    def step_clock(self, offset_s: float) -> None:
        """Set the wall clock to so many seconds from the true time."""
        self._wrong[0] = offset_s
        self._write()

    def break_syncs(self, probability: float) -> None:
        """Let each fsync fail with EIO, with this probability."""
        self._wrong[1] = probability
        self._write()

    def delay_names(self, seconds: float) -> None:
        """Let the resolver take so long for names under `.test`, also for those that it is asked for already."""
        self._wrong[2] = seconds
        self._write()

    def _write(self) -> None:
        with self._file.open("r+b" if self._file.exists() else "wb") as file:
            file.write(struct.pack("3d", *self._wrong))
