"""Automations of every bad kind: refused as a whole, quickly, in a text for the operator; no template does harm."""

import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irzhub.automation.rule_book import walk
from irzhub.automation.rule_source import read_rules_file, read_rules_text
from irzhub.automation.script import script
from irzhub.automation.templates import LONGEST_TEXT, TemplateFailed, Templates
from tests.automation.rig import ZONE
from tests.corpora import Case, read_cases

CASES = read_cases("automations")
VALUES: dict[str, Any] = {
    "modem": {"name": "Котельная"},
    "trigger": {"ts": "2026-11-20T18:00:00.000Z"},
    "many": list(range(100)),
    "long": "x" * 10_000,
    "big": 2**250,
}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_document(case: Case, tmp_path: Any) -> None:
    (tmp_path / "automations.yaml").write_bytes(case.data)
    began = time.thread_time()
    found = read_rules_file(tmp_path)
    for problem in found.problems:
        assert str(problem).startswith(f"{tmp_path / 'automations.yaml'}")
        assert len(str(problem)) < 1000
    for rule in found.rules if not found.problems else ():
        for action in walk(rule.actions):
            if text := getattr(action, "text", ""):
                check_text(text)

    assert case.expected in ("", "refused" if found.problems else "good")
    assert time.thread_time() - began < 1.0


def check_text(text: str) -> None:
    """Render a template: it gives a text or says why not."""
    try:
        assert len(Templates(ZONE).render(text, VALUES)) <= LONGEST_TEXT
    except TemplateFailed as error:
        assert 0 < len(str(error)) < 500


def test_there_are_enough_of_them() -> None:
    assert len([case for case in CASES if case.expected]) >= 120


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
WORDS = st.sampled_from(
    ["id", "triggers", "trigger", "gpi", "actions", "action", "stop", "conditions", "and", "for", "r"]
)
TREES = st.recursive(
    PLAIN | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(tree=st.lists(st.dictionaries(WORDS, TREES, max_size=5) | TREES, max_size=3))
def test_any_tree_is_judged(tree: Any) -> None:
    found = read_rules_text(json.dumps(tree, ensure_ascii=True))
    assert found.problems or len(found.rules) == len(tree)
    for rule in found.rules:
        assert script(rule.actions) is not None
