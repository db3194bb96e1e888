"""Programs are told an address that they can dial."""

from irzhub.config.settings import AdvertisedAddress
from irzhub.fleet.addresses import Addresses


def test_auto_gives_the_pools_own_address() -> None:
    assert Addresses(()).of("10.0.0.5", 20000) == "10.0.0.5:20000"


def test_auto_gives_the_machines_address_towards_the_asker_for_a_wildcard() -> None:
    assert Addresses(()).of("0.0.0.0", 20000, "127.0.0.1") == "127.0.0.1:20000"


def test_ipv6_is_put_in_brackets() -> None:
    assert Addresses(()).of("2001:db8::5", 20000) == "[2001:db8::5]:20000"


def test_configured_addresses_win_and_all_are_known_by_name() -> None:
    addresses = Addresses(
        (AdvertisedAddress(name="ЛВС", host="10.0.0.5"), AdvertisedAddress(name="Интернет", host="hub.example.ru"))
    )

    assert addresses.of("0.0.0.0", 20000, "127.0.0.1") == "10.0.0.5:20000"
    assert addresses.all_of("0.0.0.0", 20000) == {"ЛВС": "10.0.0.5:20000", "Интернет": "hub.example.ru:20000"}


def test_auto_has_one_address_without_a_name() -> None:
    assert Addresses(()).all_of("10.0.0.5", 20000) == {"": "10.0.0.5:20000"}
