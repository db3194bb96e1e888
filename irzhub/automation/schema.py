"""The language of `automations.yaml`: every trigger, condition and action with its keys, in one place.

It validates the file, builds the rules and is published as JSON Schema for editors (docs/automations.md).
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from irzhub.automation.actions import MOST_REPEATS
from irzhub.automation.record import Items, Key, Record, Tagged
from irzhub.automation.rule import DEFAULT_MAX, MOST_RUNS, Rule
from irzhub.automation.schema_actions import ACTION_LIST, ACTIONS, WAIT_TRIGGERS
from irzhub.automation.schema_conditions import CONDITION_LIST, CONDITIONS
from irzhub.automation.schema_triggers import TRIGGERS
from irzhub.automation.shape import Choice, Complaints, Flag, Named, Number, Schema, Words
from irzhub.config.tree import KeyPath

__all__ = ["MOST_REPEATS", "RULE", "read_rule", "rules_json_schema"]

RULE_ID: Final = Words("an `id`, a text of its own for each automation", r"(?s)\S(?:.{0,98}\S)?", 100)
RULE: Final = Record(
    "an automation",
    {
        "id": Key(RULE_ID, is_required=True),
        "alias": Key(Words("a name", longest=200)),
        "description": Key(Words("a text", r"(?s).*", longest=4000)),
        "triggers": Key(Items(TRIGGERS, "triggers", 1, 200), is_required=True),
        "conditions": Key(CONDITION_LIST),
        "actions": Key(ACTION_LIST, is_required=True),
        "mode": Key(Choice(("single", "restart", "queued", "parallel"))),
        "max": Key(Number(1, MOST_RUNS)),
        "variables": Key(Named()),
        "enabled": Key(Flag(), into="is_enabled"),
    },
    Rule,
)

BLUEPRINT_USE: Final = Record(
    "an automation made from a blueprint",
    {
        "id": Key(RULE_ID, is_required=True),
        "alias": Key(Words("a name", longest=200)),
        "description": Key(Words("a text", r"(?s).*", longest=4000)),
        "use_blueprint": Key(
            Record(
                "a blueprint",
                {"path": Key(Words("a file under blueprints/"), is_required=True), "inputs": Key(Named())},
                dict,
            ),
            is_required=True,
        ),
        "enabled": Key(Flag(), into="is_enabled"),
    },
    dict,
)


def read_rule(value: Any, path: KeyPath, complaints: Complaints, source: str = "file") -> Rule | None:
    """Return the rule that a plain value describes, None after a complaint."""
    before = len(complaints.found)
    found = Record(RULE.noun, RULE.keys, partial(Rule, source=source), _check_rule).read(value, path, complaints)
    return found if isinstance(found, Rule) and len(complaints.found) == before else None


def _check_rule(values: Mapping[str, Any]) -> str | None:
    mode = values.get("mode", "single")
    if "max" in values and mode not in ("queued", "parallel"):
        return f"`max` (by default {DEFAULT_MAX}) is for the modes queued and parallel, the mode is {mode}"
    return None


def rules_json_schema() -> Schema:
    """Return the JSON Schema (2020-12) of `automations.yaml`, for editors."""
    tagged: tuple[Tagged, ...] = (TRIGGERS, CONDITIONS, ACTIONS, WAIT_TRIGGERS)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "irzhub automations",
        "type": ["array", "null"],
        "items": {"anyOf": [RULE.schema(), BLUEPRINT_USE.schema()]},
        "$defs": {each.name: each.definition() for each in tagged},
    }
