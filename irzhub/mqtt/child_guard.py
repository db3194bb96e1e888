"""Runs a program so that it cannot outlive the process that wanted it (ARCHITECTURE D13).

`python -m irzhub.mqtt.child_guard PARENT_PID PROGRAM ARG...` asks the kernel for SIGTERM at the death of
the parent and then becomes the program: the wish survives `execve`, so nothing stays between the two. It
is SIGTERM, not SIGKILL, so that a broker whose hub was killed still writes what it holds. Only the
standard library is imported, as this runs at each start of the broker.
"""

import ctypes
import os
import signal
import sys
from collections.abc import Sequence
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def die_with_parent(parent: int) -> None:
    """Let the kernel send SIGTERM to this process when `parent` dies; exit at once when it is dead already.

    On other systems than Linux there is no such call and the hub's own stop has to do.
    """
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if os.getppid() != parent:  # it died between our birth and the call above: nobody would ever tell us
        sys.exit(f"the parent {parent} is gone")


def main(arguments: Sequence[str]) -> None:
    """Become the program that `arguments` name: parent's pid, program, its arguments."""
    die_with_parent(int(arguments[0]))
    os.execvp(arguments[1], list(arguments[1:]))  # noqa: S606 - the hub names the program, no shell is involved


if __name__ == "__main__":
    main(sys.argv[1:])
