"""How the process asks the C library for memory."""

import ctypes
import sys
from typing import Final

_M_ARENA_MAX: Final = -8
_ARENAS: Final = 1


def share_one_arena() -> bool:
    """Let all threads allocate from one arena; return whether the C library took it.

    Each thread would get an arena of its own, which keeps what was used in it at its busiest. The hub's threads do
    one thing at a time and wait for the interpreter anyway, so they would have nothing from it. Another C library than
    glibc has no such setting.
    """
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and mallopt(_M_ARENA_MAX, _ARENAS) == 1
