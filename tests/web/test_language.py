"""Which language a browser gets."""

import pytest

from irzhub.web.language import choose_language


@pytest.mark.parametrize(
    ("asked", "accepted", "chosen"),
    [
        ("en", "ru", "en"),
        ("fr", "en", "en"),
        (None, "en-GB,ru;q=0.9", "en"),
        (None, "fr;q=1,ru;q=0.3,en;q=0.2", "ru"),
        (None, "en;q=0.1,ru;q=0.2", "ru"),
        (None, "en;q=x,ru;q=0.1", "ru"),
        (None, "en;q=nan,ru;q=0.1", "ru"),
        (None, "EN", "en"),
        (None, "", "ru"),
        (None, None, "ru"),
        (None, "de," * 1000 + "en", "ru"),
    ],
)
def test_the_wish_comes_before_the_default(asked: str | None, accepted: str | None, chosen: str) -> None:
    assert choose_language(asked, accepted, "ru", ("ru", "en")) == chosen


def test_a_default_that_is_not_known_is_no_language() -> None:
    assert choose_language(None, None, "tt", ("ru", "en")) == "ru"
