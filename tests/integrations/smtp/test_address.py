"""One address as servers take it; bad ones of every kind are in tests/corpora/mail/address.txt."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.smtp.address import WrongAddress, parse_address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("duty@example.ru", "duty@example.ru"),
        ("Duty+door@Example.RU", "Duty+door@example.ru"),
        ("duty@почта.рф", "duty@xn--80a1acny.xn--p1ai"),
    ],
)
def test_addresses(written: str, address: str) -> None:
    assert parse_address(written) == address


def test_what_is_wrong_is_said() -> None:
    with pytest.raises(WrongAddress, match=r"expected one mail address such as duty@example\.ru, got 'nobody'"):
        parse_address("nobody")
    with pytest.raises(WrongAddress, match=r"before the @"):
        parse_address("-oQ@example.ru")
    with pytest.raises(WrongAddress, match=r"expected a domain after the @"):
        parse_address("duty@127.0.0.1")
    with pytest.raises(WrongAddress, match=r"at most 254"):
        parse_address(f"{'d' * 64}@{'.'.join(['яаюбэвыгьд' * 3] * 5)}.рф")


@given(st.text(max_size=30) | st.from_regex(r"[a-z.\r\n<> -]{1,9}@[a-z.\r\n<> -]{1,9}"))
def test_nothing_gets_through_that_could_end_a_command(written: str) -> None:
    try:
        address = parse_address(written)
    except WrongAddress:
        return
    assert address.isascii()
    assert not set(address) & set('\r\n\0 <>,;:"()[]\\')
    assert not address.startswith("-")
    assert parse_address(address) == address
