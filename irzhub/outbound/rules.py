"""Which servers the hub may call: the public internet, and of its own networks what a setting names.

Whoever writes a rule or a webhook tells the hub what to call. It stands inside the operator's network, so without
these rules he could reach with it what he cannot reach himself (docs/outbound.md).
"""

import ipaddress
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

from irzhub.config.settings import OutboundSettings
from irzhub.outbound.errors import TargetRefused

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

_NEVER: Final = tuple(
    ipaddress.ip_network(each)
    for each in (
        "0.0.0.0/8",  # this machine, by many systems
        "169.254.0.0/16",  # link-local, and where clouds tell a machine its secrets
        "100.100.100.200/32",  # the same in another cloud
        "fd00:ec2::254/128",  # and in IPv6
        "fe80::/10",
        "fec0::/10",
        "2001::/32",  # Teredo: an address with another one inside, behind a server of its own
        "::/128",
    )
)
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_OLD_IPV4_IN_IPV6: Final = ipaddress.ip_network("::/96")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Whom the hub may call.

    Args:
        hosts: names in ASCII, `*.example.ru` for all below one; empty: any.
        networks: own networks that may be called beside the public internet.
        ports: of public servers; empty: any. Servers in `networks` may have any port.
        allows_plain: public servers may be called without TLS.
    """

    hosts: tuple[str, ...] = ()
    networks: tuple[Network, ...] = ()
    ports: frozenset[int] = frozenset()
    allows_plain: bool = False

    @classmethod
    def of(cls, settings: OutboundSettings) -> Self:
        """Return the rules that the settings say."""
        return cls(
            hosts=settings.hosts,
            networks=tuple(ipaddress.ip_network(each) for each in settings.networks),
            ports=frozenset(settings.ports),
            allows_plain=settings.plain_http,
        )

    def check_host(self, host: str) -> None:
        """Check a name (ASCII) or address as it stands in a URL.

        Raises:
            TargetRefused: it is not in the list of hosts.
        """
        if self.hosts and not any(_is_meant(host, each) for each in self.hosts):
            raise TargetRefused(f"outbound.hosts does not name {host}")

    def check_address(self, written: str, port: int, *, is_plain: bool) -> None:
        """Check an address that is about to be connected to.

        Args:
            written: an IPv4 or IPv6 address as a resolver or a socket gives it.
            port: the one that is called.
            is_plain: the request goes without TLS.

        Raises:
            TargetRefused: the text names the address and the setting that would allow it.
        """
        address = _unwrapped(written)
        if any(address in network for network in _NEVER if network.version == address.version):
            raise TargetRefused(f"the hub never calls {address}: it means this machine, its link or its cloud")
        if address.is_multicast:
            raise TargetRefused(f"{address} is not the address of one server")
        if any(address in network for network in self.networks if network.version == address.version):
            return
        if not address.is_global or address.is_reserved:
            raise TargetRefused(f"{address} is not a public address, and outbound.networks does not name it")
        if is_plain and not self.allows_plain:
            raise TargetRefused(f"{address} is a public address: call it by https, or set outbound.plain_http")
        if self.ports and port not in self.ports:
            raise TargetRefused(f"outbound.ports does not name port {port}")

    def is_own(self, written: str) -> bool:
        """Say whether an address belongs to one of the networks that the setting names."""
        address = _unwrapped(written)
        return any(address in network for network in self.networks if network.version == address.version)


def _is_meant(host: str, listed: str) -> bool:
    return host.endswith(listed[1:]) if listed.startswith("*.") else host == listed


def _unwrapped(written: str) -> Address:
    """Return the address that is really meant: IPv4 hides in several kinds of IPv6 addresses.

    Raises:
        TargetRefused: it is no address.
    """
    try:
        address = ipaddress.ip_address(written)
    except ValueError:
        raise TargetRefused(f"expected an IPv4 or IPv6 address, got {written!r}") from None
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.scope_id is not None:
        raise TargetRefused(f"{written} is an address of one link")
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _OLD_IPV4_IN_IPV6 and int(address) > 1:  # ::1 is loopback, the others are an old spelling of IPv4
        return ipaddress.IPv4Address(int(address))
    return address
