"""Stops rules that set themselves off: by what they do, not by what happens outside.

Whatever a rule does leaves a mark with its depth; an occurrence that such a mark explains is one deeper. What comes
from outside has depth 0 and is never stopped, however often it comes: ten thousand alarms are no loop.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

from irzhub.automation.occurrence import Occurrence

MOST_DEPTH: Final = 5
MOST_RUNS: Final = 10
WITHIN_S: Final = 60.0
_MARKS: Final = 50_000
_ECHO_S: Final = 5.0
"""So long after an output was set the inputs of the same modem may show it: a feedback wire is no loop by itself."""
_COMMAND_S: Final = 90.0
_WAKE_S: Final = 300.0
_MESSAGE_S: Final = 30.0


@dataclass(slots=True)
class Breaker:
    """The marks of what rules did, and how often each rule was set off by such things. Times are monotonic."""

    _marks: dict[str, tuple[float, int]] = field(default_factory=dict)
    _runs: dict[str, deque[float]] = field(default_factory=dict)

    def note_command(self, modem: str, command: str, depth: int, now: float) -> None:
        """A rule sends a command."""
        self._mark(f"command/{modem}", now + _COMMAND_S, depth)
        if command in ("set_output", "pulse"):
            self._mark(f"gpo/{modem}", now + _COMMAND_S, depth)
            self._mark(f"gpi/{modem}", now + _ECHO_S, depth)
        elif command in ("reboot", "change_sim", "standby"):
            self._mark(f"link/{modem}", now + _WAKE_S, depth)

    def note_wake(self, modem: str, depth: int, now: float) -> None:
        """A rule wakes a modem."""
        self._mark(f"link/{modem}", now + _WAKE_S, depth)
        self._mark(f"wake/{modem}", now + _WAKE_S, depth)

    def note_message(self, topic: str, depth: int, now: float) -> None:
        """A rule publishes on a topic."""
        self._mark(f"mqtt/{topic}", now + _MESSAGE_S, depth)

    def depth_of(self, occurrence: Occurrence, now: float) -> int:
        """Return how many rules lie between an occurrence and what came from outside."""
        if not self._marks or (name := _name_of(occurrence)) is None:
            return 0
        until, depth = self._marks.get(name, (0.0, 0))
        return depth + 1 if now <= until else 0

    def lets_run(self, rule: str, depth: int, now: float) -> bool:
        """Say whether a rule may run at a depth; note that it does."""
        if depth == 0:
            return True
        runs = self._runs.setdefault(rule, deque())
        while runs and runs[0] <= now - WITHIN_S:
            runs.popleft()
        if depth > MOST_DEPTH or len(runs) >= MOST_RUNS:
            return False
        runs.append(now)
        return True

    def _mark(self, name: str, until: float, depth: int) -> None:
        self._marks.pop(name, None)
        self._marks[name] = (until, depth)
        if len(self._marks) > _MARKS:
            del self._marks[next(iter(self._marks))]


def _name_of(occurrence: Occurrence) -> str | None:
    """Return the mark that would explain an occurrence."""
    modem, data = occurrence.modem, occurrence.data
    match occurrence.kind:
        case "command_finished" if str(data.get("origin", "")).startswith("rule:"):
            return f"command/{modem}"
        case "gpo_changed" | "output_stuck":
            return f"gpo/{modem}"
        case "gpi_changed":
            return f"gpi/{modem}"
        case "connected" | "disconnected":
            return f"link/{modem}"
        case "wake_started" | "wake_succeeded" | "wake_failed":
            return f"wake/{modem}"
        case "mqtt":
            return f"mqtt/{data.get('topic')}"
        case _:
            return None
