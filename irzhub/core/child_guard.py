"""Runs a program so that it cannot outlive the process that wanted it (ARCHITECTURE D13).

`python -m irzhub.core.child_guard PARENT_PID PROGRAM ARG...` asks the kernel for SIGTERM at the death of
the parent and then becomes the program: the wish survives `execve`, so nothing stays between the two. It
is SIGTERM, not SIGKILL, so that a broker whose hub was killed still writes what it holds. Little more than
the standard library is imported, as this runs at each start of such a program.
"""

import os
import sys
from collections.abc import Sequence

from irzhub.core.parent import die_with_parent


def main(arguments: Sequence[str]) -> None:
    """Become the program that `arguments` name: parent's pid, program, its arguments."""
    die_with_parent(int(arguments[0]))
    os.execvp(arguments[1], list(arguments[1:]))  # noqa: S606 - the hub names the program, no shell is involved


if __name__ == "__main__":
    main(sys.argv[1:])
