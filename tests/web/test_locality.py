"""Who counts as sitting at this machine."""

import pytest

from irzhub.web.locality import host_name, is_loopback


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_loopback(name: str) -> None:
    assert is_loopback(name)


@pytest.mark.parametrize(
    "name", ["", "0.0.0.0", "10.0.0.5", "localhost.evil.example", "127.0.0.1.evil.example", "::", "²"]
)
def test_not_loopback(name: str) -> None:
    assert not is_loopback(name)


@pytest.mark.parametrize(
    ("host", "name"),
    [("Localhost:8080", "localhost"), ("[::1]:8080", "::1"), ("[::1]", "::1"), ("10.0.0.5", "10.0.0.5"), ("", "")],
)
def test_the_name_in_a_host_header(host: str, name: str) -> None:
    assert host_name(host) == name
