"""How addresses read in messages and in the log."""

import pytest

from irzhub.relay.addresses import format_address, host_of


@pytest.mark.parametrize(
    ("name", "text", "host"),
    [
        (("10.0.0.5", 5009), "10.0.0.5:5009", "10.0.0.5"),
        (("::1", 5009, 0, 0), "[::1]:5009", "::1"),
        (("fe80::1%eth0", 1, 0, 2), "[fe80::1%eth0]:1", "fe80::1%eth0"),
    ],
)
def test_an_address_reads_as_host_and_port(name: tuple[object, ...], text: str, host: str) -> None:
    assert format_address(name) == text
    assert host_of(text) == host


@pytest.mark.parametrize("name", [None, "", "/run/socket", ()])
def test_no_address_is_an_empty_text(name: object) -> None:
    assert format_address(name) == ""
