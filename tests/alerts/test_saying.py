"""Texts of the hub, known again: alone, in each other, behind a name, beside each other."""

import pytest

from irzhub.alerts.saying import SEVERAL, Said, Saying, Sayings

KNOWN = Sayings(
    (
        Saying("no_network", "no network", "нет сети"),
        Saying("part", "part {number:d} of {count:d}: {why}", "часть {number} из {count}: {why}"),
        Saying("not_there", "{port:w} is not there", "{port}: нет"),
        Saying("example", "a text such as {example}", "текст вида {example}"),
        Saying("template", "a text with {{ ... }} in it", "текст, в нём {{ ... }}"),
        Saying("came", "expected {what}, came {given}", "нужно: {what}; указано: {given}"),
    )
)


@pytest.mark.parametrize(
    ("text", "russian"),
    [
        ("no network", "нет сети"),
        ("part 2 of 13: no network", "часть 2 из 13: нет сети"),
        ("part 2 of 13: Connection refused", "часть 2 из 13: Connection refused"),
        ("part two of 13: no network", "part two of 13: нет сети"),
        ("main: no network", "main: нет сети"),
        ("main: no network; spare: /dev/x is not there", "main: нет сети; spare: /dev/x: нет"),
        ("main: no network; spare: MTS RUS", "main: нет сети; spare: MTS RUS"),
        (
            "expected a text such as door, came a text with {{ ... }} in it",
            "нужно: текст вида door; указано: текст, в нём {{ ... }}",
        ),
        ("/dev/x y is not there", "/dev/x y is not there"),
        ("no network\n", "no network\n"),
        ("", ""),
        ("MTS RUS", "MTS RUS"),
        ("no network " * 100, "no network " * 100),
    ],
)
def test_words(text: str, russian: str) -> None:
    assert KNOWN.words(text, "ru") == russian
    assert KNOWN.words(text, "en") == text


def test_code_and_values() -> None:
    assert KNOWN.know("main: part 1 of 2: no network") == Said(
        "part",
        {"about": "main", "number": "1", "count": "2", "why": "no network"},
        "main: часть 1 из 2: нет сети",
    )
    several = KNOWN.know("no network; MTS RUS")
    assert several is not None
    assert (several.code, several.values) == (SEVERAL, {})
    assert KNOWN.know("MTS RUS") is None


@pytest.mark.parametrize("text", ["part 1 of 2: " * 40, "a; " * 190, "expected , came " * 30, "{why}", "a: " * 190])
def test_hostile_texts_end_soon(text: str) -> None:
    KNOWN.words(text, "ru")
    assert KNOWN.words("x" * 100_000, "ru") == "x" * 100_000
