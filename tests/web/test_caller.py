"""Whose address counts behind a proxy."""

import pytest
from aiohttp.test_utils import make_mocked_request

from irzhub.web.caller import caller_address


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "caller"),
    [
        ("10.0.0.5", "203.0.113.9", (), "10.0.0.5"),
        ("10.0.0.5", "203.0.113.9", ("10.0.0.5/32",), "203.0.113.9"),
        ("10.0.0.9", "203.0.113.9", ("10.0.0.5/32",), "10.0.0.9"),
        ("10.0.0.5", "1.1.1.1, 203.0.113.9", ("10.0.0.0/24",), "203.0.113.9"),
        ("10.0.0.5", "203.0.113.9, 10.0.0.6", ("10.0.0.0/24",), "203.0.113.9"),
        ("10.0.0.5", "rubbish", ("10.0.0.0/24",), "10.0.0.5"),
        ("10.0.0.5", "", ("10.0.0.0/24",), "10.0.0.5"),
    ],
)
def test_only_what_our_proxies_say_counts(peer: str, forwarded: str, proxies: tuple[str, ...], caller: str) -> None:
    request = make_mocked_request("GET", "/", headers={"X-Forwarded-For": forwarded}).clone(remote=peer)

    assert caller_address(request, proxies) == caller
