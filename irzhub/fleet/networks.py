"""What the words of `relay.polling.allow` mean as networks, and which addresses this machine has."""

import ipaddress
import itertools
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from irzhub.relay.settings import ANY_NETWORK

PRIVATE: Final = (
    "127.0.0.0/8",
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "169.254.0.0/16",
    "100.64.0.0/10",
    "::1/128",
    "fc00::/7",
    "fe80::/10",
)
"""Networks that the Internet does not route: RFC 1918, 3927, 4193, 4291, 6598."""

_TOWARDS_OUTSIDE: Final = "192.0.2.1"
"""TEST-NET-1 (RFC 5737): asked for a route only, nothing is sent to it."""


def expand_networks(words: Iterable[str], own: Iterable[str] = ()) -> tuple[str, ...]:
    """Return CIDR texts for `private` (with `own`, this machine's addresses), `any`, and CIDRs as they are."""
    networks: list[str] = []
    for word in words:
        if word == "any":
            networks.extend(ANY_NETWORK)
        elif word == "private":
            networks.extend(PRIVATE)
            networks.extend(str(ipaddress.ip_network(address)) for address in own)
        else:
            networks.append(str(ipaddress.ip_network(word, strict=False)))
    return tuple(dict.fromkeys(networks))


def reachable_host(host: str) -> str:
    """Return the address under which this machine reaches a port that listens on `host`."""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if not address.is_unspecified:
        return host
    return "::1" if address.version == 6 else "127.0.0.1"


def own_addresses() -> tuple[str, ...]:
    """Return this machine's own addresses, as the kernel lists them; empty where it has no such list."""
    return (*_own_ipv4(Path("/proc/net/fib_trie")), *_own_ipv6(Path("/proc/net/if_inet6")))


def address_towards(asker: str | None) -> str:
    """Return the address under which this machine is seen from `asker`, None meaning from outside.

    Only the routing table is asked (a UDP socket is connected, no packet leaves). A machine without a
    route answers with its loopback address.
    """
    target = asker or _TOWARDS_OUTSIDE
    family = socket.AF_INET6 if ":" in target else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((target, 9))
        except OSError:
            return "127.0.0.1"
        return str(probe.getsockname()[0])


def _own_ipv4(table: Path) -> tuple[str, ...]:
    """Read the local addresses out of the kernel's routing trie: each `/32 host LOCAL` under its address."""
    try:
        lines = table.read_text("ascii").splitlines()
    except OSError:
        return ()
    found: dict[str, None] = {}
    for above, line in itertools.pairwise(lines):
        if line.strip() == "/32 host LOCAL":
            found[above.split()[-1]] = None
    return tuple(found)


def _own_ipv6(table: Path) -> tuple[str, ...]:
    try:
        lines = table.read_text("ascii").splitlines()
    except OSError:
        return ()
    return tuple(str(ipaddress.IPv6Address(bytes.fromhex(line.split()[0]))) for line in lines)
