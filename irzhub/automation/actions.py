"""What a rule does, one after the other. Data only: `script.py` says in which order, the engine does it."""

from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from irzhub.alerts.messages import DAMP_S, Recipient, Severity
from irzhub.automation.conditions import Condition
from irzhub.automation.occurrence import Occurrence
from irzhub.automation.triggers import Trigger
from irzhub.core.services import Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class TellAction:
    """Tell people or programs, on the channels of a contact (`targets`) or at addresses written in the rule.

    Args:
        text, title, about: templates; `about` says what the message is about, empty: what the trigger is about.
        closes: it says that something is over: it goes to those only who were told that it began.
    """

    text: str
    title: str = ""
    targets: tuple[str, ...] = ()
    recipients: tuple[Recipient, ...] = ()
    channels: tuple[Channel, ...] = ()
    severity: Severity = "warning"
    damp_s: float = DAMP_S
    about: str = ""
    closes: bool = False

    def resolved(self, _occurrence: Occurrence) -> "TellAction | None":
        """Return whom to tell what of an occurrence: itself, unless that is looked up only then; None: nobody."""
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishAction:
    """Publish a message; topic and payload are templates."""

    topic: str
    payload: str
    retain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandAction:
    """Send a command to a modem, None for the trigger's own; with `wait` the next action sees its `result`."""

    command: str
    args: dict[str, Any] = field(default_factory=dict, hash=False)
    modem: str | None = None
    expires_in_s: float = 60.0
    wait: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WakeAction:
    """Have a modem dial in, None for the trigger's own; with `wait` the next action sees its `result`."""

    modem: str | None = None
    timeout_s: float = 180.0
    wait: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayAction:
    """Go on later."""

    for_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitAction:
    """Go on once one of the triggers fires for the modem that set the rule off, or at the time-out."""

    triggers: tuple[Trigger, ...]
    timeout_s: float = 3600.0
    on_timeout: Literal["continue", "stop"] = "continue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One way of a `choose`."""

    conditions: tuple[Condition, ...]
    actions: tuple["Action", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseAction:
    """Go the first way whose conditions hold, else the default one."""

    options: tuple[Option, ...]
    default: tuple["Action", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatAction:
    """Do it again: `count` times, while or until conditions hold, at most `MOST_REPEATS` times."""

    actions: tuple["Action", ...]
    count: int | None = None
    while_: tuple[Condition, ...] = ()
    until: tuple[Condition, ...] = ()


MOST_REPEATS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class StopAction:
    """End the run; `is_error` marks it as failed."""

    reason: str = ""
    is_error: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VariablesAction:
    """Give names to values; texts are templates."""

    values: dict[str, Any] = field(hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAction:
    """A condition among the actions: the run ends here unless it holds."""

    condition: Condition


Action: TypeAlias = (
    TellAction
    | PublishAction
    | CommandAction
    | WakeAction
    | DelayAction
    | WaitAction
    | ChooseAction
    | RepeatAction
    | StopAction
    | VariablesAction
    | GateAction
)
