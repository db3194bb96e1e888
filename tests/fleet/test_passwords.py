"""A modem's password is never kept in clear, and the digest is the one that the relay judges by."""

import hashlib

from irzhub.fleet.passwords import pin_password, required_password


def test_pinned_password_is_a_salted_digest() -> None:
    kind, salt, digest = pin_password("5492").split(":")

    assert kind == "sha256"
    assert digest == hashlib.sha256(f"{salt}5492".encode()).hexdigest()
    assert "5492" not in digest or len(digest) == 64


def test_two_pins_of_one_password_differ() -> None:
    assert pin_password("5492") != pin_password("5492")


def test_required_password_is_compared_as_it_is() -> None:
    assert required_password("a:b") == "plain:a:b"
