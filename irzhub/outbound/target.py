"""Reads a URL in one way only, so that no other program can read it as another one."""

import ipaddress
import re
from dataclasses import dataclass
from typing import Final

from irzhub.core.domain_names import ascii_domain
from irzhub.outbound.errors import TargetRefused

_LONGEST: Final = 2000
_URL: Final = re.compile(
    r"(?P<scheme>https?)://"
    r"(?P<host>\[[0-9A-Fa-f:.]{2,45}\]|[^\s/?#@:\\\[\]%]{1,253})"
    r"(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<rest>(?:[/?][!$-;=?-\[\]_a-z~]*)?)",  # printable ASCII, without a space and " # < > \ ^ ` { | }
    re.IGNORECASE,
)
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Target:
    """What a URL means.

    Args:
        scheme: `http` or `https`.
        host: a name in ASCII and small letters, or an address without brackets.
        rest: path and query, beginning with `/`.
        is_address: `host` is an IPv4 or IPv6 address.
    """

    scheme: str
    host: str
    port: int
    rest: str
    is_address: bool

    @property
    def url(self) -> str:
        """The same URL again, in its one form."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.rest}"

    @property
    def is_plain(self) -> bool:
        """Whether there is no TLS."""
        return self.scheme == "http"

    def __str__(self) -> str:
        # For logs: path and query may hold a key.
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def parse_target(url: str) -> Target:
    """Return what a URL means.

    Raises:
        TargetRefused: it is not an HTTP URL, names a user, or could be read in two ways. The text does not repeat it.
    """
    if len(url) > _LONGEST:
        raise TargetRefused(f"expected a URL of at most {_LONGEST} characters, got {len(url)}")
    if (found := _URL.fullmatch(url)) is None:
        raise TargetRefused("expected a URL such as https://example.ru/path, without user, spaces, \\ and #")
    scheme = found["scheme"].lower()
    port = int(found["port"]) if found["port"] else _PORTS[scheme]
    if not 1 <= port <= 65535:
        raise TargetRefused(f"expected a port from 1 to 65535, got {port}")
    rest = found["rest"]
    host, is_address = _host(found["host"])
    return Target(scheme, host, port, rest if rest.startswith("/") else f"/{rest}", is_address)


def _host(written: str) -> tuple[str, bool]:
    if written.startswith("["):
        try:
            return str(ipaddress.IPv6Address(written[1:-1])), True
        except ValueError:
            raise TargetRefused("expected an IPv6 address in the brackets of the URL") from None
    try:
        host = ascii_domain(written)
    except ValueError as error:
        raise TargetRefused(str(error)) from None
    last = host.rpartition(".")[2]
    if last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last):
        # 127.1, 2130706433, 0177.0.0.1 and 0x7f000001 mean an address to some programs, and different ones at that.
        try:
            return str(ipaddress.IPv4Address(host)), True
        except ValueError:
            raise TargetRefused("expected an IPv4 address as four plain numbers in the URL") from None
    return host, False
