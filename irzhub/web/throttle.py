"""How many bad tokens one source may show: a bucket for each network, bounded in number."""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Final

_SOURCES: Final = 4096


@dataclass(slots=True)
class _Bucket:
    """`level` drains by itself; `at` is the monotonic time of the last look."""

    level: float
    at: float


@dataclass(slots=True)
class Throttle:
    """Counts failures by source; one that failed `burst` times may fail again once in `period_s`.

    Whoever fails with many addresses of one IPv6 /64 is one source. The longest unseen source is forgotten
    when there are 4,096.
    """

    burst: int = 20
    period_s: float = 3.0
    _buckets: OrderedDict[str, _Bucket] = field(default_factory=OrderedDict)

    def wait_s(self, source: str, now: float) -> float:
        """Return how many seconds `source` must wait before it may try again, 0 when it may now."""
        bucket = self._buckets.get(network_of(source))
        if bucket is None:
            return 0.0
        level = bucket.level - (now - bucket.at) / self.period_s
        return max(0.0, (level - self.burst + 1) * self.period_s)

    def failed(self, source: str, now: float) -> None:
        """Count one failure."""
        network = network_of(source)
        bucket = self._buckets.pop(network, None) or _Bucket(0.0, now)
        drained = max(0.0, bucket.level - (now - bucket.at) / self.period_s)
        self._buckets[network] = _Bucket(drained + 1, now)
        if len(self._buckets) > _SOURCES:
            self._buckets.popitem(last=False)


def network_of(source: str) -> str:
    """Return what counts as one source: an IPv4 address, an IPv6 /64, or the text as it is."""
    try:
        address = ipaddress.ip_address(source.partition("%")[0])
    except ValueError:
        return source
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


@dataclass(slots=True)
class _Tries:
    """How often a sign-in was tried, when last, and until when the next one must wait."""

    count: int
    at: float
    until: float


@dataclass(slots=True)
class LoginThrottle:
    """Counts the tries to sign in to one account from one source.

    `free` of them may follow each other within `window_s`; each further one waits, the first `first_wait_s`
    and every next one twice as long, up to the window. A try counts when it begins, so that many at once
    are not free; the right password makes the counter zero.
    """

    free: int = 5
    window_s: float = 900.0
    first_wait_s: float = 30.0
    _tries: OrderedDict[tuple[str, str], _Tries] = field(default_factory=OrderedDict)

    def begin(self, account: str, source: str, now: float) -> float:
        """Count a try; return 0, or how many seconds it must wait, and then it was not counted."""
        key = (account, network_of(source))
        tries = self._tries.get(key)
        if tries is not None and now < tries.until:
            return tries.until - now
        if tries is None or now - tries.at > self.window_s:
            tries = _Tries(0, now, now)
        tries.count, tries.at = tries.count + 1, now
        if (beyond := tries.count - self.free) >= 0:
            tries.until = now + min(self.window_s, self.first_wait_s * 2.0 ** min(beyond, 16))
        self._tries[key] = tries
        self._tries.move_to_end(key)
        if len(self._tries) > _SOURCES:
            self._tries.popitem(last=False)
        return 0.0

    def succeeded(self, account: str, source: str) -> None:
        """Forget the tries of an account from a source: it was its owner."""
        self._tries.pop((account, network_of(source)), None)
