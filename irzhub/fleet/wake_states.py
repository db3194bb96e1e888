"""One wake: a ladder of steps, and what each of them led to. Pure: no clock, no services.

stepping  a step is being taken: the number is called, the SMS is on its way
waiting   the step was taken, and the modem may dial in because of it
online    it dialled in
failed    the ladder is used up, or the wake was called off

The table below is all there is of rules; a step that cannot be taken is no reason to wait, so the next one follows at
once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal, TypeAlias

StepKind: TypeAlias = Literal["call", "sms"]
WakeState: TypeAlias = Literal["stepping", "waiting", "online", "failed"]
Signal: TypeAlias = Literal["taken", "missed", "silent", "used_up", "dialled_in", "called_off"]

ITSELF: Final = "itself"
"""What brought a modem in that came before anything was done."""

TRANSITIONS: Final[MappingProxyType[tuple[WakeState, Signal], WakeState]] = MappingProxyType(
    {
        ("stepping", "taken"): "waiting",
        ("stepping", "missed"): "stepping",
        ("stepping", "used_up"): "failed",
        ("stepping", "dialled_in"): "online",
        ("stepping", "called_off"): "failed",
        ("waiting", "silent"): "stepping",
        ("waiting", "used_up"): "failed",
        ("waiting", "dialled_in"): "online",
        ("waiting", "called_off"): "failed",
    }
)


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of the ladder: its name such as `call2`, the number it goes to, how long the modem may take then."""

    name: str
    number: str = field(repr=False)
    wait_s: float

    @property
    def kind(self) -> StepKind:
        """Whether it is a call or an SMS."""
        return "call" if self.name.startswith("call") else "sms"


@dataclass(frozen=True, slots=True)
class Trace:
    """What became of one step, and when: `error` says why it was not taken, None where it was."""

    step: str
    at: datetime
    error: str | None = None


@dataclass(slots=True)
class Climb:
    """Goes up the ladder as it is told what happened."""

    steps: Sequence[Step]
    state: WakeState = "stepping"
    by: str | None = None
    error: str | None = None
    traces: list[Trace] = field(default_factory=list)
    _position: int = 0

    @property
    def step(self) -> Step | None:
        """The step that is to be taken now, or was taken and is waited for; None at the end."""
        return None if self.is_over or self._position >= len(self.steps) else self.steps[self._position]

    @property
    def is_over(self) -> bool:
        """Whether the modem came or nothing is left to try."""
        return self.state in ("online", "failed")

    @property
    def is_waiting(self) -> bool:
        """Whether a step was taken and the modem may come because of it."""
        return self.state == "waiting"

    def taken(self, at: datetime) -> None:
        """The number rang, or the network took the SMS."""
        self.traces.append(Trace(self.steps[self._position].name, at))
        self._signal("taken")

    def missed(self, error: str, at: datetime) -> None:
        """The step could not be taken."""
        self.traces.append(Trace(self.steps[self._position].name, at, error))
        self._next("missed")

    def silent(self) -> None:
        """The modem did not come within the step's time."""
        self._next("silent")

    def dialled_in(self, told: str | None = None) -> None:
        """The modem is here; `told` is what it says itself to have been woken by."""
        if not self.is_over:
            self.by = self.name_cause(told) or ITSELF
            self._signal("dialled_in")

    def call_off(self, why: str) -> None:
        """Nobody wants it any more, or it cannot go on."""
        if not self.is_over:
            self.error = why
            self._signal("called_off")

    def name_cause(self, told: str | None = None) -> str | None:
        """Return the step that a dial-in now is due to, None while nothing has been done.

        An SMS may take minutes, so a modem that says why it comes knows better than the last step does.
        """
        names = [trace.step for trace in self.traces if trace.error is None]
        if self.state == "stepping" and self.step is not None:
            names.append(self.step.name)  # a modem dials in while it still rings
        of_kind = [name for name in names if told is not None and name.startswith(told)]
        found = of_kind or names
        return found[-1] if found else None

    def _next(self, signal: Signal) -> None:
        self._position += 1
        if self._position < len(self.steps):
            self._signal(signal)
            return
        wrong = [f"{trace.step}: {trace.error}" for trace in self.traces if trace.error is not None]
        in_vain = [trace.step for trace in self.traces if trace.error is None]
        told = [f"it did not dial in after {', '.join(in_vain)}"] if in_vain else []
        self.error = "; ".join((*told, *wrong))
        self._signal("used_up")

    def _signal(self, signal: Signal) -> None:
        self.state = TRANSITIONS[self.state, signal]
