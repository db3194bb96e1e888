"""The budget of file descriptors (ARCHITECTURE D8): some always stay free for programs, the page and files.

A modem costs two of them, its session and its polling port, and the kernel refuses everything once they
are used up. So the relay stops to take modems in before that.
"""

import asyncio
import logging
import os
import resource
from collections.abc import Callable
from typing import Final

_log = logging.getLogger(__name__)
RESERVE_LEAST: Final = 256


def raise_limit() -> int:
    """Raise the soft limit of open files to the hard one and return it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        except (OSError, ValueError) as error:
            _log.warning("the limit of open files stays at %d of %d: %s", soft, hard, error)
            return soft
    return hard


class Descriptors:
    """How many descriptors the process uses, known at any moment without asking the kernel.

    The relay's own sockets are counted by who keeps them (`count_own`); what the rest of the process uses
    is found now and then by counting all in /proc.
    """

    __slots__ = ("_count_own", "_others", "_reserve_share", "limit", "reserve")

    def __init__(self, reserve_share: float, count_own: Callable[[], int]) -> None:
        self._reserve_share = reserve_share
        self._count_own = count_own
        self._others = 0
        self.limit = 0
        self.reserve = 0

    @property
    def used(self) -> int:
        """How many are in use, nearly."""
        return self._count_own() + self._others

    @property
    def is_short(self) -> bool:
        """Whether only the reserve is left."""
        return self.used >= self.limit - self.reserve

    async def calibrate(self) -> None:
        """Count all in the process, and read the limit anew."""
        self.limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        # A tiny limit (a container, a test) must not be all reserve.
        self.reserve = min(max(RESERVE_LEAST, int(self.limit * self._reserve_share)), self.limit // 4)
        own = self._count_own()
        try:
            self._others = max(await asyncio.to_thread(_count_open) - own, 0)
        except OSError as error:
            _log.debug("open files cannot be counted: %s", error)

    def exhausted(self) -> None:
        """The kernel has just refused one: so all are in use, until the next count."""
        self._others = max(self.limit - self._count_own(), 0)


def _count_open() -> int:
    return len(os.listdir("/proc/self/fd")) - 1  # noqa: PTH208 - twenty thousand names, no objects for them
