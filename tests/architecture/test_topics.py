"""MQTT's words are written in one place, and every event has a way out of the hub."""

import ast
import re

from irzhub.core.event_json import EVENT_TYPES
from irzhub.core.events import Event
from tests.architecture.test_layout import MODULES
from tests.conftest import ROOT

TOPIC = re.compile(r"(^|/)(bridge|modem|alert)/(\{|\$|\+|#|[a-z])|/(availability|gpi|gpo)(/|$)")
OWNERS = ("irzhub/mqtt/topics.py", "irzhub/mqtt/document.py")  # where they are built, and the page about them
SUBJECTS = ("irzhub/alerts/incident_kinds.py", "irzhub/automation/triggers.py", "irzhub/web/models_alerts.py")
"""What incidents and rules are about reads like a topic, `<modem>/gpi/<pin>`, and is none."""


def test_no_topic_is_written_elsewhere() -> None:
    found = []
    for name in MODULES:
        tree = ast.parse((ROOT / name).read_text())
        docstrings = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        found += [
            f"{name}:{node.lineno} {node.value!r}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and name not in OWNERS + SUBJECTS
            and id(node) not in docstrings
            and "/api/" not in node.value
            and TOPIC.search(node.value)
        ]

    assert found == []


def test_every_event_class_is_listed_for_the_outside() -> None:
    internal = {"unknown"}  # read back from a newer journal; it is published under its own type

    assert {kind.type for kind in Event.__subclasses__()} - internal == set(EVENT_TYPES)
