"""From texts to rules: what is wrong is told with file, line and key, and nothing runs until all is right."""

import time
from pathlib import Path

import pytest

from irzhub.automation.rule_source import RuleSet, read_rules_file, read_rules_text
from irzhub.automation.triggers import GpiTrigger
from tests.automation.rig import MODEM
from tests.conftest import ROOT

RULE = "- id: {}\n  triggers: [{{trigger: connected}}]\n  actions: [{{action: notify, target: duty, text: x}}]\n"

NO_FILE = "expected a file under blueprints/ such as door.yaml, there is none of that name"


def problems(found: RuleSet) -> list[str]:
    return [str(problem) for problem in found.problems]


def test_no_file_and_an_empty_one_have_no_rules(tmp_path: Path) -> None:
    assert read_rules_file(tmp_path) == RuleSet()
    assert read_rules_text("# later\n") == RuleSet()


def test_rules_stand_in_their_order_with_their_lines() -> None:
    found = read_rules_text(RULE.format("a") + "\n" + RULE.format("b"))
    assert [rule.id for rule in found.rules] == ["a", "b"]
    assert found.lines == {"a": 1, "b": 5}


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "automations.yaml").write_bytes(b"\xef\xbb\xbf" + RULE.format("a").encode())
    assert len(read_rules_file(tmp_path).rules) == 1
    assert len(read_rules_text("\ufeff" + RULE.format("a")).rules) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: 1", ["line 1: expected a list of automations, each begins with `- id:`"]),
        (
            "- id: a\n  triggers:\n    - {trigger: gpi, inputt: 1}\n  actions: [{action: delay, for: 5}]\n",
            [
                "line 3: [0].triggers[0].inputt: unknown key; did you mean `input`?",
                "line 4: [0].actions[0].for: expected a duration such as 30s, 10m, 2h or 00:02:10, came 5",
            ],
        ),
        (
            RULE.format("a") + RULE.format("a"),
            ["line 4: [1].id: expected an id of its own, 'a' was given before, in line 1"],
        ),
        (
            RULE.format("notifications/lost"),
            ["line 1: [0].id: expected an id that does not begin with `notifications/`: the hub has those"],
        ),
        (
            "- id: a\n  id: b\n  triggers: [{trigger: connected}]\n  actions: [{action: stop}]",
            ["line 2: [0].id: this key was given before, in line 1"],
        ),
        (
            "- id: a\n  use_blueprint: {path: door.yaml}\n",
            [f"line 2: [0].use_blueprint.path: {NO_FILE}"],
        ),
        (
            RULE.replace("{}", "a", 1).replace("text: x", "text: !secret x").replace("{{", "{").replace("}}", "}"),
            ["line 3: [0].actions[0].text: `!secret x` cannot be used here, write the value itself"],
        ),
    ],
)
def test_what_is_wrong(text: str, told: list[str]) -> None:
    assert problems(read_rules_text(text)) == [f"automations.yaml, {each}" for each in told]


BLUEPRINT = """
blueprint:
  name: Дверь
  inputs: {modem: , for: {default: 1m}}
triggers: [{trigger: gpi, modem: !input modem, for: !input for}]
actions: [{action: notify, target: duty, text: "{{ modem.name }}"}]
"""
USE = "- id: a\n  use_blueprint:\n    path: door.yaml\n    inputs: {}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "blueprints").mkdir()
    (tmp_path / "blueprints/door.yaml").write_text(BLUEPRINT)
    return tmp_path


def test_a_rule_is_made_of_a_blueprint(folder: Path) -> None:
    text = USE.format(f'{{modem: "{MODEM}"}}') + "  enabled: false\n"
    (rule,) = read_rules_text(text, folder).rules
    assert (rule.id, rule.alias, rule.is_enabled) == ("a", "Дверь", False)
    assert rule.triggers == (GpiTrigger(modem=(MODEM,), for_s=60.0),)


@pytest.mark.parametrize(
    ("inputs", "told"),
    [
        ("{}", "line 4: [0].use_blueprint.inputs: expected the input `modem` too, it is missing"),
        (
            f'{{modem: "{MODEM}", door: 1}}',
            "line 4: [0].use_blueprint.inputs.door: the blueprint has no such input; known here: modem, for",
        ),
        (
            f'{{modem: "{MODEM}", for: soon}}',
            'line 4: [0].use_blueprint.inputs.for: expected a duration such as 30s, 10m, 2h or 00:02:10, came "soon"',
        ),
        (
            "{modem: 868441036775234}",
            'line 4: [0].use_blueprint.inputs.modem: expected a modem id such as "868441036775234"',
        ),
    ],
)
def test_what_is_wrong_with_an_input_is_told_where_it_is_given(folder: Path, inputs: str, told: str) -> None:
    (problem,) = problems(read_rules_text(USE.format(inputs), folder))
    assert problem.startswith(f"automations.yaml, {told}")


def test_a_broken_blueprint_is_told_where_it_is_used(folder: Path) -> None:
    (folder / "blueprints/door.yaml").write_text(BLUEPRINT.replace("notify", "notifi"))
    (problem,) = problems(read_rules_text(USE.format(f'{{modem: "{MODEM}"}}'), folder))
    assert problem.startswith("automations.yaml, line 3: [0].use_blueprint.path: ")
    assert "door.yaml, line 6: actions[0].action: expected notify" in problem


def test_the_shipped_blueprint_makes_the_rule_that_its_head_shows() -> None:
    inputs = f'{{modem: "{MODEM}", input: 1, what: дверь открыта}}'
    found = read_rules_text(f"- id: a\n  use_blueprint: {{path: input.yaml, inputs: {inputs}}}\n", ROOT / "config")
    assert problems(found) == []
    assert [trigger.id for trigger in found.rules[0].triggers] == ["alarm", "normal"]


def test_a_secret_of_the_file_beside_it_may_be_used_and_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "secrets.yaml").write_text("number: '+79211234567'\nwrong: hunter2\n")
    (tmp_path / "secrets.yaml").chmod(0o600)
    text = "- id: a\n  triggers: [{trigger: connected}]\n  actions: [{action: sms, to: !secret NAME, text: x}]\n"
    assert problems(read_rules_text(text.replace("NAME", "number"), tmp_path)) == []
    (problem,) = problems(read_rules_text(text.replace("NAME", "wrong"), tmp_path))
    assert "expected a phone number" in problem
    assert "hunter2" not in problem


def test_many_rules_are_read_in_a_moment() -> None:
    began = time.process_time()
    assert len(read_rules_text("".join(RULE.format(f"r{number}") for number in range(500))).rules) == 500
    assert time.process_time() - began < 2.0
