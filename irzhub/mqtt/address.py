"""Addresses of the embedded broker: who reaches them, whether they are free, who must show a password."""

import errno
import socket
from ipaddress import ip_address

from irzhub.config.settings import MqttSettings
from irzhub.core.exceptions import StartError


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches `host`."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def reachable_host(host: str) -> str:
    """Return the address under which this machine itself reaches what listens on `host`."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def check_credentials(settings: MqttSettings) -> None:
    """Refuse an embedded broker that strangers could use (docs/contract.md 2 rule 8).

    Raises:
        StartError: it listens beyond this machine without user and password, or has one without the other.
    """
    if not is_loopback(settings.host) and (settings.username is None or not settings.password):
        raise StartError(
            f"the embedded broker on {settings.host} can be reached from other machines: set mqtt.username and "
            f"mqtt.password, or mqtt.host: 127.0.0.1"
        )
    if settings.username is not None and not settings.password:
        raise StartError("mqtt.username needs mqtt.password for the embedded broker")
    if settings.username is not None and (":" in settings.username or not settings.username.isprintable()):
        raise StartError("mqtt.username: expected printable characters without a colon")


def port_problem(host: str, port: int) -> str | None:
    """Say why nobody can listen on an address now, None when it is free."""
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        for family, kind, protocol, _, address in addresses:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
                probe.listen(1)
    except OSError as error:
        return "another program listens there" if error.errno == errno.EADDRINUSE else (error.strerror or str(error))
    return None
