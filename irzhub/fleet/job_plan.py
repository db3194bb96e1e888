"""In which steps a dangerous change goes over a fleet, and when it stops. Pure: no clock, no store.

A change that can cut modems off for good (server address, APN, passwords, factory reset, standby, firmware) goes
to a few of them first: 5, then 50, then a tenth, then all. The next step waits until those of the present one
have dialled in again and answered something.
"""

import math
from dataclasses import dataclass
from typing import Final

_STEPS: Final = (5, 50)
_SHARE: Final = 0.10


@dataclass(frozen=True, slots=True, kw_only=True)
class Staging:
    """When and how jobs go step by step.

    Args:
        above: a dangerous job for more modems than this needs a second person and goes in steps.
        return_within_s: how long a modem may take to be back.
        lost_percent: of a step's modems; when so many (at least one) failed or are not back, the job stops.
    """

    above: int = 10
    return_within_s: float = 900.0
    lost_percent: float = 2.0

    def is_due(self, is_dangerous: bool, total: int) -> bool:
        """Say whether a job for `total` modems goes in steps and wants approval."""
        return is_dangerous and total > self.above

    def limit(self, size: int) -> int:
        """Return how many lost modems of a step of `size` stop the job."""
        return max(1, math.ceil(size * self.lost_percent / 100))


def plan_steps(total: int, *, in_steps: bool) -> list[int]:
    """Return how many of `total` modems have been begun at the end of each step, rising to `total`."""
    if not in_steps:
        return [total]
    bounds = [*_STEPS, max(math.ceil(total * _SHARE), _STEPS[-1])]
    return [*sorted({bound for bound in bounds if bound < total}), total]
