"""Tests of the whole part: docs/automations.md and its Russian twin show all of the language; examples work."""

import re

import pytest

from irzhub.automation.rule_source import read_rules_text
from irzhub.automation.schema_actions import ACTIONS
from irzhub.automation.schema_conditions import CONDITIONS
from irzhub.automation.schema_triggers import TRIGGERS
from irzhub.automation.template_filters import FILTERS, TESTS
from irzhub.automation.words import HUB_PARTS
from tests.conftest import ROOT

PAGES = ("automations.md", "automations.ru.md")


@pytest.mark.parametrize("page", PAGES)
def test_every_example_works(page: str) -> None:
    examples = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / page).read_text("utf-8"), re.DOTALL)
    assert len(examples) >= 5
    for example in examples:
        found = read_rules_text(example, ROOT / "config")
        assert [str(problem) for problem in found.problems] == []
        assert len(found.rules) == 1


@pytest.mark.parametrize("page", PAGES)
def test_nothing_of_the_language_is_left_out(page: str) -> None:
    text = (ROOT / "docs" / page).read_text("utf-8")
    words = [*TRIGGERS.records, *CONDITIONS.records, *ACTIONS.records, *FILTERS, *TESTS, *HUB_PARTS]
    keys = [
        key for tagged in (TRIGGERS, CONDITIONS, ACTIONS) for record in tagged.records.values() for key in record.keys
    ]
    shown = set(re.findall(r"[A-Za-z_0-9]+", " ".join(re.findall(r"`([^`\n]+)`", text))))
    assert sorted({*words, *keys} - shown) == []


def test_both_pages_show_the_same_rules() -> None:
    english, russian = (
        [
            [
                (rule.id, rule.triggers, rule.conditions, rule.mode)
                for rule in read_rules_text(each, ROOT / "config").rules
            ]
            for each in re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / page).read_text("utf-8"), re.DOTALL)
        ]
        for page in PAGES
    )
    assert english == russian
