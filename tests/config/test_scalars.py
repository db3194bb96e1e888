"""Words mean what they look like."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.config.scalars import resolve_scalar


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("0", 0),
        ("-12", -12),
        ("+7", 7),
        ("2.5", 2.5),
        ("1.5e3", 1500.0),
        # What YAML 1.1 turns into something else:
        ("no", "no"),
        ("Yes", "Yes"),
        ("on", "on"),
        ("off", "off"),
        ("0123", "0123"),
        ("0x1F", "0x1F"),
        ("0o17", "0o17"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("2026-11-21", "2026-11-21"),
        (".inf", ".inf"),
        ("1e5", "1e5"),
        ("٣", "٣"),
        ("9" * 19, "9" * 19),
    ],
)
def test_a_word(word: str, meaning: Any) -> None:
    resolved = resolve_scalar(word)

    assert resolved == meaning
    assert type(resolved) is type(meaning)


@given(st.text())
def test_any_other_word_stays_as_it_is(word: str) -> None:
    resolved = resolve_scalar(word)

    assert resolved is None or isinstance(resolved, bool | int | float) or resolved == word


@given(st.integers(-(10**17), 10**17))
def test_numbers_are_numbers(number: int) -> None:
    assert resolve_scalar(str(number)) == number
