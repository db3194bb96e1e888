"""Remembers over restarts which PINs did not open which SIM card, without keeping a PIN."""

import asyncio
import hashlib
import logging
from dataclasses import dataclass
from functools import partial
from typing import Final

from irzhub.api import LocalStore, LocalStoreFailed, get_meta, set_meta

from .startup import PinTry

_log = logging.getLogger(__name__)

MOST_TRIES: Final = 2
"""Wrong PINs that a card may see of us: it locks itself with the third."""


@dataclass(frozen=True, slots=True)
class PinGuard:
    """One line of the local store for each modem: what was tried since its SIM card was open last, hashed slowly."""

    store: LocalStore
    modem: str
    pin: str | None

    @property
    def one_try(self) -> PinTry:
        """What the start of a modem asks before and after it enters the PIN."""
        return PinTry(self.pin, self._may_try, self._succeeded)

    async def _may_try(self, card: str) -> bool:
        where = f"{self.modem}:{card}"
        mark = await asyncio.to_thread(_mark, self.pin or "", where)
        owner = hashlib.sha256(where.encode()).hexdigest()[:16]
        known_owner, *tried = (await self._read() or "").split(" ")
        if known_owner != owner:
            tried = []  # another card: its own three tries
        if mark in tried or len(tried) >= MOST_TRIES:
            return False
        await self._write(" ".join((owner, *tried, mark)))
        return True

    async def _succeeded(self) -> None:
        try:
            if await self._read():
                await self._write("")
        except LocalStoreFailed as error:  # the card is open all the same; its tries are given back another time
            _log.warning("that the PIN of %s is right was not noted: %s", self.modem, error)

    async def _read(self) -> str | None:
        return await self.store.read(lambda connection: get_meta(connection, self._key))

    async def _write(self, value: str) -> None:
        await self.store.write(partial(set_meta, key=self._key, value=value))

    @property
    def _key(self) -> str:
        return f"gsm_modem.pin_tried.{self.modem}"


def _mark(pin: str, where: str) -> str:
    # A PIN has four digits: only a slow hash keeps who reads a backup from trying all of them in a moment.
    return hashlib.scrypt(pin.encode(), salt=where.encode(), n=2**14, r=8, p=1, dklen=16).hex()
