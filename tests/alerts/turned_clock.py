"""A clock that is turned by hand."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass
class TurnedClock:
    """Wall and monotonic time that go together, and only when somebody turns them."""

    moment: datetime
    _began: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._began = self.moment

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return (self.moment - self._began).total_seconds()

    def turn(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)
