"""Links by which an incident is acknowledged: signed, for one incident and one contact, good for a while."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from irzhub.storage.local import Connection, LocalStore
from irzhub.storage.meta import get_meta, set_meta

META_KEY: Final = "alerts.link_key"
_MAC: Final = 16
_LONGEST: Final = 400
_MARK: Final = b"irzhub acknowledge 1\0"


class LinkOver(Exception):
    """A link is not good: nobody made it so, or its time is over."""


@dataclass(frozen=True, slots=True)
class AckLink:
    """What a link says: who may acknowledge what, until when."""

    incident: int
    contact: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AckLinks:
    """Makes and reads the secret part of links; whoever has one can acknowledge that incident, and nothing else."""

    key: bytes

    def make(self, incident: int, contact: str, now: datetime, lasts_s: float) -> str:
        """Return the secret part of a link."""
        expires = int((now + timedelta(seconds=lasts_s)).timestamp())
        payload = f"{incident}.{expires}.{contact}".encode()
        return base64.urlsafe_b64encode(self._mac(payload) + payload).rstrip(b"=").decode()

    def read(self, text: str, now: datetime) -> AckLink:
        """Return what a link says.

        Raises:
            LinkOver: it was not made here, was changed, or its time is over.
        """
        if len(text) > _LONGEST:
            raise LinkOver("too long")
        try:
            raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except ValueError:
            raise LinkOver("not a link of this hub") from None
        mac, payload = raw[:_MAC], raw[_MAC:]
        if not hmac.compare_digest(mac, self._mac(payload)):
            raise LinkOver("not a link of this hub")
        incident, expires, contact = payload.decode().split(".", 2)
        link = AckLink(int(incident), contact, datetime.fromtimestamp(int(expires), UTC))
        if link.expires_at <= now:
            raise LinkOver("its time is over")
        return link

    def _mac(self, payload: bytes) -> bytes:
        return hmac.digest(self.key, _MARK + payload, hashlib.sha256)[:_MAC]


async def load_ack_links(store: LocalStore) -> AckLinks:
    """Return the maker of links with this hub's key, which is made at the first start."""

    def job(connection: Connection) -> str:
        if (known := get_meta(connection, META_KEY)) is None:
            set_meta(connection, META_KEY, known := secrets.token_hex(32))
        return known

    return AckLinks(bytes.fromhex(await store.write(job)))
