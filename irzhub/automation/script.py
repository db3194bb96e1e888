"""In which order the actions of a rule are done: a generator that asks for each step and is told how it ended.

It looks at nothing by itself: whether conditions hold is an answer too. So the answers are a log from which a run
goes on after a restart, at the step where it was.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from irzhub.automation.actions import (
    MOST_REPEATS,
    Action,
    ChooseAction,
    CommandAction,
    DelayAction,
    GateAction,
    PublishAction,
    RepeatAction,
    StopAction,
    TellAction,
    VariablesAction,
    WaitAction,
    WakeAction,
)
from irzhub.automation.conditions import Condition

Path: TypeAlias = str
"""Where a step stands in the rule, such as `actions[1].options[0].actions[2]`."""
Doing: TypeAlias = TellAction | PublishAction | CommandAction | WakeAction | DelayAction | WaitAction | VariablesAction


@dataclass(frozen=True, slots=True)
class Check:
    """Asks whether conditions hold; the answer is True or False."""

    conditions: Sequence[Condition]
    path: Path


@dataclass(frozen=True, slots=True)
class Do:
    """Asks for an action; the answer is what came of it, as JSON, or None."""

    action: Doing
    path: Path


Step: TypeAlias = Check | Do
Script: TypeAlias = Generator[Step, Any, None]


class Stopped(Exception):
    """A run that ends before its last action."""

    def __init__(self, reason: str, *, is_error: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_error = is_error


WAITED_IN_VAIN: Final = "timeout"


def script(actions: Sequence[Action], path: Path = "actions") -> Script:
    """Yield the steps of some actions.

    Raises:
        Stopped: the run ends here, as the rule says.
    """
    for number, action in enumerate(actions):
        yield from _steps(action, f"{path}[{number}]")


def _steps(action: Action, path: Path) -> Script:
    match action:
        case ChooseAction():
            yield from _choose(action, path)
        case RepeatAction():
            yield from _repeat(action, path)
        case StopAction():
            raise Stopped(action.reason or "stop", is_error=action.is_error)
        case GateAction():
            if not (yield Check((action.condition,), f"{path}.if")):
                raise Stopped("a condition does not hold")
        case WaitAction():
            answer = yield Do(action, path)
            if answer == WAITED_IN_VAIN and action.on_timeout == "stop":
                raise Stopped("what was waited for did not come")
        case _:
            yield Do(action, path)


def _choose(action: ChooseAction, path: Path) -> Script:
    for number, option in enumerate(action.options):
        if (yield Check(option.conditions, f"{path}.options[{number}]")):
            yield from script(option.actions, f"{path}.options[{number}].actions")
            return
    yield from script(action.default, f"{path}.default")


def _repeat(action: RepeatAction, path: Path) -> Script:
    for turn in range(action.count or MOST_REPEATS):
        if action.while_ and not (yield Check(action.while_, f"{path}.while")):
            return
        yield from script(action.actions, f"{path}.actions")
        if action.until and (yield Check(action.until, f"{path}.until")):
            return
        if action.count is None and turn == MOST_REPEATS - 1:
            raise Stopped(f"it was repeated {MOST_REPEATS} times, which is the limit", is_error=True)
