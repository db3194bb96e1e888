"""Whether an address belongs to one of the networks of a setting."""

import ipaddress
from functools import lru_cache
from typing import TypeAlias

from irzhub.relay.settings import ANY_NETWORK

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


def is_inside(host: str, networks: tuple[str, ...]) -> bool:
    """Say whether a peer's address, as the socket gives it, is in one of the networks (CIDRs)."""
    if networks == ANY_NETWORK:
        return True
    if not networks:
        return False
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    # A socket that listens on :: shows IPv4 peers as ::ffff:a.b.c.d.
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return any((mapped or address) in network for network in _parse_networks(networks))


@lru_cache(maxsize=256)
def _parse_networks(networks: tuple[str, ...]) -> tuple[Network, ...]:
    # Thousands of modems share a handful of lists.
    return tuple(ipaddress.ip_network(network, strict=False) for network in networks)
