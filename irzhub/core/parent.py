"""How a child process makes sure that it does not outlive the hub (ARCHITECTURE D13)."""

import ctypes
import os
import signal
import sys
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def die_with_parent(parent: int, number: signal.Signals = signal.SIGTERM) -> None:
    """Let the kernel send a signal to this process when `parent` dies; exit at once when it is dead already.

    The wish survives `execve`. On other systems than Linux there is no such call and the hub's own stop has to do.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:  # it died between our birth and the call above: nobody would ever tell us
        sys.exit(f"the parent {parent} is gone")
