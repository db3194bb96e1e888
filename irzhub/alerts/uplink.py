"""Whether the hub's own uplink works: a place of the settings that answers, else the gateway of this machine.

A place that operators named is asked all the time and is a part of the hub's health. The gateway is only asked while
many modems are lost, to tell the hub's own trouble from that of the fleet.
"""

import asyncio
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Final

from irzhub.core.health import Health

PART: Final = "uplink"
_ROUTES: Final = Path("/proc/net/route")
_HAS_GATEWAY: Final = 0x2
_WITHIN_S: Final = 3.0
_EVERY_S: Final = 20.0
_LOOK_S: Final = 2.0
_GATEWAY_PORT: Final = 53


async def answers(host: str, port: int, within_s: float = _WITHIN_S) -> bool | None:
    """Say whether somebody is at an address; None: nothing came back at all, as behind a firewall that drops."""
    try:
        async with asyncio.timeout(within_s):
            _, writer = await asyncio.open_connection(host, port)
    except ConnectionRefusedError:
        return True  # whoever refuses is there
    except TimeoutError:
        return None
    except OSError:
        return False
    writer.close()
    return True


def gateway_of(routes: str) -> str | None:
    """Return the address of the default gateway in a table as `/proc/net/route` shows it; None when there is none."""
    for line in routes.splitlines()[1:]:
        fields = line.split()
        if len(fields) > 3 and fields[1] == "00000000" and int(fields[3], 16) & _HAS_GATEWAY:
            return socket.inet_ntoa(int(fields[2], 16).to_bytes(4, "little"))
    return None


class UplinkWatch:
    """Asks, and says what came of it.

    Args:
        place: `host:port` of the settings, None for the gateway.
        is_wanted: whether somebody wants to know about the gateway now.
        learned: told how the uplink is, None when that cannot be said.
        routes: where the machine's routes stand.
    """

    def __init__(
        self,
        place: str | None,
        health: Health,
        is_wanted: Callable[[], bool],
        learned: Callable[[bool | None], None],
        routes: Path = _ROUTES,
    ) -> None:
        self._place = place
        self._health = health
        self._is_wanted = is_wanted
        self._learned = learned
        self._routes = routes

    async def watch(self) -> None:
        """Ask for ever."""
        while True:
            if self._place is not None:
                await self.look()
                await asyncio.sleep(_EVERY_S)
            else:
                if self._is_wanted():
                    await self.look()
                await asyncio.sleep(_LOOK_S)

    async def look(self) -> bool | None:
        """Ask once; return whether the uplink works, None when that cannot be said."""
        if self._place is None:
            gateway = await asyncio.to_thread(self._gateway)
            found = None if gateway is None else await answers(gateway, _GATEWAY_PORT)
        else:
            found = bool(await self._ask_place(self._place))
        self._learned(found)
        return found

    async def _ask_place(self, place: str) -> bool | None:
        """Ask the place of the settings, twice where the first time was in vain, and note it in the health."""
        host, _, port = place.rpartition(":")
        found = await answers(host.strip("[]"), int(port)) or await answers(host.strip("[]"), int(port))
        if found:
            self._health.set(PART, "up", place)
        else:
            self._health.set(PART, "down", f"{place} does not answer")
        return found

    def _gateway(self) -> str | None:
        try:
            return gateway_of(self._routes.read_text("ascii"))
        except (OSError, ValueError):
            return None  # no Linux, or a table of another shape
