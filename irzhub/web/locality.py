"""Who sits at this very machine: such a caller may see causes and metrics without a token."""

import ipaddress
from typing import Final

from aiohttp import web

_FORWARDED: Final = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")


def is_local(request: web.Request) -> bool:
    """Say whether a request comes from this machine, by no proxy, under a name of this machine.

    A proxy on the same machine makes everyone look local, and a page whose name was re-bound to 127.0.0.1
    sends its own name as Host: neither counts.
    """
    return (
        is_loopback(request.remote or "")
        and not any(name in request.headers for name in _FORWARDED)
        and is_loopback(host_name(request.host))
    )


def host_name(host: str) -> str:
    """Return the name or address in a Host header, without port and brackets, in lower case."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def is_loopback(name: str) -> bool:
    """Say whether a name or an IP address is this machine's own loopback."""
    if name == "localhost":
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)
