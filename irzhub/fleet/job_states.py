"""How a job stands and what may be done with it: one table, and nothing else changes a job's status.

awaiting_approval  a dangerous change that a second person has not approved yet
running            items are begun as there is room, or the modems of a step are awaited back
paused             nothing new is begun; what runs comes to its end
stopped            too many modems of a step failed or are not back; a person decides
cancelling         nothing new is begun, and what still runs is awaited
done, cancelled    the end; what failed can be tried again
"""

from types import MappingProxyType
from typing import Final, Literal, TypeAlias

from irzhub.core.exceptions import IrzhubError

JobStatus: TypeAlias = Literal["awaiting_approval", "running", "paused", "stopped", "cancelling", "done", "cancelled"]
Action: TypeAlias = Literal["approve", "pause", "resume", "stop", "finish", "cancel", "retry"]


class JobConflict(IrzhubError):
    """What was asked for does not fit how the job stands."""


class UnknownJob(IrzhubError):
    """A job id that nobody knows."""


TRANSITIONS: Final[MappingProxyType[tuple[JobStatus, Action], JobStatus]] = MappingProxyType(
    {
        ("awaiting_approval", "approve"): "running",
        ("awaiting_approval", "cancel"): "cancelling",
        ("running", "pause"): "paused",
        ("running", "stop"): "stopped",
        ("running", "finish"): "done",
        ("running", "cancel"): "cancelling",
        ("paused", "resume"): "running",
        ("paused", "cancel"): "cancelling",
        ("stopped", "resume"): "running",
        ("stopped", "cancel"): "cancelling",
        ("cancelling", "finish"): "cancelled",
        ("done", "retry"): "running",
        ("cancelled", "retry"): "running",
    }
)


def next_status(status: JobStatus, action: Action) -> JobStatus:
    """Return how a job stands after an action.

    Raises:
        JobConflict: the action does not fit.
    """
    if (found := TRANSITIONS.get((status, action))) is None:
        fitting = ", ".join(sorted({each for each, what in TRANSITIONS if what == action}))
        raise JobConflict(f"{action}: expected a job that is {fitting}, this one is {status}")
    return found
