"""One hub for one `data_dir`: an exclusive lock on a file, gone with the process that held it."""

import contextlib
import fcntl
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Final

from irzhub.core.exceptions import StartError

_NAME: Final = "hub.lock"


@dataclass(slots=True)
class DataDirLock:
    """The right to be the hub of `data_dir`; the kernel takes it back when the holder dies."""

    data_dir: Path
    _file: IO[str] | None = field(default=None)

    def try_acquire(self) -> bool:
        """Take the lock if nobody has it; say whether it is ours now."""
        file = (self.data_dir / _NAME).open("a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        with contextlib.suppress(OSError):  # a full disk: the lock holds all the same, only the note is missing
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
        self._file = file
        return True

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            StartError: another hub runs on this `data_dir`.
        """
        if not self.try_acquire():
            raise StartError(
                f"another irzhub{self._holder()} runs on {self.data_dir}: stop it, or give this one "
                "a `hub.data_dir` of its own"
            )

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _holder(self) -> str:
        try:
            pid = (self.data_dir / _NAME).read_text("ascii").strip()
        except (OSError, ValueError):
            return ""
        return f" (process {pid})" if pid.isdigit() else ""
