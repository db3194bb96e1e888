"""What goes wrong in a fleet on an ordinary day: links that are lost for a while, meters that fall silent."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from irzhub.simulator.fleet import Fleet
from irzhub.simulator.meters import Answers, Meter, MeterFactory
from irzhub.simulator.modem import SimulatedModem
from irzhub.simulator.options import Span

_SILENT_EACH: Final = 12
_ANSWERS_S: Final = 150.0
_SILENT_S: Final = 1200.0
_WEAK_EACH: Final = 8
_LOST_EVERY_S: Final = 300.0
_AWAY_S: Final[Span] = (40.0, 240.0)
_LEAVES_EACH: Final = 30
_LEAVES_AFTER_S: Final = 75.0
_GONE_S: Final = 3600.0


@dataclass(slots=True)
class FitfulMeter:
    """A meter that answers, then keeps silent for a while, and so on, from the first question that it hears."""

    meter: Meter
    answers_s: float = _ANSWERS_S
    silent_s: float = _SILENT_S
    _since: float | None = None

    def receive(self, data: bytes, now: float) -> Answers:
        """Take bytes from the line; say nothing while it is silent."""
        if self._since is None:
            self._since = now
        if (now - self._since) % (self.answers_s + self.silent_s) >= self.answers_s:
            return []
        return self.meter.receive(data, now)


def some_fitful(make: MeterFactory) -> MeterFactory:
    """Return what makes the same meters, one in twelve of them fitful."""

    def meter(imei: str) -> Meter:
        made = make(imei)
        return FitfulMeter(made) if int(imei) % _SILENT_EACH == _SILENT_EACH // 2 else made

    return meter


class PoorLinks:
    """Lets one modem in eight lose its link again and again, and one in thirty go away for an hour."""

    def __init__(self, fleet: Fleet, away_s: Span = _AWAY_S) -> None:
        self._fleet = fleet
        self._away_s = away_s

    def begin(self) -> None:
        """Set the first losses; they end with the fleet's timer."""
        wheel = self._fleet.runtime.wheel
        for number, modem in enumerate(self._fleet.modems):
            if number % _WEAK_EACH == _WEAK_EACH - 1:
                wheel.after(self._pause(), partial(self._lose, modem))
            elif number % _LEAVES_EACH == 1:
                wheel.after(_LEAVES_AFTER_S, partial(modem.drop, _GONE_S))

    def _lose(self, modem: SimulatedModem) -> None:
        away_s = self._fleet.runtime.between(self._away_s)
        modem.drop(redial_s=away_s)
        self._fleet.runtime.wheel.after(away_s + self._pause(), partial(self._lose, modem))

    def _pause(self) -> float:
        # Independent links are lost as a Poisson stream; a pause of hours would look like a repaired one.
        return min(self._fleet.runtime.chance.expovariate(1 / _LOST_EVERY_S), _LOST_EVERY_S * 4)
