"""How a message to one recipient may go on: all rules in one table, and nothing else changes a state.

1. A row is stored as `waiting` before anything else happens, and as `sending` before its channel has it.
2. From `sending` on it may have left: where its end is not known it becomes `unknown`, never `waiting`.
3. What has `not_before` in `unknown` is repeated once at that time, marked as a possible repeat.
4. What ended (`ENDED`) stays as it is until people ask for it again.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from irzhub.core.clock import format_time
from irzhub.core.printable import whole
from irzhub.storage.outbox import OutboxRow

State: TypeAlias = Literal[
    "waiting",
    "held",
    "over_budget",
    "sending",
    "sent",
    "delivered",
    "unknown",
    "failed",
    "expired",
    "folded",
    "cancelled",
]
Step: TypeAlias = Literal[
    "take",
    "hold",
    "release",
    "overspend",
    "accept",
    "deliver",
    "postpone",
    "doubt",
    "refuse",
    "repeat",
    "expire",
    "fold",
    "cancel",
    "retry",
]

TRANSITIONS: Final[Mapping[tuple[str, Step], State]] = MappingProxyType(
    {
        ("waiting", "take"): "sending",
        ("waiting", "hold"): "held",
        ("waiting", "overspend"): "over_budget",
        ("waiting", "expire"): "expired",
        ("waiting", "fold"): "folded",
        ("waiting", "cancel"): "cancelled",
        ("held", "release"): "waiting",
        ("held", "expire"): "expired",
        ("held", "fold"): "folded",
        ("held", "cancel"): "cancelled",
        ("sending", "accept"): "sent",
        ("sending", "deliver"): "delivered",
        ("sending", "postpone"): "waiting",
        ("sending", "doubt"): "unknown",
        ("sending", "refuse"): "failed",
        ("sent", "deliver"): "delivered",
        ("sent", "refuse"): "failed",
        ("unknown", "repeat"): "waiting",
        ("unknown", "deliver"): "delivered",
        ("unknown", "expire"): "expired",
        ("unknown", "cancel"): "cancelled",
        ("unknown", "retry"): "waiting",
        ("over_budget", "retry"): "waiting",
        ("over_budget", "cancel"): "cancelled",
        ("failed", "retry"): "waiting",
        ("expired", "retry"): "waiting",
        ("cancelled", "retry"): "waiting",
    }
)
"""Every step that there is; any other is a bug of this hub."""

ENDED: Final = frozenset({"sent", "delivered", "failed", "expired", "folded", "cancelled", "over_budget"})
_LOG_LIMIT: Final = 30


class WrongStep(Exception):
    """A step that the table does not know."""


def can(row: OutboxRow, step: Step) -> bool:
    """Say whether a row may take a step as it is."""
    return (row.state, step) in TRANSITIONS


def move(row: OutboxRow, step: Step, now: datetime, by: str = "", error: str | None = None) -> None:
    """Have a row take a step, and note it in its log.

    Raises:
        WrongStep: it cannot, as it is.
    """
    state = TRANSITIONS.get((row.state, step))
    if state is None:
        raise WrongStep(f"message {row.id} is {row.state}: it cannot {step}")
    row.state = state
    row.finished_at = now if state in ENDED or (state == "unknown" and row.not_before is None) else None
    if error is not None:
        row.error = whole(error)[:1000]
    noted = {"at": format_time(now), "step": step, "state": state}
    noted |= {name: value for name, value in (("by", by), ("error", row.error if error else "")) if value}
    row.log = [*row.log[-_LOG_LIMIT + 1 :], noted]
