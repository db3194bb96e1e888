"""What one meter line can be doing, and which signal leads from where to where: the table of `irzhub.relay.sharing`."""

import enum
from collections.abc import Mapping
from typing import Final


class Phase(enum.IntEnum):
    """What the line is doing. An IntEnum hashes in C: this is the hot path."""

    AWAY = 0
    FREE = 1
    ASKED = 2
    ANSWERED = 3
    LATE = 4


class Signal(enum.IntEnum):
    """What happens on the line."""

    ATTACHED = 0
    DETACHED = 1
    QUESTION = 2
    ANSWER = 3
    TURN_OVER = 4
    OWNER_LEFT = 5
    OWNER_LEFT_MIDWAY = 6
    TIMED_OUT = 7
    SILENCE = 8


TABLE: Final[Mapping[Phase, Mapping[Signal, Phase]]] = {
    Phase.AWAY: {
        Signal.ATTACHED: Phase.FREE,
    },
    Phase.FREE: {
        Signal.QUESTION: Phase.ASKED,
        Signal.ANSWER: Phase.FREE,
        Signal.DETACHED: Phase.AWAY,
    },
    Phase.ASKED: {
        Signal.QUESTION: Phase.ASKED,
        Signal.ANSWER: Phase.ANSWERED,
        Signal.TURN_OVER: Phase.FREE,
        Signal.OWNER_LEFT: Phase.LATE,
        Signal.TIMED_OUT: Phase.LATE,
        Signal.DETACHED: Phase.AWAY,
    },
    Phase.ANSWERED: {
        Signal.QUESTION: Phase.ASKED,
        Signal.ANSWER: Phase.ANSWERED,
        Signal.TURN_OVER: Phase.FREE,
        Signal.OWNER_LEFT: Phase.FREE,
        Signal.OWNER_LEFT_MIDWAY: Phase.LATE,
        Signal.DETACHED: Phase.AWAY,
    },
    Phase.LATE: {
        Signal.ANSWER: Phase.LATE,
        Signal.SILENCE: Phase.FREE,
        Signal.DETACHED: Phase.AWAY,
    },
}
