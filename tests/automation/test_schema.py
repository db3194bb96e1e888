"""A rule as a whole, and the schema that editors check it with."""

from typing import Any

import jsonschema_rs
import pytest

from irzhub.automation.schema import read_rule, rules_json_schema
from irzhub.automation.shape import Complaints
from irzhub.config.yaml_file import read_yaml
from tests.conftest import ROOT

RULE: dict[str, Any] = {
    "id": "r",
    "triggers": [{"trigger": "connected"}],
    "actions": [{"action": "notify", "target": "duty", "text": "x"}],
}


def complain(rule: Any) -> list[str]:
    complaints = Complaints()
    read_rule(rule, (0,), complaints)
    return [text for _, text in complaints.found]


def test_a_rule_has_a_source_and_defaults() -> None:
    rule = read_rule({**RULE, "enabled": False, "variables": {"a": 1}}, (0,), Complaints(), source="test")
    assert rule is not None
    assert (rule.id, rule.source, rule.is_enabled, rule.mode, rule.max) == ("r", "test", False, "single", 10)
    assert rule.variables == {"a": 1}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"id": ""}, "expected an `id`, a text of its own for each automation"),
        ({"id": 5}, "expected an `id`"),
        ({"id": "x" * 101}, "expected an `id`"),
        ({"triggers": []}, "expected 1 to 200 triggers, came 0"),
        ({"actions": None}, "expected a list of actions"),
        ({"mode": "parralel"}, "expected single, restart, queued or parallel"),
        ({"max": 5}, "`max` (by default 10) is for the modes queued and parallel, the mode is single"),
        ({"mode": "queued", "max": 0}, "expected a whole number from 1 to 1000"),
        ({"trigger": []}, "unknown key; did you mean `triggers`?"),
    ],
)
def test_what_is_wrong_with_a_rule(changes: dict[str, Any], says: str) -> None:
    assert says in " ".join(complain({**RULE, **changes}))


def test_without_id_triggers_and_actions_it_is_none() -> None:
    assert len(complain({})) == 3
    assert complain([])[0].startswith("expected an automation: a mapping with id, alias")


@pytest.fixture(scope="module")
def validator() -> Any:
    schema = rules_json_schema()
    jsonschema_rs.meta.validate(schema)
    return jsonschema_rs.Draft202012Validator(schema)


def test_editors_find_the_shipped_automations_good(validator: Any) -> None:
    tree, _ = read_yaml((ROOT / "config/automations.yaml").read_text("utf-8"), "automations.yaml")
    assert [error.message for error in validator.iter_errors(tree.value)] == []


@pytest.mark.parametrize(
    ("rule", "is_good"),
    [
        (RULE, True),
        ({"id": "r", "use_blueprint": {"path": "door.yaml", "inputs": {"modem": "1"}}}, True),
        ({**RULE, "triggers": [{"trigger": "gpi", "input": [1, 2], "to": "on"}]}, True),
        ({**RULE, "triggers": [{"trigger": "gpi", "input": 9}]}, False),
        ({**RULE, "triggers": [{"trigger": "nothing"}]}, False),
        ({**RULE, "mode": "often"}, False),
        ({**RULE, "more": 1}, False),
        ({"id": "r", "triggers": RULE["triggers"]}, False),
    ],
)
def test_editors_judge_as_the_hub_does(validator: Any, rule: dict[str, Any], is_good: bool) -> None:
    assert validator.is_valid([rule]) is is_good
