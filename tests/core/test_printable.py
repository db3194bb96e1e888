"""Nothing that is printed obeys a stranger."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from irzhub.core.printable import printable, whole


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Котельная 12, дверь", "Котельная 12, дверь"),
        ("a\r\nb\tc", "a\\x0d\\x0ab\\x09c"),
        ("\x1b[2J\x9b", "\\x1b[2J\\x9b"),
        ("a\u2028b\u202ec\u2066", "a\\u2028b\\u202ec\\u2066"),
        ("", ""),
    ],
)
def test_control_characters_are_shown(text: str, shown: str) -> None:
    assert printable(text) == shown


@pytest.mark.parametrize(
    ("text", "kept"), [("дверь 🚪", "дверь 🚪"), ("a\ud83d", "a?"), ("\udcd0\udcd1", "??"), ("", "")]
)
def test_a_whole_text_can_be_stored(text: str, kept: str) -> None:
    assert whole(text) == kept
    assert whole(text).encode().decode() == kept


@given(st.text())
def test_it_is_always_one_line(text: str) -> None:
    assert len(printable(text).splitlines()) <= 1
