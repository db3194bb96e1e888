"""The phrases: whole in both languages, and in the tone of the page."""

import string
from collections.abc import Mapping

import pytest

from irzhub.alerts.incident_phrases import Phrases
from irzhub.alerts.incident_words import PHRASES

RU, EN = PHRASES["ru"], PHRASES["en"]


def lines(phrases: Phrases) -> dict[str, str]:
    return {name: getattr(phrases, name) for name in ("title", "hint", "cause", "check", "action")}


def test_both_languages_speak_of_the_same() -> None:
    assert set(RU) == set(EN)


@pytest.mark.parametrize("key", sorted(RU))
def test_both_languages_say_the_same_values(key: str) -> None:
    for name, text in lines(RU[key]).items():
        places = [sorted(_places(each)) for each in (text, lines(EN[key])[name])]
        assert set(places[0]) == set(places[1]), f"{key}.{name}"


@pytest.mark.parametrize(("language", "table"), [("ru", RU), ("en", EN)])
def test_nobody_is_blamed_and_nothing_is_shouted(language: str, table: Mapping[str, Phrases]) -> None:
    for key, phrases in table.items():
        for name, text in lines(phrases).items():
            assert text, f"{key}.{name} says nothing"
            assert "!" not in text and "ошибк" not in text.casefold() and "error" not in text.casefold(), key
            if name in ("cause", "check", "action"):
                assert text.endswith("."), f"{key}.{name} is no sentence"


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
