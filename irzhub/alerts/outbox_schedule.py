"""When a message is tried again on its channel, how long an attempt may take, and how many go at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

MINUTE: Final = 60.0
QUICK_S: Final = 0.5
LONGEST_WAIT_S: Final = 3600.0
"""However long a receiver asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelPlan:
    """How one channel is used.

    Args:
        retry_s: pauses before the next attempts after one that came to nothing; the last one repeats.
        attempts: how many in all, None: until the message expires.
        unknown_s: pause before the repeat of an attempt whose end is not known, None: it is not repeated.
        unknown_repeats_once: a second unknown end is the last word (people are told once more at the most).
        timeout_s: after this an attempt counts as one whose end is not known.
        concurrency: attempts at once.
        quick_concurrency: the same while attempts end within `QUICK_S`: with many at once the disk is asked less
            often, and a crash leaves few in doubt that a slow modem has not come to.
    """

    retry_s: tuple[float, ...]
    attempts: int | None = None
    unknown_s: float | None
    unknown_repeats_once: bool = False
    timeout_s: float
    concurrency: int = 1
    quick_concurrency: int = 1

    def room(self, last_took_s: float) -> int:
        """Return how many attempts may go at once after one that took so long."""
        return max(self.concurrency, self.quick_concurrency if last_took_s < QUICK_S else 0)

    def pause_s(self, attempts: int) -> float | None:
        """Return the pause after so many attempts, None when there is no further one."""
        if self.attempts is not None and attempts >= self.attempts:
            return None
        return self.retry_s[min(max(attempts, 1), len(self.retry_s)) - 1]


_QUICK: Final = (5.0, 15.0, MINUTE, 5 * MINUTE, 15 * MINUTE, 60 * MINUTE)

PLANS: Final[Mapping[str, ChannelPlan]] = MappingProxyType(
    {
        # An SMS costs and wakes: what may have left is repeated once. The modem's own ladder has its time in between.
        "sms": ChannelPlan(
            retry_s=(10.0, 30.0, MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE),
            unknown_s=120.0,
            unknown_repeats_once=True,
            timeout_s=300.0,
            concurrency=4,
            quick_concurrency=16,
        ),
        "call": ChannelPlan(
            retry_s=(30.0, MINUTE, 3 * MINUTE), attempts=4, unknown_s=None, timeout_s=180.0, concurrency=1
        ),
        # A mail that is sent again carries the same Message-ID: the receiver's program drops the repeat.
        "email": ChannelPlan(
            retry_s=(MINUTE, 2 * MINUTE, 5 * MINUTE, 15 * MINUTE, 30 * MINUTE, 60 * MINUTE),
            unknown_s=MINUTE,
            timeout_s=600.0,
            concurrency=4,
        ),
        "telegram": ChannelPlan(retry_s=_QUICK, unknown_s=15.0, timeout_s=60.0, concurrency=4),
        "webhook": ChannelPlan(retry_s=_QUICK, unknown_s=5.0, timeout_s=60.0, concurrency=8),
        "mqtt": ChannelPlan(retry_s=_QUICK, unknown_s=5.0, timeout_s=30.0, concurrency=8),
    }
)

RANKS: Final[Mapping[str, int]] = MappingProxyType({"alarm": 0, "warning": 1, "info": 2})
"""What goes first: the lower number."""
