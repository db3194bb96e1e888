"""In which order actions are done, told by the steps that a script asks for."""

from typing import Any

import pytest

from irzhub.automation.actions import (
    MOST_REPEATS,
    Action,
    ChooseAction,
    DelayAction,
    GateAction,
    Option,
    RepeatAction,
    StopAction,
    TellAction,
    WaitAction,
)
from irzhub.automation.conditions import TemplateCondition
from irzhub.automation.script import WAITED_IN_VAIN, Check, Stopped, script
from irzhub.automation.triggers import ConnectedTrigger

A, B, C = (TellAction(text=text) for text in "abc")
IF = TemplateCondition(value="yes")


def walk(actions: list[Action], answers: list[Any]) -> list[str]:
    """Return the paths of the steps, with `?` before those that ask, until the end or a stop."""
    steps, paths, left = script(actions), list[str](), list(answers)
    try:
        step = next(steps)
        while True:
            paths.append(("?" if isinstance(step, Check) else "") + step.path.removeprefix("actions"))
            step = steps.send(left.pop(0) if left else None)
    except StopIteration:
        return paths
    except Stopped as stopped:
        return [*paths, ("!" if stopped.is_error else "") + stopped.reason]


CHOICE = ChooseAction(
    options=(Option(conditions=(IF,), actions=(A,)), Option(conditions=(IF,), actions=(B,))), default=(C,)
)
TWICE = RepeatAction(actions=(A,), count=2)


@pytest.mark.parametrize(
    ("actions", "answers", "paths"),
    [
        ([A, B], [], ["[0]", "[1]"]),
        ([CHOICE, A], [True], ["?[0].options[0]", "[0].options[0].actions[0]", "[1]"]),
        ([CHOICE], [False, True], ["?[0].options[0]", "?[0].options[1]", "[0].options[1].actions[0]"]),
        ([CHOICE], [False, False], ["?[0].options[0]", "?[0].options[1]", "[0].default[0]"]),
        ([TWICE, B], [], ["[0].actions[0]", "[0].actions[0]", "[1]"]),
        (
            [RepeatAction(actions=(A,), while_=(IF,))],
            [True, None, False],
            ["?[0].while", "[0].actions[0]", "?[0].while"],
        ),
        (
            [RepeatAction(actions=(A,), until=(IF,))],
            [None, False, None, True],
            ["[0].actions[0]", "?[0].until", "[0].actions[0]", "?[0].until"],
        ),
        ([GateAction(condition=IF), A], [True], ["?[0].if", "[1]"]),
        ([GateAction(condition=IF), A], [False], ["?[0].if", "a condition does not hold"]),
        ([A, StopAction(reason="enough"), B], [], ["[0]", "enough"]),
        ([StopAction(is_error=True)], [], ["!stop"]),
        ([DelayAction(for_s=5), A], [], ["[0]", "[1]"]),
    ],
)
def test_the_order_of_steps(actions: list[Action], answers: list[Any], paths: list[str]) -> None:
    assert walk(actions, answers) == paths


@pytest.mark.parametrize(
    ("on_timeout", "answer", "ends"),
    [
        ("continue", WAITED_IN_VAIN, ["[0]", "[1]"]),
        ("stop", "fired", ["[0]", "[1]"]),
        ("stop", WAITED_IN_VAIN, ["[0]", "what was waited for did not come"]),
    ],
)
def test_a_wait_may_end_the_run(on_timeout: Any, answer: str, ends: list[str]) -> None:
    wait = WaitAction(triggers=(ConnectedTrigger(),), on_timeout=on_timeout)
    assert walk([wait, A], [answer]) == ends


def test_a_repetition_without_end_ends() -> None:
    paths = walk([RepeatAction(actions=(A,), until=(IF,))], [None, False] * MOST_REPEATS)
    assert paths[-1] == "!it was repeated 100 times, which is the limit"
    assert paths.count("[0].actions[0]") == MOST_REPEATS
