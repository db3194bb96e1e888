import pytest

from irzhub.config.settings import OutboundSettings
from irzhub.outbound.errors import TargetRefused
from irzhub.outbound.rules import Rules

RULES = Rules.of(OutboundSettings(networks=("10.0.5.0/24", "169.254.0.0/16", "fd12::/64")))


@pytest.mark.parametrize(
    ("address", "port", "is_plain"),
    [
        ("93.184.216.34", 443, False),
        ("2606:2800:220:1::1", 443, False),
        ("64:ff9b::5db8:d822", 443, False),
        ("10.0.5.7", 6379, True),
        ("::ffff:10.0.5.7", 80, True),
        ("fd12::7", 8080, True),
    ],
)
def test_public_servers_by_tls_and_own_networks_are_called(address: str, port: int, is_plain: bool) -> None:
    RULES.check_address(address, port, is_plain=is_plain)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("10.0.6.7", "is not a public address"),
        ("127.0.0.1", "is not a public address"),
        ("169.254.169.254", "never calls"),
        ("fd00:ec2::254", "never calls"),
        ("fe80::1", "never calls"),
        ("fe80::1%lo", "one link"),
        ("0.0.0.0", "never calls"),
        ("224.0.0.1", "not the address of one server"),
        ("64:ff9b::a00:607", "is not a public address"),
        ("example.ru", "expected an IPv4 or IPv6 address"),
    ],
)
def test_others_are_not(address: str, reason: str) -> None:
    with pytest.raises(TargetRefused, match=reason):
        RULES.check_address(address, 443, is_plain=False)


def test_a_public_server_without_tls_or_on_another_port_is_refused() -> None:
    with pytest.raises(TargetRefused, match="call it by https"):
        RULES.check_address("93.184.216.34", 80, is_plain=True)
    with pytest.raises(TargetRefused, match="does not name port 25"):
        RULES.check_address("93.184.216.34", 25, is_plain=False)
    Rules.of(OutboundSettings(plain_http=True, ports=())).check_address("93.184.216.34", 25, is_plain=True)


def test_own_networks_are_known() -> None:
    assert RULES.is_own("10.0.5.255")
    assert not RULES.is_own("10.0.6.0")
