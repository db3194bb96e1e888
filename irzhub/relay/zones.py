"""Time zones of sites, read from disk by a thread: a modem's clock is set from the answer to its hello."""

import asyncio
import logging
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_log = logging.getLogger(__name__)


class Zones:
    """The zones that were needed so far, by IANA name."""

    __slots__ = ("_zones",)

    def __init__(self) -> None:
        self._zones: dict[str, tzinfo] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._zones

    async def load(self, name: str) -> None:
        """Read a zone if it was not read before; a name that nobody knows stands for UTC."""
        if name not in self._zones:
            self._zones[name] = await asyncio.to_thread(_read, name)

    def get(self, name: str) -> tzinfo:
        """Return a zone that was loaded, UTC when it was not."""
        return self._zones.get(name, UTC)

    def local_time(self, name: str, now: datetime) -> datetime:
        """Return the aware time `now` on a clock in a zone that was loaded; in UTC when it was not."""
        return now.astimezone(self.get(name))


def _read(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        _log.warning("there is no time zone %r; modems there get the time in UTC", name)
        return UTC
