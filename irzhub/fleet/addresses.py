"""Under which `host:port` a polling program is told to reach a modem (`relay.polling.advertise`)."""

from functools import lru_cache
from typing import Final

from irzhub.config.settings import AdvertisedAddress
from irzhub.fleet.networks import address_towards

_WILDCARDS: Final = frozenset({"0.0.0.0", "::", ""})


class Addresses:
    """The advertised address of a polling port.

    The first of the configured addresses when there are any. With `auto`, the pool's own host unless that
    is a wildcard, then the machine's address as it is seen from the asker.
    """

    def __init__(self, advertised: tuple[AdvertisedAddress, ...]) -> None:
        self._advertised = advertised
        self._towards = lru_cache(maxsize=256)(address_towards)

    def of(self, host: str, port: int, towards: str | None = None) -> str:
        """Return `host:port` for a port that listens on `host`, as `towards` (an IP address) should dial it."""
        return _join(self._host(host, towards), port)

    def all_of(self, host: str, port: int, towards: str | None = None) -> dict[str, str]:
        """Return every advertised address by its name; a single one without a name for `auto`."""
        if not self._advertised:
            return {"": self.of(host, port, towards)}
        return {each.name: _join(each.host, port) for each in self._advertised}

    def _host(self, host: str, towards: str | None) -> str:
        if self._advertised:
            return self._advertised[0].host
        return self._towards(towards) if host in _WILDCARDS else host


def _join(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
