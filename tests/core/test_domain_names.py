import pytest

from irzhub.core.domain_names import ascii_domain


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("example.ru", "example.ru"),
        ("SMTP.Example.RU", "smtp.example.ru"),
        ("localhost", "localhost"),
        ("xn--80a1acny.xn--p1ai", "xn--80a1acny.xn--p1ai"),
        ("почта.рф", "xn--80a1acny.xn--p1ai"),
        ("ПОЧТА.РФ", "xn--80a1acny.xn--p1ai"),
        ("mu\u0308nchen.example", "xn--mnchen-3ya.example"),
    ],
)
def test_a_name_has_one_form(written: str, expected: str) -> None:
    assert ascii_domain(written) == expected


NO_NAMES = ["", ".", "a..b", ".a", "a.", "-a.ru", "a-.ru", "a_b.ru", "a b.ru", "a\n.ru", "a%2e.ru", "１２７.0.0.1"]
LOOK_ALIKE = ["127。0.0.1", "ⓐ.ru", "ﬀ.ru", "a\u200b.ru", "\u202e.ru", "ab\xad.ru"]
TOO_LONG = ["a" * 64 + ".ru", "a." * 130 + "ru", "б" * 60 + ".рф"]


@pytest.mark.parametrize("written", NO_NAMES + LOOK_ALIKE + TOO_LONG, ids=ascii)
def test_what_is_no_name_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="host name"):
        ascii_domain(written)
