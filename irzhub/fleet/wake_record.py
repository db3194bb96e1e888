"""One wake that is under way: who wants it, for how long, how far it is, and the row that remembers it."""

import asyncio
import contextlib
import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from irzhub.config.wake import WakeLadder
from irzhub.core.clock import Clock, format_time
from irzhub.core.services import WakeOutcome
from irzhub.core.ulid import new_ulid
from irzhub.fleet.wake_states import Climb, Step, StepKind
from irzhub.storage.local import Connection
from irzhub.storage.wakes import WakeRow, save_wake

_BY_HAND: Final = ("rest:", "job:")
_LONGEST_REASON: Final = 100
_LONGEST_ERROR: Final = 1000


def is_by_hand(reason: str) -> bool:
    """Say whether a person asked, who need not wait after an earlier failure."""
    return reason.startswith(_BY_HAND)


def goes_first(reason: str) -> bool:
    """Say whether a person asked for this very modem, and waits for it."""
    return reason.startswith(_BY_HAND[0])


@dataclass(slots=True, eq=False)
class Wake:
    """One wake; for all who ask for its modem meanwhile.

    Args:
        until: monotonic time after which nobody waits for it. done: how it ended, for all who asked.
        began: monotonic time of its first step, None before its turn. arrived: the modem is there.
    """

    ladder: WakeLadder
    climb: Climb
    row: WakeRow
    until: float
    done: "asyncio.Future[WakeOutcome]"
    began: float | None = None
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def modem(self) -> str:
        """Which modem it is."""
        return self.row.modem

    @property
    def reason(self) -> str:
        """Who asked first."""
        return self.row.reason

    async def came_within(self, seconds: float) -> bool:
        """Wait for the modem; say whether it came."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.arrived.wait(), seconds)
        return self.arrived.is_set()

    def spend(self, kind: StepKind) -> Callable[[Connection], None]:
        """Count a call or an SMS; return what stores it."""
        return self.note(calls=self.row.calls + (kind == "call"), sms=self.row.sms + (kind == "sms"))

    def note(self, **changes: Any) -> Callable[[Connection], None]:
        """Bring the row up to how far the climb is; return what stores it."""
        steps = [
            {"step": each.step, "at": format_time(each.at), "error": each.error and each.error[:_LONGEST_ERROR]}
            for each in self.climb.traces
        ]
        row = self.row = dataclasses.replace(self.row, steps=steps, **changes)
        if row.error is not None:
            row = self.row = dataclasses.replace(row, error=row.error[:_LONGEST_ERROR])
        return lambda conn: save_wake(conn, row)


def new_wake(modem: str, reason: str, ladder: WakeLadder, steps: Sequence[Step], clock: Clock) -> Wake:
    """Return a wake that nobody waits for yet; needs a running loop."""
    now = clock.now()
    row = WakeRow(
        id=new_ulid(int(now.timestamp() * 1000)),
        modem=modem,
        reason=reason[:_LONGEST_REASON],
        status="waking",
        started_at=now,
    )
    done: asyncio.Future[WakeOutcome] = asyncio.get_running_loop().create_future()
    return Wake(ladder=ladder, climb=Climb(steps), row=row, until=clock.monotonic(), done=done)
