"""The mobile network between the hub's GSM modem and simulated modems: calls and SMS find them by number."""

from dataclasses import dataclass, field
from typing import Literal

from irzhub.simulator.modem import SimulatedModem

CallEnd = Literal["no_answer", "unreachable", "busy"]


@dataclass(slots=True)
class Cellular:
    """Numbers and the modems behind them; a number that is in no modem that is on cannot be reached.

    Args:
        subscribers: by number; one modem may have two. busy: numbers that talk to somebody else.
        lost: SMS to these numbers are taken, and never arrive.
        log: every call and SMS as `call +79...` and `sms +79...`, from the first on.
    """

    subscribers: dict[str, SimulatedModem] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)
    lost: set[str] = field(default_factory=set)
    log: list[str] = field(default_factory=list)

    def call(self, number: str) -> CallEnd:
        """Ring a number; a modem never answers, it sees who calls and does what it is set up to."""
        self.log.append(f"call {number}")
        if number in self.busy:
            return "busy"
        modem = self.subscribers.get(number)
        return "no_answer" if modem is not None and modem.standby.ring() else "unreachable"

    def send(self, number: str, text: str) -> bool:
        """Carry an SMS; return whether it was delivered."""
        self.log.append(f"sms {number}")
        modem = self.subscribers.get(number)
        return modem is not None and number not in self.lost and modem.standby.receive(text)
