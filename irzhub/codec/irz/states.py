"""Where a session with an iRZ modem stands. This file is the only place that says so.

Two rules:

1. Everything that depends on what happened before is here. `connection.py` asks before it sends and tells
   what it received; it keeps no flags of its own about it.
2. The table below is complete: what is not in it must not happen. If we were about to do it, the fault is
   ours (`LocalProtocolError`) and nothing is sent; if the modem did it, it is the modem's
   (`RemoteProtocolError`) and the session ends.

A session lives like this (`docs/protocol.md` 1.1):

    hello ──> GREETED ──our answer──> IDLE ──command──> ASKING ──its answer, or its time is over──> IDLE

- GREETED: the modem introduced itself and waits for our answer. No command may be sent: the modem would take
  it for a wrong answer and close (1.3).
- IDLE: normal work.
- ASKING: one command is outstanding. There is never a second one: answers to text commands carry nothing
  that tells whose they are (1.7).
- FAILED: the modem broke the protocol beyond repair. Nothing leads out of here.

A modem may introduce itself again at any time (1.2); it has then forgotten what we asked, and waits for an
answer. To give up waiting is allowed in every state, because timers and answers race.

What never changes the state is not in the table: meter data both ways, keepalives, reports of pins, and what
we ignore. That is also what keeps the table out of the hot path. Meter data before our answer is therefore
not refused here: the session holds it back until the modem can take it (1.3).
"""

import enum
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from irzhub.codec.errors import LocalProtocolError, RemoteProtocolError


class State(enum.Enum):
    """Where the session stands."""

    GREETED = "greeted"
    IDLE = "idle"
    ASKING = "asking"
    FAILED = "failed"


class Step(enum.Enum):
    """What can change the state; the second word says who does it."""

    ANSWER = ("answer", "we")
    COMMAND = ("command", "we")
    CANCEL = ("cancel", "we")
    REPLY = ("reply", "modem")
    HELLO = ("hello", "modem")
    BREACH = ("breach", "modem")

    @property
    def is_ours(self) -> bool:
        """Whether we do it, so that a wrong one is our fault."""
        return self.value[1] == "we"


TRANSITIONS: Final[Mapping[State, Mapping[Step, State]]] = MappingProxyType(
    {
        State.GREETED: {
            Step.ANSWER: State.IDLE,
            Step.CANCEL: State.GREETED,
            Step.HELLO: State.GREETED,
            Step.BREACH: State.FAILED,
        },
        State.IDLE: {
            Step.COMMAND: State.ASKING,
            Step.CANCEL: State.IDLE,
            Step.HELLO: State.GREETED,
            Step.BREACH: State.FAILED,
        },
        State.ASKING: {
            Step.REPLY: State.IDLE,
            Step.CANCEL: State.IDLE,
            Step.HELLO: State.GREETED,
            Step.BREACH: State.FAILED,
        },
        State.FAILED: {
            Step.CANCEL: State.FAILED,
        },
    }
)


class Progress:
    """The state of one session; it moves only along the table."""

    __slots__ = ("_state",)

    def __init__(self) -> None:
        self._state = State.GREETED

    @property
    def state(self) -> State:
        """Where the session stands now."""
        return self._state

    def check(self, step: Step) -> None:
        """Raise what `move` would raise, and stay."""
        self._next(step)

    def move(self, step: Step) -> None:
        """Take a step.

        Raises:
            LocalProtocolError: we must not do that in this state.
            RemoteProtocolError: the modem must not.
        """
        self._state = self._next(step)

    def _next(self, step: Step) -> State:
        if (state := TRANSITIONS[self._state].get(step)) is not None:
            return state
        allowed = ", ".join(known.value[0] for known in TRANSITIONS[self._state] if known.is_ours == step.is_ours)
        text = f"expected {allowed or 'nothing'} in state {self._state.value}, got {step.value[0]}"
        raise LocalProtocolError(text) if step.is_ours else RemoteProtocolError(text)
