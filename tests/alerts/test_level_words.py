"""Levels in words."""

import pytest

from irzhub.alerts.level_words import level_word


@pytest.mark.parametrize(
    ("level", "language", "word"),
    [("ON", "ru", "вкл"), ("OFF", "ru", "выкл"), ("ON", "en", "on"), ("—", "ru", "—"), ("ON", "fi", "ON")],
)
def test_a_level_in_words(level: str, language: str, word: str) -> None:
    assert level_word(level, language) == word
