"""Addresses of the embedded broker."""

import socket

import pytest

from irzhub.mqtt.address import is_loopback, port_problem, reachable_host
from tests.mosquitto import free_port


@pytest.mark.parametrize(
    ("host", "yes"),
    [
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.5", False),
        ("broker.example", False),
        ("localhost.example", False),
    ],
)
def test_what_is_loopback(host: str, *, yes: bool) -> None:
    assert is_loopback(host) is yes


def test_a_wildcard_is_reached_on_loopback() -> None:
    assert [reachable_host(host) for host in ("0.0.0.0", "::", "10.0.0.5")] == ["127.0.0.1", "::1", "10.0.0.5"]


def test_a_free_port_is_no_problem() -> None:
    assert port_problem("127.0.0.1", free_port()) is None


def test_a_taken_port_is_and_so_is_an_address_of_somebody_else() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert port_problem("127.0.0.1", other.getsockname()[1]) == "another program listens there"
    assert port_problem("192.0.2.1", free_port()) is not None
