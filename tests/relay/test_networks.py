"""Who belongs to the networks of a setting."""

import pytest

from irzhub.relay.networks import is_inside
from irzhub.relay.settings import ANY_NETWORK


@pytest.mark.parametrize(
    ("host", "networks", "expected"),
    [
        ("10.1.2.3", ("10.0.0.0/8",), True),
        ("11.1.2.3", ("10.0.0.0/8",), False),
        ("11.1.2.3", ("10.0.0.0/8", "11.1.2.3/32"), True),
        ("10.1.2.3", ("10.1.2.9/24",), True),
        ("::ffff:10.1.2.3", ("10.0.0.0/8",), True),
        ("fe80::1%eth0", ("fe80::/10",), True),
        ("::1", ("10.0.0.0/8",), False),
        ("10.1.2.3", ("::/0",), False),
        ("10.1.2.3", (), False),
        ("", ("10.0.0.0/8",), False),
        ("", ANY_NETWORK, True),
        ("203.0.113.9", ANY_NETWORK, True),
    ],
)
def test_is_inside(host: str, networks: tuple[str, ...], expected: bool) -> None:
    assert is_inside(host, networks) is expected
