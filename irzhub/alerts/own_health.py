"""Space on the disk of the hub, as a part of its health: when it runs low, that is an incident like any other.

Other parts tell of themselves: broker and database, the certificate (web/tls.py), money on SIM cards (gsm_modem).
"""

import asyncio
import logging
import shutil
from pathlib import Path
from typing import Final

from irzhub.core.health import Health, PartState

_log = logging.getLogger(__name__)

DISK: Final = "disk"
_EVERY_S: Final = 60.0
_GIGABYTE: Final = 1e9


class OwnHealth:
    """Looks again and again.

    Args:
        folder: whose disk is looked at. disk_free_percent: below it people are warned; 0: nobody looks.
    """

    def __init__(self, folder: Path, disk_free_percent: int, health: Health) -> None:
        self._folder = folder
        self._percent = disk_free_percent
        self._health = health

    async def run(self) -> None:
        """Look for ever."""
        while True:
            await self.look()
            await asyncio.sleep(_EVERY_S)

    async def look(self) -> None:
        """Look once."""
        if self._percent:
            try:
                usage = await asyncio.to_thread(shutil.disk_usage, self._folder)
            except OSError as error:
                self._health.set(DISK, "down", f"{self._folder}: {error}")
            else:
                self._health.set(DISK, *judge_disk(usage.free, usage.total, self._percent))


def judge_disk(free: int, total: int, percent: int) -> tuple[PartState, str]:
    """Return how a disk is: warned of below so many percent free, alarming below a third of that."""
    share = 100 * free / max(total, 1)
    text = f"{free / _GIGABYTE:.1f} GB free, {share:.0f} %"
    if share >= percent:
        return "up", text
    return ("down" if share < percent / 3 else "degraded"), text
