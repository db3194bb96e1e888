"""What runs low at the hub itself: space on its disk, money on its SIM cards. Each is a part of the hub's health."""

import asyncio
import logging
import shutil
from pathlib import Path
from typing import Final

from irzhub.core.exceptions import ServiceError
from irzhub.core.health import Health, PartState
from irzhub.core.services import GSM_MODEMS, GsmModemList, GsmModemView, Services

_log = logging.getLogger(__name__)

DISK: Final = "disk"
BALANCE: Final = "sim_balance"
_EVERY_S: Final = 60.0
_GIGABYTE: Final = 1e9


class OwnHealth:
    """Looks again and again; what it finds low becomes an incident of the hub like any part that does not work.

    Args:
        folder: whose disk is looked at. disk_free_percent: below it people are warned; 0: nobody looks.
    """

    def __init__(self, folder: Path, disk_free_percent: int, health: Health, services: Services) -> None:
        self._folder = folder
        self._percent = disk_free_percent
        self._health = health
        self._services = services

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
        await self._look_at_balance()

    async def _look_at_balance(self) -> None:
        if not self._services.offers(GSM_MODEMS):
            self._health.forget(BALANCE)
            return
        try:
            modems = await self._services.call(GSM_MODEMS, GsmModemList())
        except ServiceError:
            return
        if (judged := judge_balance(modems)) is not None:
            self._health.set(BALANCE, *judged)


def judge_disk(free: int, total: int, percent: int) -> tuple[PartState, str]:
    """Return how a disk is: warned of below so many percent free, alarming below a third of that."""
    share = 100 * free / max(total, 1)
    text = f"{free / _GIGABYTE:.1f} GB free, {share:.0f} %"
    if share >= percent:
        return "up", text
    return ("down" if share < percent / 3 else "degraded"), text


def judge_balance(modems: tuple[GsmModemView, ...]) -> tuple[PartState, str] | None:
    """Return how the SIM cards' money is, None while no modem has told it."""
    known = [modem for modem in modems if modem.balance is not None]
    if not known:
        return None
    low = [f"{modem.name}: {modem.balance:.2f}" for modem in known if modem.is_balance_low]
    return ("degraded", f"low balance on {', '.join(low)}") if low else ("up", "")
