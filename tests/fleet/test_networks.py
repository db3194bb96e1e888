"""The words of `relay.polling.allow` become networks; the machine knows its own addresses."""

import ipaddress

import pytest

from irzhub.fleet.networks import address_towards, expand_networks, own_addresses


def _contains(networks: tuple[str, ...], address: str) -> bool:
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(each) for each in networks)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "127.9.9.9", "10.1.2.3", "172.31.0.1", "192.168.5.5", "::1", "fd00::9"]
)
def test_private_lets_in_what_the_internet_does_not_route(address: str) -> None:
    assert _contains(expand_networks(["private"]), address)


@pytest.mark.parametrize("address", ["8.8.8.8", "172.32.0.1", "193.168.0.1", "2001:db8::1", "11.0.0.1"])
def test_private_keeps_the_internet_out(address: str) -> None:
    assert not _contains(expand_networks(["private"]), address)


def test_private_has_this_machines_own_addresses() -> None:
    networks = expand_networks(["private"], own_addresses())

    assert "127.0.0.1" in own_addresses()
    assert all(_contains(networks, address) for address in own_addresses())


def test_any_lets_in_everybody() -> None:
    networks = expand_networks(["any"])

    assert _contains(networks, "8.8.8.8")
    assert _contains(networks, "2001:db8::1")


def test_networks_are_kept_as_written_and_once() -> None:
    assert expand_networks(["10.0.0.0/8", "10.0.0.0/8", "192.0.2.7"]) == ("10.0.0.0/8", "192.0.2.7/32")


def test_address_towards_loopback_is_loopback() -> None:
    assert address_towards("127.0.0.1") == "127.0.0.1"


def test_address_towards_outside_is_an_address_of_this_machine() -> None:
    assert address_towards(None) in (*own_addresses(), "127.0.0.1")
