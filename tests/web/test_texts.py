"""Both languages say the same things."""

import dataclasses
import re
from collections.abc import Iterator
from typing import Any

from irzhub.core.health import REQUIRED
from irzhub.web.texts import EN, LANGUAGES, RU, Texts


def places(value: Any) -> list[str]:
    return sorted(re.findall(r"\{\w+\}", value)) if isinstance(value, str) else []


def pairs() -> Iterator[tuple[str, Any, Any]]:
    for field in dataclasses.fields(Texts):
        yield field.name, getattr(RU, field.name), getattr(EN, field.name)


def test_each_word_has_its_counterpart_with_the_same_places() -> None:
    for name, russian, english in pairs():
        if isinstance(russian, dict):
            assert russian.keys() == english.keys(), name
        elif isinstance(russian, tuple):
            assert [len(russian), *map(places, sum_of(russian))] == [len(english), *map(places, sum_of(english))], name
        else:
            assert places(russian) == places(english), name


def sum_of(steps: tuple[Any, ...]) -> list[str]:
    return [text for step in steps for text in (step if isinstance(step, tuple) else (step,))]


def test_russian_is_russian_and_english_english() -> None:
    def letters(texts: Texts) -> str:
        return " ".join(value for value in dataclasses.asdict(texts).values() if isinstance(value, str))

    assert re.search("[а-яё]", letters(RU))
    assert not re.search("[А-Яа-яЁё]", letters(EN))


def test_every_part_has_a_name_and_advice() -> None:
    for texts in LANGUAGES.values():
        assert {"mqtt", "broker", "database", "journal", "web"} | REQUIRED <= texts.part_names.keys()
        assert {"mqtt", "broker", "database", "journal", "web"} | REQUIRED <= texts.advice.keys()
