"""How many new modems one source may register (`relay.modems.register_limit`)."""

import ipaddress
from collections import OrderedDict, deque
from typing import Final

from irzhub.config.settings import RegisterLimit

_SOURCES_KEPT: Final = 4096


class RegisterLimiter:
    """Counts registrations for each /24 (IPv6: /64) over a sliding period; loopback is exempt."""

    def __init__(self, limit: RegisterLimit) -> None:
        self._limit = limit
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def admits(self, address: str, now: float) -> bool:
        """Say whether one more modem from `address` may be registered at monotonic time `now`, and count it."""
        parsed = ipaddress.ip_address(address)
        if parsed.is_loopback:
            return True
        network = str(ipaddress.ip_network(f"{address}/{24 if parsed.version == 4 else 64}", strict=False))
        times = self._seen.setdefault(network, deque())
        self._seen.move_to_end(network)
        while times and times[0] <= now - self._limit.period_s:
            times.popleft()
        if len(times) >= self._limit.count:
            return False
        times.append(now)
        if len(self._seen) > _SOURCES_KEPT:
            self._seen.popitem(last=False)
        return True
