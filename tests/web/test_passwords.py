"""What a password must be."""

import argon2
import pytest

from irzhub.web.passwords import hash_password, weakness


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "at least 12 characters"),
        ("x" * 300, "at most 256"),
        ("anna.ivanova1", "the user's name"),
        ("aaaaaaaaaaaaaaaa", "repeated or in a row"),
        ("121212121212", "repeated or in a row"),
        ("1234567890123", "repeated or in a row"),
        ("abcdefghijklmn", "repeated or in a row"),
        ("Password2026!", "list of common passwords"),
        ("qwerty123456", "list of common passwords"),
        ("passwordadmin", "list of common passwords"),
        ("Пароль123456", "list of common passwords"),
    ],
)
def test_weak_ones(password: str, reason: str) -> None:
    assert reason in (weakness(password, "anna.ivanova") or "")


@pytest.mark.parametrize(
    "password", ["correct horse battery", "Котельная на Севере 12", "x9$kQ2!vLm0pTz", "anna likes green tea at dawn"]
)
def test_good_ones(password: str) -> None:
    assert weakness(password, "anna") is None


def test_the_hash_is_argon2id_and_never_the_same() -> None:
    first, second = hash_password("correct horse battery"), hash_password("correct horse battery")

    assert first.startswith("$argon2id$")
    assert first != second
    assert argon2.PasswordHasher().verify(first, "correct horse battery")
