"""What all simulated modems and programs of one process share."""

import random
from dataclasses import dataclass, field

from irzhub.core.clock import Clock, SystemClock
from irzhub.core.tasks import Tasks
from irzhub.simulator.truth import TruthLog
from irzhub.simulator.wheel import Wheel


@dataclass(slots=True)
class Runtime:
    """Timer, tasks, chance and truth. The same seed gives the same delays and the same pins."""

    seed: int = 0
    clock: Clock = field(default_factory=SystemClock)
    wheel: Wheel = field(default_factory=Wheel)
    tasks: Tasks = field(default_factory=lambda: Tasks("simulator"))
    truth: TruthLog = field(default_factory=TruthLog)
    chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311 - repeatable, not secret

    def between(self, span: tuple[float, float]) -> float:
        """Return a random number of seconds within `span`; its lower end when both are equal."""
        low, high = span
        return low if high <= low else self.chance.uniform(low, high)

    async def close(self) -> None:
        """End every timer and task."""
        self.wheel.close()
        await self.tasks.close()
