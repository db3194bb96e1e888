"""Remembers over restarts which PIN did not open which SIM card, without keeping the PIN."""

import asyncio
import hashlib
from dataclasses import dataclass
from functools import partial

from irzhub.api import LocalStore, get_meta, set_meta

from .startup import PinTry


@dataclass(frozen=True, slots=True)
class PinGuard:
    """One line of the local store for each modem: what was tried last without success, hashed slowly."""

    store: LocalStore
    modem: str
    pin: str | None

    @property
    def one_try(self) -> PinTry:
        """What the start of a modem asks before and after it enters the PIN."""
        return PinTry(self.pin, self._may_try, self._succeeded)

    async def _may_try(self, card: str) -> bool:
        mark = await asyncio.to_thread(_mark, self.pin or "", f"{self.modem}:{card}")
        if await self.store.read(lambda connection: get_meta(connection, self._key)) == mark:
            return False
        await self.store.write(partial(set_meta, key=self._key, value=mark))
        return True

    async def _succeeded(self) -> None:
        await self.store.write(partial(set_meta, key=self._key, value=""))

    @property
    def _key(self) -> str:
        return f"gsm_modem.pin_tried.{self.modem}"


def _mark(pin: str, where: str) -> str:
    # A PIN has four digits: only a slow hash keeps who reads a backup from trying all of them in a moment.
    return hashlib.scrypt(pin.encode(), salt=where.encode(), n=2**14, r=8, p=1, dklen=16).hex()
