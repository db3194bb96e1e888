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


def test_what_has_no_words_stays() -> None:
    assert (in_words("Меркурий", "ru"), column_title("x", "en")) == ("Меркурий", "x")
