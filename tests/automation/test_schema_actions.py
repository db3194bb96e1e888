"""Every action as it is written, and what is wrong with those that are not right."""

from typing import Any

import pytest

from irzhub.alerts.messages import Recipient
from irzhub.automation.actions import (
    ChooseAction,
    CommandAction,
    DelayAction,
    GateAction,
    Option,
    PublishAction,
    RepeatAction,
    StopAction,
    TellAction,
    VariablesAction,
    WaitAction,
    WakeAction,
)
from irzhub.automation.conditions import TemplateCondition
from irzhub.automation.schema_actions import ACTIONS
from irzhub.automation.shape import Complaints
from irzhub.automation.triggers import GpiTrigger
from tests.automation.rig import MODEM


def read(written: Any) -> tuple[Any, list[str]]:
    complaints = Complaints()
    return ACTIONS.read(written, (), complaints), [text for _, text in complaints.found]


TELL = {"action": "notify", "target": "duty", "text": "x"}
TOLD = TellAction(text="x", targets=("duty",))
YES = {"condition": "template", "value": "yes"}


@pytest.mark.parametrize(
    ("written", "action"),
    [
        (TELL, TOLD),
        (
            {**TELL, "target": ["duty", "anna"], "channels": ["sms", "email"], "damp": "off", "severity": "alarm"},
            TellAction(text="x", targets=("duty", "anna"), channels=("sms", "email"), damp_s=0.0, severity="alarm"),
        ),
        (
            {"action": "sms", "to": "+79211234567", "text": "x"},
            TellAction(text="x", recipients=(Recipient("sms", "+79211234567"),)),
        ),
        (
            {"action": "call", "to": ["+79211234567"]},
            TellAction(text="", recipients=(Recipient("call", "+79211234567"),)),
        ),
        (
            {"action": "email", "to": "a@example.ru", "subject": "s", "text": "x"},
            TellAction(text="x", title="s", recipients=(Recipient("email", "a@example.ru"),)),
        ),
        (
            {"action": "telegram", "to": "-100123", "text": "x"},
            TellAction(text="x", recipients=(Recipient("telegram", "-100123"),)),
        ),
        (
            {"action": "webhook", "url": "https://example.ru/x"},
            TellAction(text="", recipients=(Recipient("webhook", "https://example.ru/x"),)),
        ),
        (
            {"action": "webhook", "url": "scada"},
            TellAction(text="", recipients=(Recipient("webhook", "scada"),)),
        ),
        (
            {"action": "mqtt", "topic": "a", "payload": "1", "retain": True},
            PublishAction(topic="a", payload="1", retain=True),
        ),
        (
            {"action": "command", "command": "ussd", "args": {"code": "*100#"}, "wait": True},
            CommandAction(command="ussd", args={"code": "*100#"}, wait=True),
        ),
        (
            {"action": "output", "modem": MODEM, "output": 4, "on": False},
            CommandAction(command="set_output", args={"output": 4, "on": False}, modem=MODEM),
        ),
        ({"action": "wake", "timeout": "3m"}, WakeAction(timeout_s=180.0)),
        ({"action": "delay", "for": "00:05:00"}, DelayAction(for_s=300.0)),
        (
            {"action": "wait_for", "triggers": [{"trigger": "gpi"}], "timeout": "1h", "on_timeout": "stop"},
            WaitAction(triggers=(GpiTrigger(),), timeout_s=3600.0, on_timeout="stop"),
        ),
        (
            {"action": "choose", "options": [{"conditions": [YES], "actions": [TELL]}], "default": [TELL]},
            ChooseAction(
                options=(Option(conditions=(TemplateCondition(value="yes"),), actions=(TOLD,)),), default=(TOLD,)
            ),
        ),
        ({"action": "repeat", "count": 3, "actions": [TELL]}, RepeatAction(actions=(TOLD,), count=3)),
        (
            {"action": "repeat", "while": [YES], "actions": [TELL]},
            RepeatAction(actions=(TOLD,), while_=(TemplateCondition(value="yes"),)),
        ),
        ({"action": "stop", "reason": "dry", "error": True}, StopAction(reason="dry", is_error=True)),
        ({"action": "variables", "values": {"a": [1, "{{ b }}"]}}, VariablesAction(values={"a": [1, "{{ b }}"]})),
        ({"action": "condition", "if": YES}, GateAction(condition=TemplateCondition(value="yes"))),
    ],
)
def test_what_is_written_is_what_is_meant(written: Any, action: object) -> None:
    assert read(written) == (action, [])


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ({"action": "sms", "to": 79211234567, "text": "x"}, "in quotes, came 79211234567"),
        ({"action": "sms", "to": "02", "text": "x"}, "expected a phone number"),
        ({"action": "sms", "to": "+79211234567"}, "expected the key `text` too"),
        ({"action": "email", "to": "a@x, b@x", "text": "x"}, "expected one mail address"),
        ({"action": "webhook", "url": "SCADA"}, "or the name of a receiver"),
        ({"action": "webhook", "url": "ftp://x"}, "begins with https:// or http://"),
        ({"action": "output", "output": 1}, "expected `on`, or `pulse: true`"),
        ({"action": "output", "output": 1, "on": True, "pulse": True}, "expected `on`, or `pulse: true`"),
        ({"action": "repeat", "actions": [TELL]}, "expected one of `count`, `while` and `until`"),
        ({"action": "repeat", "actions": [TELL], "count": 1000}, "expected a whole number from 1 to 100"),
        ({"action": "wait_for", "triggers": [{"trigger": "time", "at": "8:00"}]}, "expected connected,"),
        ({"action": "command", "command": "format"}, "expected signal, pins"),
        ({"action": "delay", "for": 300}, "expected a duration"),
        ({**TELL, "severity": "critical"}, "expected info, warning or alarm"),
        ({**TELL, "text": "{{ modem.name.upper() }}"}, "came a call"),
        ({"action": "notifi", "target": "x"}, "did you mean `notify`?"),
    ],
)
def test_what_is_wrong(written: Any, says: str) -> None:
    assert says in " ".join(read(written)[1])
