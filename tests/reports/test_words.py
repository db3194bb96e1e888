"""Every word of a report is there in both languages."""

import re

import pytest

from irzhub.alerts.incident_kinds import KINDS as INCIDENTS
from irzhub.reports import commands, reconnects, signal
from irzhub.reports.kinds import KINDS
from irzhub.reports.readings import CAUSES
from irzhub.reports.words import column_title, in_words


@pytest.mark.parametrize("kind", KINDS)
def test_titles_of_reports_and_columns(kind: str) -> None:
    names = [kind, *(column.name for column in KINDS[kind].columns)]

    for name in names:
        assert re.search("[а-яА-Я№]|CSQ", column_title(name, "ru")), name
        assert column_title(name, "en").isascii(), name
        assert column_title(name, "en") != name, name


@pytest.mark.parametrize("code", [*CAUSES, *commands.STATUSES, *signal.VERDICTS, *reconnects.REASONS, *INCIDENTS])
def test_codes(code: str) -> None:
    assert re.search("[а-я]", in_words(code, "ru")), code
    assert in_words(code, "en").isascii()


@pytest.mark.parametrize(
    ("name", "english", "russian"),
    [
        ("МТС", "MTS", "МТС"),
        ("Волна мобайл", "Volna Mobile", "Волна мобайл"),
        ("250-98", "250-98", "250-98"),
        ("cause/operator/Билайн", "cause/operator/Beeline", "cause/operator/Билайн"),
        ("cause/group/МТС", "cause/group/МТС", "cause/group/МТС"),
    ],
)
def test_operators_are_written_in_the_letters_of_the_language(name: str, english: str, russian: str) -> None:
    assert (in_words(name, "en"), in_words(name, "ru")) == (english, russian)


@pytest.mark.parametrize("kind", KINDS)
def test_each_report_has_words_for_its_operators(kind: str) -> None:
    assert all(column.meaning == "word" for column in KINDS[kind].columns if column.name == "operator")


def test_what_has_no_words_stays() -> None:
    assert (in_words("Меркурий", "ru"), column_title("x", "en")) == ("Меркурий", "x")
