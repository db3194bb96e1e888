"""Actions as they are written."""

from collections.abc import Callable, Mapping
from typing import Any, Final, get_args

from irzhub.alerts.messages import Recipient, Severity
from irzhub.automation.actions import (
    MOST_REPEATS,
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
from irzhub.automation.parsing import parse_mail, parse_phone
from irzhub.automation.record import Items, Key, Later, Record, Tagged
from irzhub.automation.schema_conditions import CONDITION_LIST, CONDITIONS
from irzhub.automation.schema_triggers import MODEM, TRIGGERS, one_or_more
from irzhub.automation.shape import Choice, Duration, Flag, Named, Number, Parsed, Shape, Template, Words
from irzhub.core.services import Channel

COMMANDS: Final = (
    *("signal", "pins", "cell", "temperature", "iccid", "set_output", "pulse", "ussd", "change_sim"),
    *("standby", "reboot", "raw"),
)
_CHAT: Final = Words("a chat id or @name", r"-?[0-9]{1,20}|@[0-9A-Za-z_]{3,40}", 41)
_URL: Final = Words(
    "an address that begins with https:// or http://, or the name of a receiver",
    r"https?://[\x21-\x7e]{1,1990}|[a-z][a-z0-9_]{0,39}",
    2000,
)
_PHONE: Final = Parsed('a phone number such as "+79211234567"', parse_phone)
_MAIL: Final = Parsed("one mail address such as duty@example.ru", parse_mail, 300)
_ITSELF: Final = Later()
ACTION_LIST: Final = Items(_ITSELF, "actions", 1, 200)

_TELLING: Final = {
    "severity": Key(Choice(get_args(Severity))),
    "damp": Key(Duration(0, 7 * 86400, may_be_off=True), into="damp_s"),
    "about": Key(Template(400)),
    "closes": Key(Flag()),
}


def _tell_at(channel: Channel) -> Callable[..., TellAction]:
    def build(to: tuple[str, ...], **values: Any) -> TellAction:
        return TellAction(recipients=tuple(Recipient(channel, address) for address in to), **{"text": "", **values})

    return build


def _telling(noun: str, channel: Channel, address: Shape, keys: Mapping[str, Key], to: str = "to") -> Record:
    where = {to: Key(one_or_more(address, "addresses"), is_required=True, into="to")}
    return Record(noun, {**where, **keys, **_TELLING}, _tell_at(channel))


_TEXT: Final = {"text": Key(Template(), is_required=True)}
_TITLE: Final = Template(400)


def _output(output: int, on: bool = True, pulse: bool = False, **values: Any) -> CommandAction:
    if pulse:
        return CommandAction(command="pulse", args={"output": output}, **values)
    return CommandAction(command="set_output", args={"output": output, "on": on}, **values)


def _check_output(values: Mapping[str, Any]) -> str | None:
    return None if ("on" in values) != bool(values.get("pulse")) else "expected `on`, or `pulse: true`"


def _check_repeat(values: Mapping[str, Any]) -> str | None:
    ways = {"count", "while_", "until"} & values.keys()
    return None if len(ways) == 1 else "expected one of `count`, `while` and `until`"


_SENDING: Final = {
    "modem": Key(MODEM),
    "expires_in": Key(Duration(1, 7 * 86400), into="expires_in_s"),
    "wait": Key(Flag()),
}

WAIT_TRIGGERS: Final = Tagged(
    "trigger",
    {word: each for word, each in TRIGGERS.records.items() if word not in ("time", "signal", "temperature")},
    "awaited_trigger",
)
"""What a run can wait for: what happens, not when, nor which bound is crossed."""

ACTIONS: Final = Tagged(
    "action",
    {
        "notify": Record(
            "a message to people",
            {
                "target": Key(
                    one_or_more(Words("the name of a contact, a team or a roster", longest=64), "targets"),
                    is_required=True,
                    into="targets",
                ),
                **_TEXT,
                "title": Key(_TITLE),
                "channels": Key(one_or_more(Choice(get_args(Channel)), "channels")),
                **_TELLING,
            },
            TellAction,
        ),
        "sms": _telling("an SMS", "sms", _PHONE, _TEXT),
        "call": _telling("a call", "call", _PHONE, {"text": Key(Template())}),
        "email": _telling("a mail", "email", _MAIL, {**_TEXT, "subject": Key(_TITLE, into="title")}),
        "telegram": _telling("a message", "telegram", _CHAT, _TEXT),
        "webhook": _telling("a call to a program", "webhook", _URL, {"text": Key(Template())}, to="url"),
        "mqtt": Record(
            "a message to the broker",
            {
                "topic": Key(Template(500), is_required=True),
                "payload": Key(Template(), is_required=True),
                "retain": Key(Flag()),
            },
            PublishAction,
        ),
        "command": Record(
            "a command for a modem",
            {"command": Key(Choice(COMMANDS), is_required=True), "args": Key(Named()), **_SENDING},
            CommandAction,
        ),
        "output": Record(
            "an output of a modem",
            {
                "output": Key(Number(1, 8), is_required=True),
                "on": Key(Flag()),
                "pulse": Key(Flag()),
                **_SENDING,
            },
            _output,
            _check_output,
        ),
        "wake": Record(
            "the waking of a modem",
            {"modem": Key(MODEM), "timeout": Key(Duration(10, 3600), into="timeout_s"), "wait": Key(Flag())},
            WakeAction,
        ),
        "delay": Record("a delay", {"for": Key(Duration(), is_required=True, into="for_s")}, DelayAction),
        "wait_for": Record(
            "a wait",
            {
                "triggers": Key(Items(WAIT_TRIGGERS, "triggers", 1, 20), is_required=True),
                "timeout": Key(Duration(0.1), into="timeout_s"),
                "on_timeout": Key(Choice(("continue", "stop"))),
            },
            WaitAction,
        ),
        "choose": Record(
            "a choice",
            {
                "options": Key(
                    Items(
                        Record(
                            "an option",
                            {
                                "conditions": Key(CONDITION_LIST, is_required=True),
                                "actions": Key(ACTION_LIST, is_required=True),
                            },
                            Option,
                        ),
                        "options",
                        1,
                        50,
                    ),
                    is_required=True,
                ),
                "default": Key(ACTION_LIST),
            },
            ChooseAction,
        ),
        "repeat": Record(
            "a repetition",
            {
                "actions": Key(ACTION_LIST, is_required=True),
                "count": Key(Number(1, MOST_REPEATS)),
                "while": Key(CONDITION_LIST, into="while_"),
                "until": Key(CONDITION_LIST),
            },
            RepeatAction,
            _check_repeat,
        ),
        "stop": Record("an end", {"reason": Key(Words("a text")), "error": Key(Flag(), into="is_error")}, StopAction),
        "variables": Record("values", {"values": Key(Named(), is_required=True)}, VariablesAction),
        "condition": Record("a condition", {"if": Key(CONDITIONS, is_required=True, into="condition")}, GateAction),
    },
    "action",
)
_ITSELF.shape = ACTIONS
