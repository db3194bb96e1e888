"""Addresses as people and messages read them."""

from typing import Any


def format_address(name: Any) -> str:
    """Return a socket name as `host:port`, or `[host]:port` for IPv6; empty when there is none."""
    if not isinstance(name, tuple) or len(name) < 2:
        return ""
    host, port = name[0], name[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def host_of(address: str) -> str:
    """Return the host of `host:port` or `[host]:port`."""
    return address.rpartition(":")[0].strip("[]")
