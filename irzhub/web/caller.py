"""From which address a request really comes, where reverse proxies stand before the hub."""

import ipaddress
from functools import lru_cache
from typing import Final, TypeAlias

from aiohttp import web

_Networks: TypeAlias = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
_HOPS: Final = 20


def caller_address(request: web.Request, proxies: tuple[str, ...]) -> str:
    """Return the address that called: the peer, or whom a proxy of `proxies` (CIDR) names in X-Forwarded-For.

    The list is read from its end, as far as proxies of ours wrote it: what stands before, anybody can forge.
    """
    address = request.remote or ""
    if not proxies:
        return address
    networks = _networks(proxies)
    named = [each.strip() for each in ",".join(request.headers.getall("X-Forwarded-For", [])).split(",")]
    for each in reversed(named[-_HOPS:]):
        if not _is_in(address, networks) or not _is_address(each):
            break
        address = each
    return address


@lru_cache(maxsize=8)
def _networks(proxies: tuple[str, ...]) -> _Networks:
    return tuple(ipaddress.ip_network(each) for each in proxies)


def _is_in(address: str, networks: _Networks) -> bool:
    return _is_address(address) and any(ipaddress.ip_address(address) in each for each in networks)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
