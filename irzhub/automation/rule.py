"""One automation, as the engine runs it."""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final, Literal, TypeAlias

from irzhub.automation.actions import Action
from irzhub.automation.conditions import Condition
from irzhub.automation.triggers import Trigger

Mode: TypeAlias = Literal["single", "restart", "queued", "parallel"]
DEFAULT_MAX: Final = 10
MOST_RUNS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When, if and what.

    Args:
        id: a name of its own; alias: what people call it.
        mode: what becomes of a run for a modem while another for the same modem has not ended: `single` drops it,
            `restart` ends the other one, `queued` waits and `parallel` does not, up to `max` of them.
        variables: names and values that templates of this rule may use.
        source: where it comes from: `file`, or who else gave it to the engine.
    """

    id: str
    triggers: tuple[Trigger, ...]
    actions: tuple[Action, ...]
    conditions: tuple[Condition, ...] = ()
    alias: str = ""
    description: str = ""
    mode: Mode = "single"
    max: int = DEFAULT_MAX
    variables: dict[str, Any] = field(default_factory=dict, hash=False)
    is_enabled: bool = True
    source: str = "file"

    @property
    def mark(self) -> str:
        """What is another when the actions are others: a run that has begun can only go on with the same ones."""
        return hashlib.sha256(repr(self.actions).encode("utf-8", "replace")).hexdigest()[:16]

    @property
    def name(self) -> str:
        """What people call it."""
        return self.alias or self.id
