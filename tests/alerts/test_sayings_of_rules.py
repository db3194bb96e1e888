"""What rules really say of themselves is known: templates that fail, files that are refused."""

import re
from datetime import UTC
from typing import Any

import pytest

from irzhub.alerts.sayings import in_words
from irzhub.automation.rule_source import read_rules_text
from irzhub.automation.templates import TemplateFailed, Templates

TEMPLATES: list[tuple[str, dict[str, Any]]] = [
    ("{{ trigger.nothing }}", {"trigger": {}}),
    ("{{ nothing }}", {}),
    ("{% for a in many %}{% for b in many %}{% endfor %}{% endfor %}", {"many": list(range(1000))}),
    ("{{ a + b }}", {"a": "x", "b": 1}),
    ("{{ a }}", {"a": [1]}),
]
RULES = [
    "- id: a\n  triggers: [{trigger: gpi, input: 9}]\n  actions: []",
    "- id: a\n  trigers: []\n  actions: [{action: stop}]",
    "- id: a\n  triggers: [{trigger: gpi, for: soon}]\n  actions: [{action: stop}]",
    "- id: a\n  triggers: [{trigger: gpi, modem: 12}]\n  actions: [{action: stop}]",
    "- id: a\n  triggers: []\n  actions: [{action: notify, target: duty, text: '{{ a() }}'}]",
    "triggers: []",
    "- id: a\n  id: b\n  triggers: [{trigger: connected}]\n  actions: [{action: stop}]",
    "- &a {id: a}\n- *a",
    "- id: a\n  use_blueprint: {path: door.yaml}",
]
WORDS = re.compile(r"\b(?:expected|came|unknown|missing|such as|the|is|it)\b")


@pytest.mark.parametrize(("source", "values"), TEMPLATES, ids=[source for source, _ in TEMPLATES])
def test_templates(source: str, values: dict[str, Any]) -> None:
    with pytest.raises(TemplateFailed) as failed:
        Templates(UTC).render(source, values)

    said = in_words(str(failed.value), "ru")
    assert re.search("[а-я]", said), said
    assert not WORDS.search(said), said


@pytest.mark.parametrize("text", RULES)
def test_files_that_are_refused(text: str) -> None:
    problems = read_rules_text(text).problems

    assert problems
    for problem in problems:
        said = in_words(problem.text, "ru")
        assert re.search("[а-я]", said), said
        assert not WORDS.search(said), said
