"""Whose SIM card, whose cell."""

import json
import re

import pytest

from irzhub.core.operators import BY_NETWORK, operator_in, operator_of_cell, operator_of_sim
from tests.conftest import ROOT

PAGE = ROOT / "frontend" / "src"


@pytest.mark.parametrize(
    ("iccid", "operator"),
    [
        ("8970101972419598301", "МТС"),
        ("89701990000012345678", "Билайн"),
        ("8970120972419598301F", "t2"),
        ("897019932724195983F", "Билайн"),
        ("8970177972419598301", None),
        ("8988303000005142343", None),
        ("89701", None),
        ("", None),
        (None, None),
        ("٨٩٧٠١٠١٩٧٢٤١٩٥٩٨٣٠١", None),
    ],
)
def test_a_sim_card_tells_whose_it_is(iccid: str | None, operator: str | None) -> None:
    assert operator_of_sim(iccid) == operator


@pytest.mark.parametrize(
    ("cell", "operator"),
    [("250-01-221-14432", "МТС"), ("250-98-1-2", "250-98"), ("0,250,01", None), (None, None), ("", None)],
)
def test_a_cell_tells_whose_it_is_or_its_code(cell: str | None, operator: str | None) -> None:
    assert operator_of_cell(cell) == operator


@pytest.mark.parametrize(
    ("name", "english", "russian"),
    [
        ("МТС", "MTS", "МТС"),
        ("Мотив", "Motiv", "Мотив"),
        ("t2", "t2", "t2"),
        ("250-98", "250-98", "250-98"),
        ("", "", ""),
    ],
)
def test_a_name_is_in_the_letters_of_the_language(name: str, english: str, russian: str) -> None:
    assert (operator_in(name, "en"), operator_in(name, "ru")) == (english, russian)


def test_english_names_are_written_in_latin_letters() -> None:
    assert all(english.isascii() for english, _ in BY_NETWORK.values())


@pytest.mark.parametrize(("place", "language"), [(0, "en"), (1, "ru")])
def test_the_page_has_the_same_operators_and_names(place: int, language: str) -> None:
    code = (PAGE / "fleet" / "operators.ts").read_text("utf-8")
    keys = dict(re.findall(r"'(\d{5})': '(\w+)'", code))
    words = json.loads((PAGE / "i18n" / language / "operator.json").read_text("utf-8"))
    named = words.pop("named")

    assert {network: words[key] for network, key in keys.items()} == {
        network: names[place] for network, names in BY_NETWORK.items()
    }
    assert set(words) == set(keys.values())
    assert named == {names[1]: names[place] for names in BY_NETWORK.values() if names[0] != names[1]}
